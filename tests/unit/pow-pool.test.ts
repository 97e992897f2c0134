import { describe, expect, it } from 'vitest';
import { verifyProof } from '#lib/pow/verify.ts';
import { bytesOf } from '../kit/actors.ts';
import { complexity, follow, puzzleOf, setup } from '../kit/pow-pool.ts';

describe('a pool', () => {
	it.each([
		[0, 1],
		[1, 1],
		[2, 1],
		[4, 3],
		[5, 4],
		[64, 4],
	])('on %i processors runs %i solvers, and none before there is work', async (cores, count) => {
		const { pool, solvers, clock } = setup(cores);
		expect(solvers.length).toBe(0);
		follow(pool, { id: 'a' });
		await clock.advance(0);
		expect(solvers.length).toBe(count);
	});

	it('solves a proof that verifies, and says how far it is', async () => {
		const { pool, solvers, clock } = setup(1);
		const job = follow(pool, { id: 'a' });
		await clock.advance(0);
		for (let solved = 0; solved < 16; solved++) solvers[0]!.solve();
		expect(job.progress.map(({ solved }) => solved)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
		expect(verifyProof(job.job.seed, complexity, job.proof!)).toMatchObject({ ok: true });
		expect(job.hashes).toBe(job.progress.at(-1)!.hashes);
		expect(solvers[0]!.work).toBeUndefined();
	});

	it('spreads its solvers, then lets them converge on the last sub-puzzle with nonces of their own', async () => {
		const { pool, solvers, clock } = setup(5);
		follow(pool, { id: 'a' });
		await clock.advance(0);
		expect(new Set(solvers.map(puzzleOf)).size).toBe(4);
		for (let solved = 0; solved < 15; solved++) solvers[0]!.solve();
		expect(new Set(solvers.map(puzzleOf)).size).toBe(1);
		const starts = solvers.map(({ work }) => work!.start);
		expect(new Set(starts).size).toBe(4);
	});

	it('moves everybody on when one of them solved their common sub-puzzle', async () => {
		const { pool, solvers, clock } = setup(3);
		const job = follow(pool, { id: 'a' });
		await clock.advance(0);
		for (let solved = 0; solved < 15; solved++) solvers[0]!.solve();
		solvers[1]!.solve();
		expect(job.proof?.length).toBe(112);
		expect(solvers.map(({ work }) => work)).toEqual([undefined, undefined]);
	});

	it('never sends a wrong proof', async () => {
		const { pool, solvers, clock } = setup(1);
		const job = follow(pool, { id: 'a', complexity: 2 ** 40 });
		await clock.advance(0);
		for (let solved = 0; solved < 16; solved++) solvers[0]!.report({ nonce: solved });
		expect(job).toMatchObject({ failed: expect.stringContaining('wrongly') as string });
		expect(job.proof).toBeUndefined();
	});

	it('gives an empty proof for complexity 0, without a solver and not from inside the call', async () => {
		const { pool, solvers, clock } = setup(4);
		const job = follow(pool, { id: 'a', complexity: 0 });
		expect(job.proof).toBeUndefined();
		await clock.advance(0);
		expect(job).toMatchObject({ proof: new Uint8Array(0), hashes: 0 });
		expect(solvers.length).toBe(0);
	});
});

describe('a cancelled job', () => {
	it('stops its solvers at once and says nothing more', async () => {
		const { pool, solvers, clock } = setup(3);
		const job = follow(pool, { id: 'a' });
		await clock.advance(0);
		const { task } = solvers[0]!.work!;
		pool.cancel('a');
		expect(solvers.map(({ work }) => work)).toEqual([undefined, undefined]);
		solvers[0]!.report({ task, nonce: 1 });
		await clock.advance(60_000);
		expect(job).toMatchObject({ progress: [] });
		expect(job.proof ?? job.failed).toBeUndefined();
	});

	it('may be one that never began, is unknown or ended', async () => {
		const { pool, solvers, clock } = setup(1);
		const job = follow(pool, { id: 'a' });
		pool.cancel('a');
		pool.cancel('b');
		await clock.advance(60_000);
		expect(job.proof ?? job.failed).toBeUndefined();
		expect(solvers.length).toBe(0);
	});

	it('makes room for the next', async () => {
		const { pool, solvers, clock } = setup(1);
		follow(pool, { id: 'a' });
		const next = follow(pool, { id: 'b' });
		await clock.advance(0);
		pool.cancel('a');
		for (let solved = 0; solved < 16; solved++) solvers[0]!.solve();
		expect(next.proof?.length).toBe(112);
	});
});

describe('the order of jobs', () => {
	it('is by priority, then first come first served', async () => {
		const { pool, solvers, clock } = setup(1);
		const done: string[] = [];
		for (const [id, priority] of [
			['a', 1],
			['b', 1],
			['c', 0],
			['d', 2],
		] as const)
			pool.solve(
				{ id, seed: bytesOf(id), complexity, priority },
				{ progress: () => undefined, done: () => done.push(id), failed: () => undefined },
			);
		await clock.advance(0);
		for (let solved = 0; solved < 64; solved++) solvers[0]!.solve();
		expect(done).toEqual(['c', 'a', 'b', 'd']);
	});

	it('lets an urgent job interrupt, and the interrupted one goes on where it was', async () => {
		const { pool, solvers, clock } = setup(1);
		const slow = follow(pool, { id: 'slow', priority: 1 });
		await clock.advance(0);
		for (let solved = 0; solved < 5; solved++) solvers[0]!.solve();
		const interrupted = solvers[0]!.work!;
		const urgent = follow(pool, { id: 'urgent' });
		await clock.advance(0);
		for (let solved = 0; solved < 16; solved++) solvers[0]!.solve();
		expect(urgent.proof?.length).toBe(112);
		expect(slow.proof).toBeUndefined();
		expect(solvers[0]!.work!.preimage).toEqual(interrupted.preimage);
		expect(solvers[0]!.work!.start).toBeGreaterThan(interrupted.start);
		for (let solved = 5; solved < 16; solved++) solvers[0]!.solve();
		expect(verifyProof(slow.job.seed, complexity, slow.proof!)).toMatchObject({ ok: true });
	});

	it('counts the last report of a solver that was called away', async () => {
		const { pool, solvers, clock } = setup(1);
		const slow = follow(pool, { id: 'slow', priority: 1 });
		await clock.advance(0);
		const { task } = solvers[0]!.work!;
		follow(pool, { id: 'urgent' });
		await clock.advance(0);
		solvers[0]!.report({ task, hashes: 777 });
		expect(slow.progress.at(-1)?.hashes).toBe(777);
	});
});

describe('a job with a deadline', () => {
	it('fails when its time is over, and the next begins', async () => {
		const { pool, solvers, clock } = setup(1);
		const late = follow(pool, { id: 'late', deadline: clock.now() + 1_000 });
		const next = follow(pool, { id: 'next' });
		await clock.advance(999);
		expect(late.failed).toBeUndefined();
		await clock.advance(1);
		expect(late.failed).toContain('time');
		for (let solved = 0; solved < 16; solved++) solvers[0]!.solve();
		expect(next.proof?.length).toBe(112);
	});

	it('that has passed already fails without a hash', async () => {
		const { pool, solvers, clock } = setup(1);
		const job = follow(pool, { id: 'a', deadline: clock.now() - 1 });
		await clock.advance(0);
		expect(job.failed).toContain('time');
		expect(solvers.length).toBe(0);
	});

	it('leaves no timer behind when it is done in time', async () => {
		const { pool, solvers, clock } = setup(1);
		const job = follow(pool, { id: 'a', deadline: clock.now() + 1_000 });
		await clock.advance(0);
		for (let solved = 0; solved < 16; solved++) solvers[0]!.solve();
		await clock.advance(5_000);
		expect(job.failed).toBeUndefined();
	});
});

describe('a restarted job', () => {
	it('works on its open sub-puzzles only, and on other nonces than before', async () => {
		const before = setup(1);
		const first = follow(before.pool, { id: 'a' });
		await before.clock.advance(0);
		for (let solved = 0; solved < 10; solved++) before.solvers[0]!.solve();
		const { solutions } = first.progress.at(-1)!;

		const { pool, solvers, clock } = setup(1);
		const again = follow(pool, { id: 'a', solved: solutions, restarts: 1 });
		await clock.advance(0);
		const worked = new Set<number | undefined>();
		expect(solvers[0]!.work!.start).toBeGreaterThan(before.solvers[0]!.work!.start);
		for (let solved = 10; solved < 16; solved++) {
			worked.add(puzzleOf(solvers[0]!));
			solvers[0]!.solve();
		}
		expect([...worked].sort((a, b) => a! - b!)).toEqual([10, 11, 12, 13, 14, 15]);
		expect(verifyProof(again.job.seed, complexity, again.proof!)).toMatchObject({ ok: true });
	});

	it('tries other nonces each time, also when nothing was solved', async () => {
		const starts = [];
		for (const restarts of [0, 1, 31]) {
			const { pool, solvers, clock } = setup(1);
			follow(pool, { id: 'a', restarts });
			await clock.advance(0);
			starts.push(solvers[0]!.work!.start);
		}
		expect(new Set(starts).size).toBe(3);
		expect(Math.max(...starts) + 2 ** 48).toBeLessThanOrEqual(2 ** 53);
	});

	it('believes no stored nonce that does not solve its sub-puzzle', async () => {
		const { pool, solvers, clock } = setup(1);
		const solved = Array.from({ length: 16 }, (_, index) => ({ index, nonce: 2 ** 40 + index }));
		const job = follow(pool, { id: 'a', complexity: 2 ** 40, solved });
		await clock.advance(0);
		expect(solvers[0]!.work).toBeDefined();
		expect(job.proof ?? job.failed).toBeUndefined();
	});

	it('that was all solved is done without a hash', async () => {
		const { pool, solvers, clock } = setup(1);
		const first = follow(pool, { id: 'a' });
		await clock.advance(0);
		for (let solved = 0; solved < 16; solved++) solvers[0]!.solve();
		const again = follow(pool, { id: 'a', solved: first.progress.at(-1)!.solutions });
		await clock.advance(0);
		expect(again).toMatchObject({ proof: first.proof, hashes: 0 });
	});
});

describe('a stopped pool', () => {
	it('ends its solvers, fails its jobs, and takes no new ones', async () => {
		const { pool, solvers, clock } = setup(3);
		const job = follow(pool, { id: 'a' });
		const rate = pool.calibrate();
		await clock.advance(0);
		pool.stop();
		expect(solvers.every(({ terminated }) => terminated)).toBe(true);
		expect(job.failed).toContain('stopped');
		expect(await rate).toBe(0);
		const late = follow(pool, { id: 'b' });
		await clock.advance(0);
		expect(late.failed).toContain('stopped');
		expect(await pool.calibrate()).toBe(0);
		expect(solvers.length).toBe(2);
	});
});
