import type { Bytes } from '#lib/core/brand.ts';

/** Seeded randomness for tests: the same seed, the same run, in every engine. */
export interface Dice {
	/** Integer in [0, bound). */
	below(bound: number): number;
	pick<T>(items: readonly T[]): T;
	bytes(length: number): Bytes;
}

/** Mulberry32: 32 bits of state, integer arithmetic only. */
export function createDice(seed: number): Dice {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b_79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return (t ^ (t >>> 14)) >>> 0;
	};
	const below = (bound: number): number => Math.floor((next() / 0x1_0000_0000) * bound);
	return {
		below,
		pick: (items) => items[below(items.length)]!,
		bytes: (length) => Uint8Array.from({ length }, () => below(256)),
	};
}
