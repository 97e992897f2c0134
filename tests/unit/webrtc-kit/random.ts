import type { Random } from '#lib/core/random.ts';

/** Reproducible bytes (mulberry32). Not for keys of anybody real. */
export function seededRandom(seed: number): Random {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return (t ^ (t >>> 14)) >>> 24;
	};
	return { bytes: (length) => Uint8Array.from({ length }, next) };
}
