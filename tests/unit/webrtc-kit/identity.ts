import { publicKey, secretFrom } from '#lib/core/crypto/schnorr.ts';
import type { PublicKey } from '#lib/core/brand.ts';
import type { Identity } from '#lib/webrtc/ports.ts';
import { seededRandom } from './random.ts';

/** A key made from a number, the same in every run. */
export function identityOf(seed: number): Identity & { readonly id: PublicKey } {
	const secret = secretFrom(seededRandom(seed).bytes(48));
	return { id: publicKey(secret), secret };
}
