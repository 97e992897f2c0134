import type { Measured } from '../figures.ts';
import type { ModuleBytes } from '../contestants.ts';

/** What the benchmark asks of the Worker. */
interface Questions {
	/** Modules as base64: what crosses from Node to a page is text. */
	prepare: { readonly ask: Readonly<Record<keyof ModuleBytes, string>>; readonly answer: null };
	run: { readonly ask: number; readonly answer: null };
	finish: { readonly ask: null; readonly answer: Measured };
}

export type Question = {
	[K in keyof Questions]: { readonly kind: K; readonly ask: Questions[K]['ask'] };
}[keyof Questions];
export type Answer = { readonly answer: Questions[keyof Questions]['answer'] } | { readonly error: string };

/** How the app's own pool behaves in this page. */
export interface PageFigures {
	/** Million hashes a second of all solvers together. */
	readonly poolMHs: number;
	/** From telling a solver to stop until it has: 19 of 20 take at most this, ms. */
	readonly cancelMs: number;
	/** Tasks of more than 50 ms on the page's thread while proofs were solved. */
	readonly longTasks: number;
}

declare global {
	var ask: (question: Question) => Promise<unknown>;
	var measurePool: () => Promise<PageFigures>;
}
