import type { Bytes, Millis } from '#lib/core/brand.ts';
import { largestDigest, preimageOf, proofOf, subPuzzles, type Solution } from '../scheme.ts';
import { isSolved } from '../verify.ts';
import type { Assignment } from './protocol.ts';

export interface PowJob {
	/** Names the job in `cancel`; unique among the jobs not yet finished. */
	readonly id: string;
	readonly seed: Bytes;
	/** Expected hashes; 0 = an empty proof. */
	readonly complexity: number;
	/** When the proof is worth nothing any more. */
	readonly deadline?: Millis;
	/** Sub-puzzles solved before a restart; each is checked again. */
	readonly solved?: readonly Solution[];
	/** How often the job was begun anew: then other nonces are tried than before. */
	readonly restarts?: number;
	/** Lower goes first, and interrupts others; 0 unless said otherwise. */
	readonly priority?: number;
}

export interface PowProgress {
	/** Sub-puzzles solved, of 16. */
	readonly solved: number;
	/** Tried so far. */
	readonly hashes: number;
	/** What to keep for a restart. */
	readonly solutions: readonly Solution[];
}

/** Nonces kept apart for one solver on one sub-puzzle: more than it can ever try. */
const stripe = 2 ** 36;
/** Stripes between one start of a job and the next, and starts until they are used again: 2^53 nonces in all. */
const stripesOfStart = 2 ** 12;
const startsKeptApart = 2 ** 5;

/** One sub-puzzle of a job under way. */
export interface Puzzle {
	readonly preimage: Bytes;
	nonce: number | undefined;
	/** Stripes of nonces handed out. */
	stripes: number;
}

/** A job under way: which sub-puzzles are open, and where the next solver begins on each. */
export class RunningJob {
	readonly job: PowJob;
	readonly puzzles: readonly Puzzle[];
	readonly #limit: Bytes;
	hashes = 0;

	constructor(job: PowJob) {
		this.job = job;
		this.#limit = largestDigest(Math.max(1, job.complexity));
		const known = (job.solved ?? []).filter((solution) => isSolved(job.seed, job.complexity, solution));
		const start = (job.restarts ?? 0) % startsKeptApart;
		this.puzzles = Array.from({ length: subPuzzles }, (_, index) => ({
			preimage: preimageOf(job.seed, index),
			nonce: known.find((solution) => solution.index === index)?.nonce,
			stripes: start * stripesOfStart,
		}));
	}

	get open(): readonly Puzzle[] {
		return this.puzzles.filter(({ nonce }) => nonce === undefined);
	}

	get progress(): PowProgress {
		const solutions = this.puzzles.flatMap(({ nonce }, index) =>
			nonce === undefined ? [] : [{ index, nonce }],
		);
		return { solved: solutions.length, hashes: this.hashes, solutions };
	}

	/** The proof, once every sub-puzzle is solved. */
	get proof(): Bytes | undefined {
		if (this.job.complexity === 0) return new Uint8Array(0);
		const { solved, solutions } = this.progress;
		return solved === subPuzzles ? proofOf(solutions) : undefined;
	}

	/** A stretch of nonces nobody else tries. */
	assignment(puzzle: Puzzle, task: number): Assignment {
		const start = puzzle.stripes++ * stripe;
		return { type: 'scan', task, preimage: puzzle.preimage, limit: this.#limit, start };
	}
}
