import type { Hex } from '#lib/core/brand.ts';
import { fromHex, toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';

/** Whether a wallet's receipt is one: the secret whose SHA-256 is the payment hash. */
export function isPreimage(preimage: Hex, hash: Hex): boolean {
	const bytes = fromHex(preimage, 32);
	return bytes !== undefined && toHex(sha256(bytes)) === hash;
}
