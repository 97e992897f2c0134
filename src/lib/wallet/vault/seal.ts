import type { Bytes } from '#lib/core/brand.ts';
import { utf8 } from '#lib/core/bytes.ts';

/** AES-256-GCM (NIST SP 800-38D) with a fresh random nonce for every sealing. */

/** Bytes of the nonce and of the tag that GCM adds. */
export const nonceBytes = 12;
export const tagBytes = 16;

export interface Sealed {
	readonly nonce: Bytes;
	readonly sealed: Bytes;
}

const algorithm = (nonce: Bytes, about: string) => ({
	name: 'AES-GCM',
	iv: nonce,
	additionalData: utf8(about),
	tagLength: 8 * tagBytes,
});

/** A key that can be used and stored but never read out again, by any script. */
export const importKey = (raw: Bytes): Promise<CryptoKey> =>
	crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);

/** A fresh key: the device's own. Nobody ever sees it, unless what stores it must (`extractable`). */
export const newDeviceKey = (extractable = false): Promise<CryptoKey> =>
	crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, extractable, ['encrypt', 'decrypt']);

/** @param about what the sealed bytes are; opening needs the very same text. */
export async function seal(key: CryptoKey, plain: Uint8Array, about: string): Promise<Sealed> {
	const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
	const sealed = await crypto.subtle.encrypt(algorithm(nonce, about), key, new Uint8Array(plain));
	return { nonce, sealed: new Uint8Array(sealed) };
}

/** `undefined` when the key or `about` is another, or a bit was changed. */
export async function unseal(
	key: CryptoKey,
	{ nonce, sealed }: Sealed,
	about: string,
): Promise<Bytes | undefined> {
	try {
		return new Uint8Array(await crypto.subtle.decrypt(algorithm(nonce, about), key, sealed));
	} catch {
		return undefined;
	}
}
