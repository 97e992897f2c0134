import { describe, expect, it } from 'vitest';
import { verifyProof } from '#lib/pow/verify.ts';
import { complexity, follow, puzzleOf, setup } from '../kit/pow-pool.ts';

describe('the measured rate', () => {
	it('is that of all solvers together, newer measurements counting more', async () => {
		const { pool, solvers, clock } = setup(3);
		expect(pool.rate()).toBe(0);
		follow(pool, { id: 'a' });
		await clock.advance(0);
		for (const solver of solvers) solver.report({ hashes: 1_000, ms: 1 });
		expect(pool.rate()).toBe(2_000_000);
		solvers[0]!.report({ hashes: 2_000, ms: 1 });
		expect(pool.rate()).toBeCloseTo(2_300_000);
	});

	it('is calibrated once every solver has reported, and then at rest', async () => {
		const { pool, solvers, clock } = setup(3);
		const rates = Promise.all([pool.calibrate(), pool.calibrate()]);
		await clock.advance(0);
		solvers[0]!.report({ hashes: 300, ms: 100 });
		expect(solvers[1]!.work).toBeDefined();
		solvers[1]!.report({ hashes: 300, ms: 100 });
		expect(await rates).toEqual([6_000, 6_000]);
		expect(solvers.map(({ work }) => work)).toEqual([undefined, undefined]);
		expect(await pool.calibrate()).toBe(6_000);
	});

	it('comes from real work where there is some', async () => {
		const { pool, solvers, clock } = setup(1);
		const rate = pool.calibrate();
		const job = follow(pool, { id: 'a' });
		await clock.advance(0);
		expect(solvers[0]!.work!.preimage.slice(0, 32)).toEqual(job.job.seed);
		solvers[0]!.report({ hashes: 500, ms: 100 });
		expect(await rate).toBe(5_000);
		expect(solvers[0]!.work).toBeDefined();
	});
});

describe('solvers with nothing to do', () => {
	async function rested() {
		const scene = setup(3);
		const calibrated = scene.pool.calibrate();
		await scene.clock.advance(0);
		for (const solver of scene.solvers) solver.report({ hashes: 1_000, ms: 1 });
		await calibrated;
		await scene.clock.advance(59_999);
		expect(scene.solvers.map(({ terminated }) => terminated)).toEqual([false, false]);
		await scene.clock.advance(1);
		expect(scene.solvers.map(({ terminated }) => terminated)).toEqual([true, true]);
		return scene;
	}

	it('end after a minute, and the rate they were measured at is still known', async () => {
		const { pool, solvers } = await rested();
		expect(pool.rate()).toBe(2_000_000);
		expect(await pool.calibrate()).toBe(2_000_000);
		pool.employ({ solvers: 1, graphics: false, held: false });
		expect(pool.rate()).toBe(1_000_000);
		expect(solvers).toHaveLength(2);
	});

	it('are followed by others when there is work again', async () => {
		const { clock, pool, solvers } = await rested();
		const job = follow(pool, { id: 'late' });
		await clock.advance(0);
		expect(solvers).toHaveLength(4);
		while (!job.proof)
			solvers
				.slice(2)
				.find(({ work }) => work)!
				.solve();
		expect(verifyProof(job.job.seed, complexity, job.proof)).toMatchObject({ ok: true });
	});

	it('stay while work comes within the minute, and while any is left', async () => {
		const { clock, pool, solvers } = setup(1);
		for (const id of ['a', 'b']) {
			const job = follow(pool, { id });
			await clock.advance(59_000);
			while (!job.proof) solvers[0]!.solve();
			await clock.advance(59_000);
		}
		expect(solvers).toHaveLength(1);
		expect(solvers[0]!.terminated).toBe(false);
	});
});

describe('a solver that fails', () => {
	it('leaves its work to the others', async () => {
		const { pool, solvers, clock } = setup(3);
		const job = follow(pool, { id: 'a' });
		await clock.advance(0);
		const orphan = puzzleOf(solvers[1]!);
		solvers[1]!.fail('out of memory');
		const worked = new Set<number | undefined>();
		for (let solved = 0; solved < 16; solved++) {
			worked.add(puzzleOf(solvers[0]!));
			solvers[0]!.solve();
		}
		expect(worked).toContain(orphan);
		expect(job.proof?.length).toBe(112);
	});

	it('and was the last makes every job fail, and later ones try anew', async () => {
		const { pool, solvers, clock } = setup(1);
		const jobs = ['a', 'b'].map((id) => follow(pool, { id }));
		await clock.advance(0);
		solvers[0]!.fail('blocked by policy');
		for (const job of jobs) expect(job.failed).toContain('blocked by policy');
		const later = follow(pool, { id: 'c' });
		await clock.advance(0);
		for (let solved = 0; solved < 16; solved++) solvers[1]!.solve();
		expect(later.proof?.length).toBe(112);
	});

	it('before it was measured ends a calibration', async () => {
		const { pool, solvers, clock } = setup(1);
		const rate = pool.calibrate();
		await clock.advance(0);
		solvers[0]!.fail('blocked by policy');
		expect(await rate).toBe(0);
	});
});

