// The tree (RFC 6962), proofs (RFC 9162, C2SP tlog-proof) and signed notes (C2SP tlog-checkpoint).

const leafHash = line => sha256(Uint8Array.of(0), line);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);
async function treeOf(leaves, tell) {  // a function that tells the root of any first n entries
  const levels = [leaves];
  for (let last = leaves; last.length > 1; levels.push(last)) {
    const from = last, pairs = Array(from.length >> 1).fill(0);
    last = await inTurns(pairs, (_, n) => nodeHash(from[2 * n], from[2 * n + 1]), tell);
  }
  return async size => {
    let root = null;
    for (let level = 0; size >> level; level++) {
      if (!(size >> level & 1)) continue;
      const left = levels[level][(size >> level) - 1];
      root = root ? await nodeHash(left, root) : left;
    }
    return root ?? sha256(new Uint8Array());
  };
}
async function rootByProof(text, index, size, leaf) {  // RFC 9162, 2.1.3.2
  const [header, place, ...path] = text.split('\n\n')[0].split('\n');
  if (header !== 'c2sp.org/tlog-proof@v1' || place !== `index ${index}` || index >= size) fail('its proof is of another place');
  let [at, last, root] = [index, size - 1, leaf];
  for (const step of path.map(unbase64)) {
    if (step.length !== 32 || last === 0) fail('its proof is malformed');
    if (at % 2 || at === last) {
      root = await nodeHash(step, root);
      while (!(at % 2) && at) [at, last] = [at / 2, Math.floor(last / 2)];
    } else root = await nodeHash(root, step);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : fail('its proof ends too early');
}
async function readLogKey(text) {
  const [, name, id, key] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text) ?? fail('the log key is malformed');
  const bytes = unbase64(key), named = await sha256(encode(`${name}\n`), bytes);
  if (bytes.length !== 33 || bytes[0] !== 1 || hex(named.subarray(0, 4)) !== id) fail('the log key is malformed');
  return { name, id: named.subarray(0, 4), point: bytes.subarray(1) };
}
async function openCheckpoint(note, logKey) {
  const cut = note.lastIndexOf('\n\n'), body = note.slice(0, cut + 1), key = await readLogKey(logKey);
  const lines = note.slice(cut + 2).split('\n');
  if (cut < 0 || lines.pop() !== '') fail('it is no signed note');
  const own = lines.map(line => /^— (\S+) (\S+)$/.exec(line) ?? fail('it is no signed note'))
    .map(([, name, value]) => [name, unbase64(value)])
    .filter(([name, value]) => name === key.name && same(value.subarray(0, 4), key.id));
  if (!own.length) fail('the log has not signed it with the key that counts');
  for (const [, value] of own) {
    if (value.length !== 68 || !await holds(key.point, value.subarray(4), encode(body))) fail('the log’s signature does not hold');
  }
  const [, origin, size, root] = /^([^\n]+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n$/.exec(body) ?? fail('it is no checkpoint');
  return { origin, size: Number(size), root: unbase64(root) };
}
function readCard(text) {
  const line = (label, pattern) => {
    const found = [...text.matchAll(new RegExp(`^[ \\t]*${label}[ \\t]+(${pattern})[ \\t]*\\r?$`, 'gm'))];
    return found.length === 1 ? found[0][1] : fail(`the trust card needs one line that says the ${label}`);
  };
  return { origin: line('origin', '[a-z0-9./_-]+'), logKey: line('log key', '\\S+'), leaf: line('leaf 0', '[0-9a-f]{64}') };
}
