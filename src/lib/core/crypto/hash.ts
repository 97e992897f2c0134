import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import type { Bytes } from '../brand.ts';
import { concat, utf8 } from '../bytes.ts';

// A digest is a fresh array each time: there is nothing to copy, only a type to narrow.
export const sha256 = (bytes: Uint8Array): Bytes => nobleSha256(bytes);

export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Bytes =>
	new Uint8Array(hmac(nobleSha256, key, message));

/** HKDF-SHA256 (RFC 5869). */
export const hkdf = (ikm: Uint8Array, salt: Uint8Array, info: string, length: number): Bytes =>
	new Uint8Array(expand(nobleSha256, extract(nobleSha256, ikm, salt), utf8(info), length));

export const hkdfExtract = (ikm: Uint8Array, salt: Uint8Array): Bytes =>
	new Uint8Array(extract(nobleSha256, ikm, salt));

export const hkdfExpand = (prk: Uint8Array, info: Uint8Array, length: number): Bytes =>
	new Uint8Array(expand(nobleSha256, prk, info, length));

/** Tagged hash (BIP-340): SHA-256(SHA-256(tag) || SHA-256(tag) || parts), so that no two uses can meet. */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Bytes {
	const prefix = sha256(utf8(tag));
	return sha256(concat(prefix, prefix, ...parts));
}

/** The tagged hash of one tag that is needed often: what is the same in all of them is hashed once, here. */
export function tagHasher(tag: string): (...parts: readonly Uint8Array[]) => Bytes {
	const prefix = sha256(utf8(tag));
	const begun = nobleSha256.create().update(prefix).update(prefix);
	return (...parts) => {
		const hash = begun.clone();
		for (const part of parts) hash.update(part);
		const digest = new Uint8Array(32);
		hash.digestInto(digest);
		return digest;
	};
}
