import type { Random } from '#lib/core/random.ts';
import { createDice } from '../kit/dice.ts';

/** The engine's randomness from a seed: the same seed, the same run. */
export function seededRandom(seed: number): Random {
	const dice = createDice(seed);
	return { bytes: (length) => new Uint8Array(dice.bytes(length)) };
}
