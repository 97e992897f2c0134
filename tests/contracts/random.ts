/** Small seeded generator (mulberry32) for tests that must be able to repeat themselves. */
export function seeded(seed: number) {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return (t ^ (t >>> 14)) >>> 0;
	};
	return {
		/** Uniform in [0, bound). */
		below: (bound: number): number => next() % bound,
		/** Uniform bits. */
		bits(count: number): bigint {
			let value = 0n;
			for (let i = 0; i < count; i += 32) value = (value << 32n) | BigInt(next());
			return value & ((1n << BigInt(count)) - 1n);
		},
		pick: <T>(from: readonly T[]): T => from[next() % from.length] as T,
	};
}

export type Seeded = ReturnType<typeof seeded>;
