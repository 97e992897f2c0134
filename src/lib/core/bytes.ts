import type { Bytes, Hex } from './brand.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const utf8 = (text: string): Bytes => encoder.encode(text);

/** Decodes UTF-8; `undefined` when the bytes are not well-formed. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
	try {
		return decoder.decode(bytes);
	} catch {
		return undefined;
	}
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): Hex {
	let hex = '';
	for (const byte of bytes) hex += hexOfByte[byte] ?? '';
	return hex;
}

/** Value of a lower-case hex digit's character code, or 16 for any other character. */
function digit(code: number): number {
	if (code >= 0x30 && code <= 0x39) return code - 0x30;
	return code >= 0x61 && code <= 0x66 ? code - 0x57 : 16;
}

/** Parses hex; `undefined` when it is not `length` bytes of lower-case hex. */
export function fromHex(hex: string, length = hex.length / 2): Bytes | undefined {
	if (!Number.isInteger(length) || hex.length !== length * 2) return undefined;
	const bytes = new Uint8Array(length);
	for (let i = 0; i < length; i++) {
		const high = digit(hex.charCodeAt(2 * i));
		const low = digit(hex.charCodeAt(2 * i + 1));
		if (high > 15 || low > 15) return undefined;
		bytes[i] = high * 16 + low;
	}
	return bytes;
}

/** Hex already checked by its type (an id made by this program); throws on a programming error. */
export function hexBytes(hex: Hex): Bytes {
	const bytes = fromHex(hex);
	if (!bytes) throw new Error('not hex');
	return bytes;
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let offset = 0;
	for (const part of parts) {
		out.set(part, offset);
		offset += part.length;
	}
	return out;
}

/** Compares without an early exit, so that timing does not tell where two secrets differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
	return difference === 0;
}
