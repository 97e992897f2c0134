import { createSearch } from 'virtual:pow-kernel/javascript';
import scalarUrl from 'virtual:pow-kernel/scalar';
import simdUrl from 'virtual:pow-kernel/simd';
import { describe, expect, it } from 'vitest';
import { scanWith, type BlockSearch } from '#lib/pow/block-search.ts';
import { scan as plainScan, type Scan } from '#lib/pow/kernel.ts';
import { largestDigest, preimageOf, proofOf, subPuzzles } from '#lib/pow/scheme.ts';
import { verifyProof } from '#lib/pow/verify.ts';
import { loadBrowserScan } from '#lib/pow/worker/browser-scan.ts';
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
