// Statements and entries: the bytes that count, in their one canonical form (RFC 8785, narrowed).

const GRAMMAR = Object.entries(MEMBERS).map(([name, pattern]) => [name, new RegExp(`^(?:${pattern})$`)]);
const PREFIX = new RegExp(`^\\{"recorded_at":"(${MEMBERS.time})","signature":"([A-Za-z0-9+/]{1,1024}={0,2})","statement":`);
const days = new Map();
function isDay(text) {
  if (!days.has(text)) {
    const isReal = !isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
    days.set(text, isReal && text >= FIRST && text <= LAST);
  }
  return days.get(text);
}
const NAME = /^[a-z][a-z0-9_]{0,39}$/, COMMITMENT = /^[\w-]{42}[AEIMQUYcgkosw048]$/;
function canonical(value, pointer, depth, sealed) {  // what the form excludes is refused
  // JSON.parse takes half a character that is written as an escape.
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value) ? fail('it holds half a character') : JSON.stringify(value);
  if (Number.isSafeInteger(value) || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null || depth > 8) fail('it holds what no statement may hold');
  if (Array.isArray(value)) return `[${value.map((item, n) => canonical(item, `${pointer}/${n}`, depth + 1, sealed))}]`;
  const members = Object.keys(value).sort();
  if (members.includes('sealed')) {
    if (members.length > 1 || typeof value.sealed !== 'string' || !COMMITMENT.test(value.sealed)) fail('a sealed field is malformed');
    sealed.push([pointer, value.sealed]);
  }
  if (!members.every(name => NAME.test(name))) fail('it holds a malformed member');
  return `{${members.map(name => `"${name}":${canonical(value[name], `${pointer}/${name}`, depth + 1, sealed)}`)}}`;
}
function readStatement(bytes) {
  if (bytes.length > 60000) fail('it is too long');
  const text = decode(bytes), sealed = [];
  let said;
  try { said = JSON.parse(text); } catch { fail('it is not JSON'); }
  if (canonical(said, '', 1, sealed) !== text) fail('it is not in canonical form');
  if (Object.keys(said).join() !== ['data', ...Object.keys(MEMBERS)].sort().join()) fail('its members are not those of format 1');
  for (const [name, pattern] of GRAMMAR) if (typeof said[name] !== 'string' || !pattern.test(said[name])) fail(`its ${name} is malformed`);
  if (said.source.length > 100) fail('its source is malformed');
  if (typeof said.data !== 'object' || Array.isArray(said.data)) fail('its data is malformed');
  if (!isDay(said.occurredon) || !isDay(said.time.slice(0, 10))) fail('it names a day that is in no calendar, or out of range');
  return { ...said, sealed };
}
function readEntry(line) {
  const [prefix, recorded, signature] = PREFIX.exec(ascii(line.subarray(0, 1200))) ?? fail('it is no entry of format 1');
  if (line.length > 65535 || line.at(-1) !== 0x7d || !isDay(recorded.slice(0, 10))) fail('it is no entry of format 1');
  const bytes = line.subarray(prefix.length, -1);
  return { recorded, signature, bytes, said: readStatement(bytes) };
}
