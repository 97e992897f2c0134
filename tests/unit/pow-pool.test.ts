import { describe, expect, it } from 'vitest';
import { verifyProof } from '#lib/pow/verify.ts';
import { createPool, type PowJob, type PowPool, type PowProgress } from '#lib/pow/worker/pool.ts';
import { bytesOf } from '../kit/actors.ts';
import { fakeSolvers } from '../kit/fake-solvers.ts';
import { virtualClock } from '../kit/virtual-clock.ts';

/** 64 expected hashes a sub-puzzle. */
const complexity = 16 * 64;

function setup(cores: number) {
	const clock = virtualClock();
	const { spawn, solvers } = fakeSolvers();
	const pool = createPool({ spawn, cores, clock });
	return { clock, solvers, pool };
}

/** Everything that happened to a job. */
function follow(pool: PowPool, job: Omit<PowJob, 'seed' | 'complexity'> & Partial<PowJob>) {
	const story: { progress: PowProgress[]; proof?: Uint8Array; hashes?: number; failed?: string } = {
		progress: [],
	};
	const whole = { seed: bytesOf(job.id), complexity, ...job };
	pool.solve(whole, {
		progress: (state) => story.progress.push(state),
		done: ({ proof, hashes }) => Object.assign(story, { proof, hashes }),
		failed: (detail) => Object.assign(story, { failed: detail }),
	});
	return Object.assign(story, { job: whole });
}

const puzzleOf = (solver: { work: { preimage: Uint8Array } | undefined }) => solver.work?.preimage[47];

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
