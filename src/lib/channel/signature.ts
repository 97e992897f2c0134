import { Point, recoverPublicKey, sign as ecdsa } from '@noble/secp256k1';
import type { Bytes } from '#lib/core/brand.ts';
import { concat } from '#lib/core/bytes.ts';
import { compressedKey, type SecretKey } from '#lib/core/crypto/schnorr.ts';
import { bytes0x, hex0x, keccak, type Address, type Word } from './address.ts';

/** Compact secp256k1 signature (EIP-2098): `vs` is `s` with the parity of `y` in its top bit. */
export interface Signature {
	readonly r: Word;
	readonly vs: Word;
}

/** What a party sends in place of its own signature when it sends the transaction itself. */
export const noSignature: Signature = { r: `0x${'0'.repeat(64)}`, vs: `0x${'0'.repeat(64)}` };

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** Last 20 bytes of the hash of the uncompressed point, as everywhere on EVM chains. */
const addressOfKey = (compressed: Uint8Array): Address =>
	hex0x(keccak(Point.fromBytes(compressed).toBytes(false).subarray(1)).subarray(12)) as Address;

/** The address a secret key signs for. */
export const addressOf = (secret: SecretKey): Address => addressOfKey(compressedKey(secret));

/** Signs a digest. Deterministic (RFC 6979) with low `s`: a message that is sent again is the same bytes. */
export function signDigest(digest: Bytes, secret: SecretKey): Signature {
	const [recovery = 0, ...rs] = ecdsa(digest, secret, { prehash: false, format: 'recovered' });
	const s = new Uint8Array(rs.slice(32));
	s[0] = (s[0] ?? 0) | (recovery << 7);
	return { r: hex0x(new Uint8Array(rs.slice(0, 32))), vs: hex0x(s) };
}

/** Who signed the digest; `undefined` for what the contract would not take either: malformed, high `s`, no point. */
export function recoverSigner(digest: Bytes, signature: Signature): Address | undefined {
	const r = bytes0x(signature.r, 32);
	const vs = bytes0x(signature.vs, 32);
	if (!r || !vs) return undefined;
	const parity = (vs[0] ?? 0) >> 7;
	vs[0] = (vs[0] ?? 0) & 0x7f;
	if (BigInt(hex0x(vs)) > halfOrder) return undefined;
	try {
		const key = recoverPublicKey(concat(new Uint8Array([parity]), r, vs), digest, { prehash: false });
		return addressOfKey(key);
	} catch {
		return undefined;
	}
}

/** Turns the 65 bytes a wallet answers with (r, s, v of 27 or 28, or 0 or 1) into the compact form. */
export function compactSignature(wallet: string): Signature | undefined {
	const bytes = bytes0x(wallet, 65);
	if (!bytes) return undefined;
	const v = bytes[64] ?? 0;
	const parity = v >= 27 ? v - 27 : v;
	const s = bytes.slice(32, 64);
	if (parity > 1 || BigInt(hex0x(s)) > halfOrder) return undefined;
	s[0] = (s[0] ?? 0) | (parity << 7);
	return { r: hex0x(bytes.subarray(0, 32)), vs: hex0x(s) };
}
