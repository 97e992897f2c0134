import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '#lib/app/platform/clock.ts';
import { verifyProof } from '#lib/pow/verify.ts';
import { spawnInline } from '#lib/pow/worker/inline.ts';
import { createNodePool } from '#lib/pow/worker/node-pool.ts';
import { createPool, type PowPool } from '#lib/pow/worker/pool.ts';
import { bytesOf } from '../kit/actors.ts';

const complexity = 2 ** 15;

/** Real solvers: slow or fast, they end as they should. */
describe.each<[string, () => PowPool]>([
	['threads of Node', () => createNodePool(systemClock)],
	['the test’s own thread', () => createPool({ spawn: spawnInline, cores: 3, clock: systemClock })],
])('a pool on %s', (_, create) => {
	const pool = create();
	afterEach(() => pool.cancel('endless'));

	const solve = (id: string, work = complexity) =>
		new Promise<Uint8Array>((resolve, reject) => {
			pool.solve(
				{ id, seed: bytesOf(id), complexity: work },
				{
					progress: () => undefined,
					done: ({ proof }) => resolve(proof),
					failed: (detail) => reject(new Error(detail)),
				},
			);
		});

	it('measures its rate', async () => {
		expect(await pool.calibrate()).toBeGreaterThan(1_000);
	});

	it('solves proofs that verify, several at once', async () => {
		const proofs = await Promise.all(['a', 'b', 'c'].map((id) => solve(id)));
		['a', 'b', 'c'].forEach((id, at) => {
			expect(verifyProof(bytesOf(id), complexity, proofs[at]!)).toMatchObject({ ok: true });
		});
	});

	it('drops what is cancelled and goes on with the rest', async () => {
		const heard: string[] = [];
		const under = Promise.withResolvers<undefined>();
		pool.solve(
			{ id: 'endless', seed: bytesOf('endless'), complexity: 2 ** 50 },
			{
				progress: () => under.resolve(undefined),
				done: () => heard.push('done'),
				failed: () => heard.push('failed'),
			},
		);
		await under.promise;
		pool.cancel('endless');
		expect((await solve('after')).length).toBe(112);
		expect(heard).toEqual([]);
	});

	it('ends', async () => {
		pool.stop();
		await expect(solve('late')).rejects.toThrow('stopped');
	});
});
