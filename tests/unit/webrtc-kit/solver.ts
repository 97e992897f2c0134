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
import type { AdmissionSolver } from '#lib/webrtc/ports.ts';

/** Solves small puzzles on the spot. */
export const instantSolver: AdmissionSolver = {
	solve: (seed, complexity) => Promise.resolve(solveAtOnce(seed, complexity)),
};

function solveAtOnce(seed: Bytes, complexity: number): Bytes {
	const limit = largestDigest(complexity);
	return proofOf(
		Array.from({ length: subPuzzles }, (_, index) => {
			const preimage = preimageOf(seed, index);
			for (let nonce = 0; ; nonce++) {
				putNonce(preimage, nonceAt, nonce);
				if (atMost(sha256(preimage), limit)) return { index, nonce };
			}
		}),
	);
}
