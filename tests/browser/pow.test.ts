import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '#lib/app/platform/clock.ts';
import { verifyProof } from '#lib/pow/verify.ts';
import { createBrowserPool } from '#lib/pow/worker/browser-pool.ts';
import type { PowPool, PowProgress } from '#lib/pow/worker/pool.ts';
import type { NestedAnswer } from './pow-nested.ts';

const seed = new Uint8Array(32).fill(5);
const complexity = 2 ** 17;

function solve(pool: PowPool, work: number, onprogress: (state: PowProgress) => void = () => undefined) {
	return new Promise<Uint8Array>((resolve, reject) => {
		pool.solve(
			{ id: crypto.randomUUID(), seed, complexity: work },
			{
				progress: onprogress,
				done: ({ proof }) => resolve(proof),
				failed: (detail) => reject(new Error(detail)),
			},
		);
	});
}

describe('the pool of a page', () => {
	const pool = createBrowserPool(systemClock);
	afterAll(() => pool.stop());

	it('measures its rate in real Workers', async () => {
		expect(await pool.calibrate()).toBeGreaterThan(10_000);
	});

	it('solves a proof that verifies, with progress from nothing to all', async () => {
		const solved: number[] = [];
		const proof = await solve(pool, complexity, (state) => solved.push(state.solved));
		expect(verifyProof(seed, complexity, proof)).toMatchObject({ ok: true });
		expect(solved.at(-1)).toBe(16);
		expect(solved).toEqual(solved.toSorted((a, b) => a - b));
	});

	it('leaves a cancelled job at once and serves the next', async () => {
		const heard: string[] = [];
		await new Promise<void>((resolve) => {
			pool.solve(
				{ id: 'endless', seed, complexity: 2 ** 50 },
				{ progress: () => resolve(), done: () => heard.push('done'), failed: () => heard.push('failed') },
			);
		});
		pool.cancel('endless');
		await solve(pool, complexity);
		expect(heard).toEqual([]);
	});
});

describe('the pool of a dedicated Worker', () => {
	it('runs nested Workers of its own', async () => {
		const worker = new Worker(new URL('./pow-nested.ts', import.meta.url), { type: 'module' });
		const answer = await new Promise<NestedAnswer>((resolve, reject) => {
			worker.onmessage = ({ data }: MessageEvent<NestedAnswer>) => resolve(data);
			worker.onerror = ({ message }) => reject(new Error(message));
			worker.postMessage({ seed, complexity });
		});
		worker.terminate();
		if ('failed' in answer) throw new Error(answer.failed);
		expect(answer.nested).toBe(true);
		expect(verifyProof(seed, complexity, answer.proof)).toMatchObject({ ok: true });
	});
});
