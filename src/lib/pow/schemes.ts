import type { Bytes } from '#lib/core/brand.ts';
import type { Result } from '#lib/core/result.ts';
import { powScheme, proofBytes, subPuzzles } from './scheme.ts';
import { verifyProof, type PowError } from './verify.ts';

/** Schemes a node may know: it names all of them whenever it asks for a favour. */
export const mostSchemes = 4;

export const isSchemeName = (name: string): boolean => /^[a-z0-9-]{1,16}$/.test(name);

/** A way to prove work. Neighbours agree on one by its name (sweet/1, "Schemes of work"). */
export interface PowScheme {
	/** `isSchemeName`. */
	readonly name: string;
	/** Parts of a proof, 1..16, each solved by itself: progress is told in them. */
	readonly puzzles: number;
	/** Longest proof, bytes, 1..112 but never 32: a proof so long is the preimage of a payment. */
	readonly proofBytes: number;
	/**
	 * Checks a proof; junk has to cost next to nothing.
	 *
	 * @param seed 32 bytes, from the favour's terms (`powSeed`), the scheme's name among them.
	 * @param complexity expected work, at least 1, in units of one hash of scheme `sha256` on a processor.
	 * @returns the units spent on checking.
	 */
	verify(seed: Bytes, complexity: number, proof: Uint8Array): Result<number, PowError>;
}

/** The scheme every node knows. */
export const sha256Scheme: PowScheme = {
	name: powScheme,
	puzzles: subPuzzles,
	proofBytes,
	verify: verifyProof,
};

/** The schemes a node knows, the one it would rather have first. */
export interface PowSchemes {
	/** In order of preference. */
	readonly names: readonly string[];
	get(name: string): PowScheme | undefined;
	/** The first of mine that is among `theirs`. */
	common(theirs: readonly string[]): PowScheme | undefined;
}

/** @throws where a scheme breaks what the wire and the favours rely on: a mistake of the program. */
export function powSchemes(known: readonly PowScheme[]): PowSchemes {
	const byName = new Map(known.map((scheme) => [scheme.name, scheme]));
	for (const { name, puzzles, proofBytes: longest } of known) {
		const fits = puzzles >= 1 && puzzles <= subPuzzles && longest >= 1 && longest <= proofBytes;
		if (!isSchemeName(name) || !fits || longest === 32) throw new Error(`scheme ${name} cannot be offered`);
	}
	if (byName.size !== known.length || known.length === 0 || known.length > mostSchemes)
		throw new Error(`each scheme once, and 1 to ${mostSchemes} of them`);
	return {
		names: [...byName.keys()],
		get: (name) => byName.get(name),
		common: (theirs) => known.find(({ name }) => theirs.includes(name)),
	};
}
