// Ed25519 (RFC 8032): WebCrypto does the work where there is one. Engines differ on odd points and
// on S ≥ L, so those never reach it; without one the same is computed here, more slowly.

const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = a => ((a %= P) < 0n ? a + P : a);
const pow = (b, e) => {
  let r = 1n;
  for (; e; e >>= 1n, b = b * b % P) if (e & 1n) r = r * b % P;
  return r;
};
const D = mod(-121665n * pow(121666n, P - 2n)), ROOT = pow(2n, (P - 1n) / 4n);
const SMALL = new Set([0n, 1n, P - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n]);
const number = bytes => BigInt('0x' + hex(bytes.slice().reverse()));
const high = bytes => number(bytes) & (2n ** 255n - 1n);
const odd = bytes => high(bytes) >= P || SMALL.has(high(bytes));
const plus = ([x, y, z, t], [X, Y, Z, T]) => {  // 5.1.4
  const a = (y - x) * (Y - X) % P, b = (y + x) * (Y + X) % P;
  const c = 2n * D * t % P * T % P, d = 2n * z * Z % P;
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
};
const NONE = [0n, 1n, 1n, 0n], minus = ([x, y, z, t]) => [P - x, y, z, P - t];
const sum = (m, p, n, q) => {  // m p + n q
  const both = plus(p, q);
  let r = NONE;
  for (let bit = 255n; bit >= 0n; bit--) {
    const [a, b] = [m >> bit & 1n, n >> bit & 1n];
    r = plus(r, r);
    if (a | b) r = plus(r, a & b ? both : a ? p : q);
  }
  return r;
};
const pointOf = bytes => {  // 5.1.3; undefined where there is no such point
  const y = high(bytes), u = mod(y * y - 1n), v = mod(D * y * y + 1n);
  let x = u * pow(v, 3n) % P * pow(u * pow(v, 7n) % P, (P - 5n) / 8n) % P;
  if (mod(v * x * x) !== u) x = x * ROOT % P;
  if (mod(v * x * x) !== u) return undefined;
  if ((x & 1n) !== BigInt(bytes[31] >> 7)) x = P - x;
  return [x, y, 1n, x * y % P];
};
const BASE = pointOf(Uint8Array.of(0x58, ...Array(31).fill(0x66)));
const sound = new Map();
let native = null;
const imported = bytes => crypto.subtle.importKey('raw', bytes, 'Ed25519', true, ['verify']);
async function soundKey(bytes) {  // canonical, on the curve and of prime order, as at enrolment
  const name = hex(bytes);
  if (!sound.has(name)) {
    const point = odd(bytes) ? undefined : pointOf(bytes), multiple = point && sum(L, point, 0n, NONE);
    if (!multiple || multiple[0] !== 0n || multiple[1] !== multiple[2]) fail('it is by a key that is not sound');
    native ??= await imported(bytes).then(() => true, () => false);
    sound.set(name, { point, key: native && await imported(bytes) });
  }
  return sound.get(name);
}
async function holds(publicKey, signature, data) {  // S < L, R not odd, bytes(S B - h A) = R
  const { point, key } = await soundKey(publicKey), r = signature.subarray(0, 32), s = number(signature.subarray(32));
  if (s >= L || odd(r)) return false;
  if (key) return crypto.subtle.verify('Ed25519', key, signature, data);
  const h = number(await sha512(r, publicKey, data)) % L;
  const [X, Y, Z] = sum(s, BASE, h, minus(point)), inverse = pow(Z, P - 2n);
  return number(r) === (Y * inverse % P | (X * inverse % P & 1n) << 255n);
}
