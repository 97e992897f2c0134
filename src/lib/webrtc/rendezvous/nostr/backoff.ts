import { randomInt, type Random } from '#lib/core/random.ts';

export interface Backoff {
	/** The next wait, ms: longer each time, and never the same for two clients. */
	next(): number;
	reset(): void;
}

/** Waits of `firstMs * 1.7^n` up to `maxMs`, each shortened by up to half so that clients do not return together. */
export function createBackoff(random: Random, firstMs: number, maxMs: number): Backoff {
	let step = firstMs;
	return {
		next() {
			const wait = step;
			step = Math.min(maxMs, step * 1.7);
			return Math.round(wait * (0.5 + randomInt(random, 1_000) / 2_000));
		},
		reset() {
			step = firstMs;
		},
	};
}
