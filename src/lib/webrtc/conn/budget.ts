import type { Clock } from '#lib/core/clock.ts';
import type { Millis } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import type { ConnError } from '../ports.ts';

export const budgetLimits = {
	/** Connections being opened at once: ICE of many at a time starve each other on a phone. */
	inFlight: 4,
	/** Chromium allows 500 connections a page and counts closed ones until they are collected. */
	perMinute: 60,
	/** How many of a minute's may come at once, when a tab joins. */
	burst: 16,
	/** First wait after the browser refused to construct one; doubles up to the most, ms. */
	backoffMs: 5_000,
	mostBackoffMs: 120_000,
} as const;

/** Keeps a page within what its browser bears: few connections opening at once, few a minute, none while it refuses. */
export class ConnBudget {
	readonly #clock: Clock;
	readonly #rate: TokenBucket;
	#opening = 0;
	#backoff: number = budgetLimits.backoffMs;
	#closedUntil: Millis = 0;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#rate = new TokenBucket(budgetLimits.perMinute / 60, budgetLimits.burst, clock.now());
	}

	/** Permission for one connection; the value is called once it is open or given up. */
	request(): Result<() => void, ConnError> {
		const refuse = (detail: string) => err({ type: 'conn', code: 'budget', detail } as const);
		const now = this.#clock.now();
		if (now < this.#closedUntil) return refuse('the browser refused to make connections a moment ago');
		if (this.#opening >= budgetLimits.inFlight) return refuse(`${this.#opening} connections are opening`);
		if (!this.#rate.take(now)) return refuse('too many connections this minute');
		this.#opening += 1;
		let settled = false;
		return ok(() => {
			if (!settled) this.#opening -= 1;
			settled = true;
		});
	}

	/** The browser could not construct a connection: its limit is reached until it has collected closed ones. */
	refused(): void {
		this.#closedUntil = this.#clock.now() + this.#backoff;
		this.#backoff = Math.min(budgetLimits.mostBackoffMs, this.#backoff * 2);
	}

	/** The browser constructed one: the next refusal waits for the first step again. */
	constructed(): void {
		this.#backoff = budgetLimits.backoffMs;
	}
}
