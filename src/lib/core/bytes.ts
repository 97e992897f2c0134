import type { Bytes, Hex } from './brand.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Longest text, in UTF-16 units, for which a plain loop beats the call into the platform's encoder. */
const shortText = 48;

export function utf8(text: string): Bytes {
	if (text.length > shortText) return encoder.encode(text);
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code > 0x7f) return encoder.encode(text);
		bytes[i] = code;
	}
	return bytes;
}

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

/** Value of each lower-case hex digit by its character code, and 16 for other characters. */
const digits = Uint8Array.from({ length: 128 }, (_, code) => {
	const value = '0123456789abcdef'.indexOf(String.fromCharCode(code));
	return value < 0 ? 16 : value;
});
const digit = (code: number): number => digits[code] ?? 16;

/** Parses hex; `undefined` when it is not `length` bytes of lower-case hex. */
export function fromHex(hex: string, length = hex.length / 2): Bytes | undefined {
	if (!Number.isInteger(length) || hex.length !== length * 2) return undefined;
	const bytes = new Uint8Array(length);
	return putHex(bytes, 0, hex) ? bytes : undefined;
}

/** Writes the bytes of `hex` at `at`; false when it is not pairs of lower-case hex digits, and then they are junk. */
export function putHex(bytes: Uint8Array, at: number, hex: string): boolean {
	let largest = 0;
	for (let i = 0; i < hex.length; i += 2) {
		const high = digit(hex.charCodeAt(i));
		const low = digit(hex.charCodeAt(i + 1));
		largest |= high | low;
		bytes[at + (i >> 1)] = (high << 4) | low;
	}
	return largest < 16;
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
