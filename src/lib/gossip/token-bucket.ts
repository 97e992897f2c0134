import type { Millis } from '#lib/core/brand.ts';

/** Allows `rate` a second on average and `capacity` at once. */
export class TokenBucket {
	readonly #capacity: number;
	readonly #perMs: number;
	#tokens: number;
	#at: Millis;

	constructor(perSecond: number, capacity: number, now: Millis) {
		this.#capacity = capacity;
		this.#perMs = perSecond / 1_000;
		this.#tokens = capacity;
		this.#at = now;
	}

	available(now: Millis): number {
		// A clock set back gives nothing and takes nothing.
		this.#tokens = Math.min(this.#capacity, this.#tokens + Math.max(0, now - this.#at) * this.#perMs);
		this.#at = now;
		return this.#tokens;
	}

	/** Takes `cost` tokens if they are there. */
	take(now: Millis, cost = 1): boolean {
		if (this.available(now) < cost) return false;
		this.#tokens -= cost;
		return true;
	}
}
