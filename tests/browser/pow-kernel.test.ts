import { createSearch } from 'virtual:pow-kernel/javascript';
import scalarUrl from 'virtual:pow-kernel/scalar';
import simdUrl from 'virtual:pow-kernel/simd';
import { describe, expect, it } from 'vitest';
import { systemClock } from '#lib/app/platform/clock.ts';
import { scanWith, type BlockSearch } from '#lib/pow/block-search.ts';
import { scan as plainScan, type Scan } from '#lib/pow/kernel.ts';
import { largestDigest, preimageOf, proofOf, subPuzzles } from '#lib/pow/scheme.ts';
import { verifyProof } from '#lib/pow/verify.ts';
import { loadBrowserScan } from '#lib/pow/worker/browser-scan.ts';
import { createBrowserPool } from '#lib/pow/worker/browser-pool.ts';
import type { PowJob } from '#lib/pow/worker/pool.ts';
import { instantiate } from '#lib/pow/worker/load-scan.ts';

const seed = Uint8Array.from({ length: 32 }, (_, i) => i * 11);
const complexity = 2 ** 18;

function prove(scan: Scan): Uint8Array {
	const limit = largestDigest(complexity);
	return proofOf(
		Array.from({ length: subPuzzles }, (_, index) => ({
			index,
			nonce: scan(preimageOf(seed, index), 0, complexity, limit),
		})),
	);
}

const fetched = async (url: string) => instantiate(await (await fetch(url)).arrayBuffer());
const built: Record<string, () => BlockSearch | Promise<BlockSearch>> = {
	SIMD128: () => fetched(simdUrl),
	'scalar WebAssembly': () => fetched(scalarUrl),
	JavaScript: createSearch,
};

describe('the kernels of the app in this browser', () => {
	it.each(Object.entries(built))('in %s find the proof that the plain kernel finds', async (_, make) => {
		const proof = prove(scanWith(await make()));
		expect(verifyProof(seed, complexity, proof)).toMatchObject({ ok: true });
		expect(proof).toEqual(prove(plainScan));
	});

	it('are loaded with SIMD where the browser has it', async () => {
		const { kernel, scan } = await loadBrowserScan();
		expect(kernel).toBe('simd');
		expect(verifyProof(seed, complexity, prove(scan))).toMatchObject({ ok: true });
	});
});

describe('a job that outlives its pool', () => {
	const kept = 'pow-job';

	/** Works until some sub-puzzles are solved, keeps them as a page would before a reload, and ends. */
	async function begin(): Promise<number> {
		const pool = createBrowserPool(systemClock);
		const solved = await new Promise<number>((resolve, reject) => {
			pool.solve(
				{ id: 'first', seed, complexity: 2 ** 22 },
				{
					progress({ solved, solutions }) {
						if (solved === 0) return;
						sessionStorage.setItem(kept, JSON.stringify(solutions));
						resolve(solved);
					},
					done: () => reject(new Error('solved before it was interrupted')),
					failed: (detail) => reject(new Error(detail)),
				},
			);
		});
		pool.stop();
		return solved;
	}

	it('is finished by another from what was kept', async () => {
		const solvedBefore = await begin();
		const solved = JSON.parse(sessionStorage.getItem(kept) ?? '[]') as NonNullable<PowJob['solved']>;
		expect(solved.length).toBe(solvedBefore);
		const pool = createBrowserPool(systemClock);
		const states: number[] = [];
		const proof = await new Promise<Uint8Array>((resolve, reject) => {
			pool.solve(
				{ id: 'second', seed, complexity: 2 ** 22, solved },
				{
					progress: (state) => states.push(state.solved),
					done: (result) => resolve(result.proof),
					failed: (detail) => reject(new Error(detail)),
				},
			);
		});
		pool.stop();
		expect(Math.min(...states)).toBeGreaterThanOrEqual(solvedBefore);
		expect(verifyProof(seed, 2 ** 22, proof)).toMatchObject({ ok: true });
		for (const { index, nonce } of solved)
			expect(proof.subarray(7 * index, 7 * index + 7)).toEqual(
				proofOf([{ index, nonce }]).subarray(7 * index, 7 * index + 7),
			);
	});
});
