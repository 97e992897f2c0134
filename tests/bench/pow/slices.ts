/** Something that hashes. */
export interface Contestant {
	readonly name: string;
	/** Does about `hashes` of work and returns how many they were. */
	readonly run: (hashes: number) => number;
}

/** Rates in million hashes a second. */
export interface Rates {
	readonly best: number;
	readonly median: number;
}

/** Length of a slice on a quiet machine, ms: short enough that some slices of each meet one. */
const sliceMs = 8;
/** Shorter ones are not counted: a browser's clock ticks every 0.1 ms. */
const leastMs = 5;
const firstHashes = 2_000;

/**
 * Runs contestants in turns of short slices. Other work on the machine disturbs all alike, and the best slice of each
 * is compared: what the code can do, not what the machine had left.
 */
export class SliceRace {
	readonly #entrants: { readonly contestant: Contestant; hashes: number; readonly rates: number[] }[];

	constructor(contestants: readonly Contestant[]) {
		this.#entrants = contestants.map((contestant) => ({ contestant, hashes: firstHashes, rates: [] }));
	}

	run(rounds: number): void {
		for (let round = 0; round < rounds; round++) {
			for (const entrant of this.#entrants) {
				const began = performance.now();
				const hashes = entrant.contestant.run(entrant.hashes);
				const ms = performance.now() - began;
				if (ms >= leastMs) entrant.rates.push(hashes / ms / 1_000);
				// Towards the fastest so far; a slice that was held up says nothing about the next.
				else entrant.hashes = Math.round(entrant.hashes * Math.min(8, sliceMs / Math.max(ms, 0.1)));
			}
		}
	}

	rates(): Record<string, Rates> {
		return Object.fromEntries(
			this.#entrants.map(({ contestant, rates }) => [contestant.name, summary(rates)]),
		);
	}
}

export function summary(rates: readonly number[]): Rates {
	const sorted = rates.toSorted((a, b) => a - b);
	return { best: sorted.at(-1) ?? 0, median: sorted[sorted.length >> 1] ?? 0 };
}
