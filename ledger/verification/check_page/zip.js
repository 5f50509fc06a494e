// Archives (APPNOTE.TXT 6.3.10): read by their table of contents, and refused unless every byte is
// some file's and is told alike in both places, so that no two programs can read two things.

const LARGEST = 2 ** 29, FULL = 0xffffffff;
async function unzip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length), end = bytes.length - 22;
  const u16 = at => view.getUint16(at, true), u32 = at => view.getUint32(at, true);
  if (end < 0 || u32(end) !== 0x06054b50 || u16(end + 20)) fail('it is no zip archive, or was cut short');
  const count = u16(end + 10), start = u32(end + 16), files = new Map();
  if (count === 0xffff || start === FULL) fail('it is too large for this page: use school-ledger verify');
  if (start + u32(end + 12) !== end || u16(end + 8) !== count || u32(end + 4)) fail('something stands beside its files');
  const sizes = (at, where, long, extra) => {  // packed and unpacked, in 64 bits where both are full
    const [packed, size] = [u32(at), u32(at + 4)], more = where + long;
    if (packed !== FULL && size !== FULL) return extra ? fail('it holds more than its files') : [packed, size];
    if (extra !== 20 || u16(more) !== 1 || u16(more + 2) !== 16) fail('its sizes are malformed');
    return [more + 12, more + 4].map(place => Number(view.getBigUint64(place, true)));
  };
  let at = start, expected = 0, total = 0;
  for (let n = 0; n < count; n++) {
    if (at + 46 > end || u32(at) !== 0x02014b50) fail('its table of contents is damaged');
    const [method, long, extra, local] = [u16(at + 10), u16(at + 28), u16(at + 30), u32(at + 42)];
    const raw = bytes.subarray(at + 46, at + 46 + long), name = decode(raw);
    if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(name)) fail('it has a file whose name no pack has');
    if (files.has(name)) fail(`it has two files named ${name}`);
    if (u16(at + 32) || u16(at + 8) & ~0x0800 || (method && method !== 8)) fail(`its ${name} is packed in a way that no pack is`);
    if (local !== expected || local + 30 > start || u32(local) !== 0x04034b50) fail('its files overlap or leave gaps');
    const named = u16(local + 26), more = u16(local + 28);
    const [packed, size] = sizes(at + 20, at + 46, long, extra);
    const told = sizes(local + 18, local + 30, named, more);
    if (told[0] !== packed || told[1] !== size || !same(bytes.subarray(local + 6, local + 18), bytes.subarray(at + 8, at + 20)) || !same(bytes.subarray(local + 30, local + 30 + named), raw)) {
      fail(`it tells of ${name} in two ways`);
    }
    const data = local + 30 + named + more;
    expected = data + packed;
    if (expected > start || (total += size) > LARGEST) fail('it would unpack to too much');
    const part = bytes.subarray(data, expected);
    if (!method && packed !== size) fail(`its ${name} is not as long as it says`);
    let kept;
    files.set(name, () => (kept ??= method ? inflate(part, size, name) : Promise.resolve(part)));
    at += 46 + long + extra;
  }
  if (expected !== start || at !== end) fail('something stands beside its files');
  return files;
}
async function inflate(packed, size, name) {
  const all = new Uint8Array(size);
  const reading = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  let at = 0;
  try {
    for (let got; !(got = await reading.read()).done; at += got.value.length) all.set(got.value, at);
  } catch { fail(`its ${name} is damaged`); }
  return at === size ? all : fail(`its ${name} is not as long as it says`);
}
