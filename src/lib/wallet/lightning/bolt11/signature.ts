import { recoverPublicKey, sign } from '@noble/secp256k1';
import type { Bytes, Hex } from '#lib/core/brand.ts';
import { concat, toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { compressedKey, type SecretKey } from '#lib/core/crypto/schnorr.ts';
import { bytesToWords, wordsToBytes } from './words.ts';

/** What an invoice's signature covers: its prefix, then its data filled up to whole bytes with zero bits. */
function digest(prefix: string, data: readonly number[]): Bytes {
	const padded = [...data, 0, 0];
	const bytes = wordsToBytes(padded).subarray(0, Math.ceil((data.length * 5) / 8));
	return sha256(concat(utf8(prefix), bytes));
}

/**
 * Node key that signed the invoice; undefined when nobody can have. High `s` is allowed, as BOLT 11 says.
 *
 * @param data everything between separator and signature, 5-bit words. @param signature its 104 words.
 */
export function recoverPayee(
	prefix: string,
	data: readonly number[],
	signature: readonly number[],
): Hex | undefined {
	const bytes = wordsToBytes(signature);
	const recovery = bytes[64];
	if (bytes.length !== 65 || recovery === undefined || recovery > 3) return undefined;
	try {
		const given = concat(new Uint8Array([recovery]), bytes.subarray(0, 64));
		return toHex(recoverPublicKey(given, digest(prefix, data), { prehash: false }));
	} catch {
		return undefined;
	}
}

/** Signs an invoice's data; @returns the 104 words at its end. */
export function signData(prefix: string, data: readonly number[], node: SecretKey): number[] {
	const [recovery = 0, ...rs] = sign(digest(prefix, data), node, { prehash: false, format: 'recovered' });
	return bytesToWords(new Uint8Array([...rs, recovery]));
}

export const nodeKey = (node: SecretKey): Hex => toHex(compressedKey(node));
