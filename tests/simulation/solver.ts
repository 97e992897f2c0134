import type { Bytes } from '#lib/core/brand.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import {
	atMost,
	largestDigest,
	nonceAt,
	preimageOf,
	proofOf,
	putNonce,
	subPuzzles,
} from '#lib/pow/scheme.ts';
import { solveSha512 } from '../kit/sha512-scheme.ts';

type Solve = (seed: Bytes, complexity: number) => { readonly proof: Bytes; readonly hashes: number };

/** Who solves the puzzles of a scheme. */
export function solveBy(scheme: string): Solve {
	const found = ({ sha256: solve, sha512: solveSha512 } as Record<string, Solve>)[scheme];
	if (!found) throw new Error(`nobody solves ${scheme}`);
	return found;
}

/** The plainest solver there is, for tiny complexities: tries 0, 1, 2 ... for each sub-puzzle. */
export function solve(seed: Bytes, complexity: number): { readonly proof: Bytes; readonly hashes: number } {
	const limit = largestDigest(complexity);
	let hashes = 0;
	const solutions = Array.from({ length: subPuzzles }, (_, index) => {
		const preimage = preimageOf(seed, index);
		for (let nonce = 0; ; nonce++) {
			putNonce(preimage, nonceAt, nonce);
			hashes += 1;
			if (atMost(sha256(preimage), limit)) return { index, nonce };
		}
	});
	return { proof: proofOf(solutions), hashes };
}
