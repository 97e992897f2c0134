import type { Millis } from './brand.ts';

/** Time as a port: the tab's clock, or a simulator's. */
export interface Clock {
	/** Wall clock, ms since the Unix epoch. Only ever compared with this node's own times. */
	now(): Millis;
	/** Calls `run` once after `ms`; the returned function cancels it. */
	after(ms: number, run: () => void): () => void;
}
