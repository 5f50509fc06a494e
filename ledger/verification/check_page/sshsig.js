// SSH signatures (OpenSSH PROTOCOL.sshsig), narrowed as the record narrows them.

const PLAIN = 'ssh-ed25519', SECURITY = 'sk-ssh-ed25519@openssh.com', MAGIC = 'SSHSIG\0\0\0\x01';
function reader(bytes) {
  let at = 0;
  const take = size => {
    if (size > bytes.length - at) fail('it ends too early');
    at += size;
    return bytes.subarray(at - size, at);
  };
  const string = () => take(take(4).reduce((n, byte) => n * 256 + byte, 0));
  const sized = size => {
    const got = string();
    return got.length === size ? got : fail('it has a wrong length');
  };
  return { take, string, sized, end: () => at === bytes.length || fail('it goes on after its end') };
}
const wire = bytes => join(Uint8Array.of(0, 0, bytes.length >> 8, bytes.length & 255), bytes);
function publicKey(blob) {
  const from = reader(blob), type = ascii(from.string());
  if (type !== PLAIN && type !== SECURITY) fail('it is by a type of key that the record does not accept');
  const point = from.sized(32), application = type === SECURITY ? from.string() : null;
  if (application && !/^ssh:[ -~]*$/.test(ascii(application))) fail('its security key was not made for SSH');
  from.end();
  return { type, point, application };
}
const names = new Map();
async function fingerprint(point) {  // one point, one name, whatever the type
  const known = hex(point);
  if (!names.has(known)) {
    const digest = await sha256(wire(encode(PLAIN)), wire(point));
    names.set(known, `key:SHA256:${base64(digest).slice(0, 43)}`);
  }
  return names.get(known);
}
async function signer(blob, namespace, message) {  // the key that signed, or a Fault
  const from = reader(blob);
  if (blob.length > 768 || ascii(from.take(10)) !== MAGIC) fail('it is no SSH signature');
  const key = publicKey(from.string());
  if (ascii(from.string()) !== namespace) fail('it was made for another purpose');
  if (from.string().length || ascii(from.string()) !== 'sha512') fail('it is of another form');
  const inner = reader(from.string());
  from.end();
  if (ascii(inner.string()) !== key.type) fail('it is not of its key’s type');
  const raw = inner.sized(64), presence = key.application && inner.take(5);
  inner.end();
  const parts = ['', 'sha512'].map(text => wire(encode(text)));
  let data = join(encode('SSHSIG'), wire(encode(namespace)), ...parts, wire(await sha512(message)));
  if (presence) {
    if (!(presence[0] & 1)) fail('nobody touched the security key');
    data = join(await sha256(key.application), presence, await sha256(data));
  }
  if (!await holds(key.point, raw, data)) fail('it does not hold');
  return fingerprint(key.point);
}
function unarmor(text) {
  const armored = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n$/;
  const lines = (armored.exec(text) ?? fail('it is not as ssh-keygen writes it'))[1].split('\n');
  const last = lines.length - 1;
  if (lines.some((line, n) => (n < last ? line.length !== 70 : !line || line.length > 70))) fail('its lines are of other lengths');
  return unbase64(lines.join(''));
}
