import type { Bytes, MsgId } from '#lib/core/brand.ts';
import { concat, hexBytes } from '#lib/core/bytes.ts';
import { hkdf } from '#lib/core/crypto/hash.ts';
import { secretFrom, type SecretKey } from '#lib/core/crypto/schnorr.ts';

/**
 * Every key of a job or an offer is derived from the persona's 32-byte seed and a salt kept in the record:
 * after a crash the same keys open the same replies and say the same thank-yous, and no key is used twice.
 */
const derive = (seed: Bytes, salt: Bytes, info: string): SecretKey => secretFrom(hkdf(seed, salt, info, 48));

export interface JobKeys {
	/** Signs the job; replies are sealed to it. */
	readonly reply: SecretKey;
	/** Secret `t` behind the job's thank-you key `T`. */
	readonly thankYou: SecretKey;
}

/** Keys of a job I post. `salt`: 16 or more random bytes, fresh for each job. */
export const jobKeys = (seed: Bytes, salt: Bytes): JobKeys => ({
	reply: derive(seed, salt, 'sweet/1/job/reply'),
	thankYou: derive(seed, salt, 'sweet/1/job/thankyou'),
});

export interface OfferKeys {
	/** Secret `e` of the offer: seals the reply and makes its own thank-you secret. */
	readonly ephemeral: SecretKey;
	/** Signs the offer and answers the customer's call. */
	readonly replier: SecretKey;
}

/** Keys of an offer I make to the job `msgId`. `salt`: 16 or more random bytes, fresh for each offer. */
export function offerKeys(seed: Bytes, msgId: MsgId, salt: Bytes): OfferKeys {
	const bound = concat(hexBytes(msgId), salt);
	return {
		ephemeral: derive(seed, bound, 'sweet/1/offer/ephemeral'),
		replier: derive(seed, bound, 'sweet/1/offer/replier'),
	};
}
