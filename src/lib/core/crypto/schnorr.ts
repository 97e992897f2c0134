import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { getPublicKey, getSharedSecret, hashes, schnorr, utils } from '@noble/secp256k1';
import type { Brand, Bytes, Hex, PeerId, PublicKey } from '../brand.ts';
import { concat, fromHex, toHex, hexBytes } from '../bytes.ts';

hashes.sha256 = sha256;
hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);

/** 32-byte secp256k1 scalar in [1, n). */
export type SecretKey = Brand<Bytes, 'SecretKey'>;

/** x-only public key (32 bytes, BIP-340) of a secret key: a tab's id or a job's or offer's key, as its owner uses it. */
export const publicKey = (secret: SecretKey): PublicKey & PeerId =>
	toHex(schnorr.getPublicKey(secret)) as PublicKey & PeerId;

/** Compressed public key (33 bytes, SEC 1) of a secret key, for ECDH. */
export const compressedKey = (secret: SecretKey): Bytes => new Uint8Array(getPublicKey(secret, true));

/** Maps 48 uniform bytes to a scalar without bias (FIPS 186-5 A.2.1); deterministic for derived keys. */
export const secretFrom = (uniform48: Bytes): SecretKey =>
	new Uint8Array(utils.randomSecretKey(uniform48)) as SecretKey;

/** BIP-340 signature (64 bytes). Deterministic: the auxiliary randomness is zero, so a re-sent message is identical. */
export const sign = (message: Bytes, secret: SecretKey): Bytes =>
	new Uint8Array(schnorr.sign(message, secret, new Uint8Array(32)));

/** BIP-340 verification; false for malformed keys and signatures too. */
export function verify(signature: Bytes, message: Bytes, key: Hex): boolean {
	const bytes = fromHex(key, 32);
	if (!bytes || signature.length !== 64) return false;
	try {
		return schnorr.verify(signature, message, bytes);
	} catch {
		return false;
	}
}

/** Verification as a port: a simulator may remember results, a tab may use WASM. */
export type Verifier = typeof verify;

/** Compressed ECDH point (33 bytes) with a compressed key; undefined when the key is not on the curve. */
export function sharedPoint(secret: SecretKey, compressed: Uint8Array): Bytes | undefined {
	try {
		return new Uint8Array(getSharedSecret(secret, compressed, true));
	} catch {
		return undefined;
	}
}

/** The compressed form of an x-only key: even y, as BIP-340 lifts it. */
export const lift = (key: Hex): Bytes => concat(new Uint8Array([2]), hexBytes(key));
