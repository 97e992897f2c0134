import type { Random } from '#lib/core/random.ts';

/** The platform's cryptographic generator. */
export const systemRandom: Random = {
	bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};
