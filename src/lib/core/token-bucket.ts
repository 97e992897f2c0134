import type { Millis } from './brand.ts';

/** A rate with a burst: fills by `perSecond` up to `burst`, each use takes one or more. */
export class TokenBucket {
	readonly #perSecond: number;
	readonly #burst: number;
	#tokens: number;
	#at: Millis;

	constructor(perSecond: number, burst: number, now: Millis) {
		this.#perSecond = perSecond;
		this.#burst = burst;
		this.#tokens = burst;
		this.#at = now;
	}

	/** Tokens there are now. A clock that steps back gives none. */
	available(now: Millis): number {
		const passed = Math.max(0, now - this.#at);
		this.#tokens = Math.min(this.#burst, this.#tokens + (passed * this.#perSecond) / 1_000);
		this.#at = now;
		return this.#tokens;
	}

	/** Takes `count` tokens if they are there. */
	take(now: Millis, count = 1): boolean {
		if (this.available(now) < count) return false;
		this.#tokens -= count;
		return true;
	}

	/** When there will be `count` tokens. */
	readyAt(count: number, now: Millis): Millis {
		return now + Math.max(0, Math.ceil(((count - this.available(now)) * 1_000) / this.#perSecond));
	}
}
