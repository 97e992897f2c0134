import type { Millis } from '#lib/core/brand.ts';

/** Lets `burst` things through at once and `perSecond` in the long run. */
export interface TokenBucket {
	take(now: Millis): boolean;
}

export function createTokenBucket(burst: number, perSecond: number): TokenBucket {
	let tokens = burst;
	let last: Millis | undefined;
	return {
		take(now) {
			// A clock set back gives nothing, and takes nothing away.
			tokens = Math.min(burst, tokens + (Math.max(0, now - (last ?? now)) * perSecond) / 1_000);
			last = now;
			if (tokens < 1) return false;
			tokens--;
			return true;
		},
	};
}
