import type { Bytes } from '#lib/core/brand.ts';

/** Standard base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
	let binary = '';
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary);
}

/** Parses base64; `undefined` when it is not canonical: `atob` alone would forgive spaces and missing padding. */
export function fromBase64(text: string): Bytes | undefined {
	if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
	return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
