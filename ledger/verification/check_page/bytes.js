// Bytes, texts and digests. Whatever is wrong with a file ends in a Fault, which is a sentence.

class Fault extends Error {}
const fail = what => { throw new Fault(what); };
const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin = new TextDecoder('latin1');
const encode = text => encoder.encode(text);
const ascii = bytes => latin.decode(bytes);  // only to compare with ASCII
const decode = bytes => {
  try { return utf8.decode(bytes); } catch { return fail('it is not UTF-8'); }
};
const join = (...parts) => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
};
const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex = bytes => {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
};
const base64 = bytes => btoa(String.fromCharCode(...bytes));
const unbase64 = text => {  // atob forgives white space and spare bits: what was read is written back
  let read;
  try { read = atob(text); } catch { fail('it is not base64'); }
  if (!text || btoa(read) !== text) fail('it is not canonical base64');
  return Uint8Array.from(read, char => char.charCodeAt(0));
};
const urlSafe = text => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const hash = async (name, ...parts) => new Uint8Array(
  await crypto.subtle.digest(name, parts.length === 1 ? parts[0] : join(...parts)));
const sha256 = (...parts) => hash('SHA-256', ...parts);
const sha512 = (...parts) => hash('SHA-512', ...parts);
const AT_ONCE = 250;
const inTurns = async (items, step, tell) => {  // many at once, yet the page stays alive
  const results = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const turn = items.slice(at, at + AT_ONCE).map((item, n) => step(item, at + n));
    results.push(...await Promise.all(turn));
    tell?.(results.length, items.length);
    await new Promise(done => setTimeout(done));
  }
  return results;
};
