import type { Bytes } from './brand.ts';

/** Randomness as a port: the browser's CSPRNG, or a seeded one in the simulator. */
export interface Random {
	bytes(length: number): Bytes;
}

/** Uniform integer in [0, bound), bound <= 2^32. */
export function randomInt(random: Random, bound: number): number {
	const limit = Math.floor(0x1_0000_0000 / bound) * bound;
	for (;;) {
		const draw = new DataView(random.bytes(4).buffer).getUint32(0);
		if (draw < limit) return draw % bound;
	}
}

/** A new array in random order (Fisher-Yates). */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
	const out = [...items];
	for (let i = out.length - 1; i > 0; i--) {
		const j = randomInt(random, i + 1);
		const a = out[i];
		const b = out[j];
		if (a !== undefined && b !== undefined) [out[i], out[j]] = [b, a];
	}
	return out;
}
