import type { Millis } from './brand.ts';

/** A node this late doubles its waits; later than the most counts as the most; half of it is forgotten after this, ms. */
export const latenessLimits = { unitMs: 250, mostMs: 2_000, halfMs: 2_000 } as const;

/**
 * How far behind its own plans this node runs, because the device is busy or slept. A busy crowd feeds on itself: what
 * comes late is asked for again, and more is answered than anybody reads. So who runs late waits longer for others,
 * asks less often and answers fewer.
 */
export class Lateness {
	#late = 0;
	#at: Millis = 0;

	/** Something meant for `due` happens only `now`. The worst counts, and is forgotten by halves. */
	saw(due: Millis, now: Millis): void {
		this.#late = Math.max(this.#left(now), Math.min(latenessLimits.mostMs, now - due));
		this.#at = now;
	}

	/** By how much plans are stretched: 1 for a node that is in time, 9 for the latest. */
	slack(now: Millis): number {
		return 1 + this.#left(now) / latenessLimits.unitMs;
	}

	#left(now: Millis): number {
		return this.#late * 0.5 ** (Math.max(0, now - this.#at) / latenessLimits.halfMs);
	}
}
