import { toHex } from '#lib/core/bytes.ts';
import { scanWith } from '#lib/pow/block-search.ts';
import type { Scan } from '#lib/pow/kernel.ts';
import { largestDigest, powSeed, preimageOf, proofOf, subPuzzles, type PowTerms } from '#lib/pow/scheme.ts';
import { verifyProof } from '#lib/pow/verify.ts';
import { instantiate } from '#lib/pow/worker/load-scan.ts';
import type { Contestant } from './slices.ts';

const complexity = 2 ** 16;

/** Keys and topics as a node has them: read once, not built for every proof. */
const sameTerms = {
	scheme: 'sha256',
	favourNumber: '0123456789abcdef',
	complexity,
	asker: toHex(new Uint8Array(32).fill(0xaa)),
	peer: toHex(new Uint8Array(32).fill(0xbb)),
	topic: '/drive/australia/sydney',
	digest: new Uint8Array(32).fill(7),
};

const terms = (favourTimestamp: number): PowTerms => ({
	...sameTerms,
	favourTimestamp,
	expiresAt: favourTimestamp + 60_000,
});

/** Solves all sub-puzzles one after another. */
function solve(scan: Scan, seed: Uint8Array, work: number): { proof: Uint8Array; hashes: number } {
	const limit = largestDigest(work);
	const solutions = Array.from({ length: subPuzzles }, (_, index) => ({
		index,
		nonce: scan(preimageOf(seed, index), 0, Number.MAX_SAFE_INTEGER, limit),
	}));
	return {
		proof: proofOf(solutions),
		hashes: solutions.reduce((sum, { nonce }) => sum + nonce + 1, 0),
	};
}

/** Checks of good proofs, and of junk whose seed must be derived first; a "hash" is one proof. */
export function checkers(scan: Scan): readonly Contestant[] {
	const seed = powSeed(terms(0));
	const { proof } = solve(scan, seed, complexity);
	const junk = proof.map((byte) => byte ^ 0x55);
	const counted = (name: string, ok: boolean, check: (i: number) => boolean): Contestant => ({
		name,
		run(proofs) {
			for (let i = 0; i < proofs; i++) if (check(i) !== ok) throw new Error(`${name}: wrong verdict`);
			return proofs;
		},
	});
	return [
		counted('verify', true, () => verifyProof(seed, complexity, proof).ok),
		counted('reject', false, (i) => verifyProof(powSeed(terms(i)), complexity, junk).ok),
	];
}

/** Proofs solved for their spread. */
const proofs = 4_000;
const easy = 2 ** 12;

/** How much longer than the mean the slowest of twenty proofs takes, in hashes. */
export function p95OverMean(scan: Scan): number {
	const seed = new Uint8Array(32);
	const hashes = Array.from({ length: proofs }, (_, i) => {
		new DataView(seed.buffer).setUint32(0, i);
		return solve(scan, seed, easy).hashes;
	}).sort((a, b) => a - b);
	const mean = hashes.reduce((sum, one) => sum + one, 0) / proofs;
	return (hashes[Math.ceil(0.95 * proofs) - 1] ?? 0) / mean;
}

/** Time from having a kernel's bytes to its first four hashes, ms: the median of several modules never seen before. */
export async function firstHashMs(module: Uint8Array<ArrayBuffer>): Promise<number> {
	const times: number[] = [];
	for (let i = 0; i < 20; i++) {
		// A custom section with another content each time: no engine has it in a cache.
		const fresh = new Uint8Array([...module, 0, 4, 1, 0x78, i, Math.random() * 256]);
		const began = performance.now();
		const scan = scanWith(await instantiate(fresh));
		scan(new Uint8Array(55), 0, 4, new Uint8Array(32));
		times.push(performance.now() - began);
	}
	return times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}