describe('a pool that is to do less', () => {
	const busy = (solvers: readonly { work: unknown }[]) => solvers.map(({ work }) => work !== undefined);

	it('employs fewer solvers at once, and more again later', async () => {
		const { pool, solvers, clock } = setup(5);
		const job = follow(pool, { id: 'a' });
		await clock.advance(0);
		for (const solver of solvers) solver.report({ hashes: 1_000, ms: 1 });
		pool.employ({ solvers: 1, graphics: false, held: false });
		expect(busy(solvers)).toEqual([true, false, false, false]);
		expect(pool.rate()).toBe(1_000_000);
		pool.employ({ solvers: 3, graphics: false, held: false });
		expect(busy(solvers)).toEqual([true, true, true, false]);
		for (let solved = 0; solved < 16; solved++) solvers[0]!.solve();
		expect(job.proof?.length).toBe(112);
		expect(solvers.length).toBe(4);
	});

	it('starts no more than it employs, and never none or more than there are processors for', async () => {
		const { pool, solvers, clock } = setup(3);
		pool.employ({ solvers: 0, graphics: false, held: false });
		follow(pool, { id: 'a' });
		await clock.advance(0);
		expect(solvers.length).toBe(1);
		pool.employ({ solvers: 9, graphics: false, held: false });
		expect(busy(solvers)).toEqual([true, true]);
	});

	it('takes a solver it has not measured for as fast as the others', async () => {
		const { pool, solvers, clock } = setup(4);
		pool.employ({ solvers: 1, graphics: false, held: false });
		follow(pool, { id: 'a' });
		await clock.advance(0);
		solvers[0]!.report({ hashes: 1_000, ms: 1 });
		pool.employ({ solvers: 3, graphics: false, held: false });
		expect(pool.rate()).toBe(3_000_000);
	});

	it('finishes begun sub-puzzles while it is held, and goes on after it', async () => {
		const { pool, solvers, clock } = setup(3);
		const job = follow(pool, { id: 'a' });
		const urgent = follow(pool, { id: 'urgent', priority: -1 });
		pool.cancel('urgent');
		await clock.advance(0);
		pool.employ({ solvers: 2, graphics: false, held: true });
		expect(busy(solvers)).toEqual([true, true]);
		solvers[0]!.solve();
		expect(busy(solvers)).toEqual([false, true]);
		solvers[1]!.solve();
		expect(busy(solvers)).toEqual([false, false]);
		expect(job.progress.at(-1)!.solved).toBe(2);
		follow(pool, { id: 'later' });
		await clock.advance(1_000);
		expect(busy(solvers)).toEqual([false, false]);
		pool.employ({ solvers: 2, graphics: false, held: false });
		for (let solved = 2; solved < 16; solved++) solvers[0]!.solve();
		expect(job.proof?.length).toBe(112);
		expect(urgent.proof).toBeUndefined();
	});

	it('stops at once what is cancelled while it is held', async () => {
		const { pool, solvers, clock } = setup(1);
		follow(pool, { id: 'a' });
		await clock.advance(0);
		pool.employ({ solvers: 1, graphics: false, held: true });
		pool.cancel('a');
		expect(busy(solvers)).toEqual([false]);
	});

	it('can be measured while it is held', async () => {
		const { pool, solvers, clock } = setup(1);
		pool.employ({ solvers: 1, graphics: false, held: true });
		follow(pool, { id: 'a' });
		const rate = pool.calibrate();
		await clock.advance(0);
		solvers[0]!.report({ hashes: 500, ms: 100 });
		expect(await rate).toBe(5_000);
		expect(busy(solvers)).toEqual([false]);
	});

	it('does not start a failed solver again while others run', async () => {
		const { pool, solvers, clock } = setup(4);
		follow(pool, { id: 'a' });
		await clock.advance(0);
		solvers[1]!.fail('out of memory');
		pool.employ({ solvers: 3, graphics: false, held: false });
		expect(solvers.length).toBe(3);
	});
});
