import { powSchemes, sha256Scheme, type PowScheme, type PowSchemes } from '#lib/pow/schemes.ts';
import type { Solver } from './effects.ts';

/** A way to prove work, and who solves it here. */
export interface SolvedScheme {
	readonly scheme: PowScheme;
	readonly solver: Solver;
}

/** What this node can prove and check: `more`, the most wanted first, and `sha256` by its own pool. */
export function workSchemes(
	more: readonly SolvedScheme[],
	pool: Solver,
): { readonly schemes: PowSchemes; readonly solvers: ReadonlyMap<string, Solver> } {
	const all = [...more, { scheme: sha256Scheme, solver: pool }];
	return {
		schemes: powSchemes(all.map(({ scheme }) => scheme)),
		solvers: new Map(all.map(({ scheme, solver }) => [scheme.name, solver])),
	};
}
