import type { Clock } from '#lib/core/clock.ts';
import { randomInt, type Random } from '#lib/core/random.ts';

/** When to ask the rendezvous for neighbours again. */
export const joinLimits = {
	firstMs: 1_000,
	factor: 1.7,
	/** Also the pace while links are enough to live but fewer than wanted. */
	mostMs: 30_000,
	/** Each wait is stretched by up to this share, so that tabs which lost a relay together do not return together. */
	jitter: 0.3,
} as const;

/** Asks at once when neighbours are needed, then with growing pauses until they are not. */
export class Joiner {
	readonly #clock: Clock;
	readonly #random: Random;
	readonly #ask: () => void;
	#wait: number = joinLimits.firstMs;
	#asked = false;
	#cancel: (() => void) | undefined;

	constructor(clock: Clock, random: Random, ask: () => void) {
		this.#clock = clock;
		this.#random = random;
		this.#ask = ask;
	}

	update(need: 'none' | 'some' | 'urgent'): void {
		if (need === 'none') {
			this.reset();
			return;
		}
		if (this.#cancel) return;
		const wait = this.#asked ? this.#next(need) : 0;
		this.#cancel = this.#clock.after(wait, () => {
			this.#cancel = undefined;
			this.#asked = true;
			this.#ask();
		});
	}

	/** The next need is answered at once. */
	reset(): void {
		this.#cancel?.();
		this.#cancel = undefined;
		this.#asked = false;
		this.#wait = joinLimits.firstMs;
	}

	#next(need: 'some' | 'urgent'): number {
		if (need === 'some') this.#wait = joinLimits.mostMs;
		const stretch = 1 + (joinLimits.jitter * randomInt(this.#random, 1_000)) / 1_000;
		const wait = this.#wait * stretch;
		this.#wait = Math.min(joinLimits.mostMs, this.#wait * joinLimits.factor);
		return wait;
	}
}
