import type { Bytes } from '#lib/core/brand.ts';

/** A stretch of work for one solver; a new one replaces the last. */
export interface Assignment {
	readonly type: 'scan';
	/** Chosen by the pool; comes back in reports. */
	readonly task: number;
	readonly preimage: Bytes;
	readonly limit: Bytes;
	readonly start: number;
}

/** Pool to solver. */
export type ToSolver = Assignment | { readonly type: 'idle' };

/** Solver to pool: work done since its last report, and the nonce if it found one. */
export interface Report {
	readonly task: number;
	readonly hashes: number;
	/** Time spent hashing, ms. */
	readonly ms: number;
	readonly nonce?: number;
}

/** A solver wherever it runs: a Worker of the page, a thread of Node, or this very thread. */
export interface SolverPort {
	post(message: ToSolver): void;
	terminate(): void;
}

export interface SolverEvents {
	readonly onreport: (report: Report) => void;
	/** The solver is gone and will say no more. */
	readonly onfailure: (detail: string) => void;
}

export type SpawnSolver = (events: SolverEvents) => SolverPort;
