import { describe, expect, it } from 'vitest';
import type { Scan } from '#lib/pow/kernel.ts';
import type { Assignment, Report } from '#lib/pow/worker/protocol.ts';
import { createSolver } from '#lib/pow/worker/solver.ts';

const never = -1;

/** A solver on a simulated processor that does `perMs` hashes a millisecond and finds `hit`. */
function simulate(perMs: number, hit = never) {
	let now = 0;
	const tasks: (() => void)[] = [];
	const reports: Report[] = [];
	const chunks: number[] = [];
	const scan: Scan = (_preimage, start, count) => {
		const found = hit >= start && hit < start + count;
		const took = (found ? hit - start + 1 : count) / perMs;
		chunks.push(took);
		now += took;
		return found ? hit : never;
	};
	const solver = createSolver({
		scan,
		now: () => now,
		yieldThen: (run) => tasks.push(run),
		report: (report) => reports.push(report),
	});
	const run = (until: number) => {
		while (tasks.length > 0 && now < until) tasks.shift()?.();
	};
	return { solver, run, reports, chunks, tasks, now: () => now };
}

const work = (task: number, start = 0): Assignment => ({
	type: 'scan',
	task,
	start,
	preimage: new Uint8Array(55),
	limit: new Uint8Array(32),
});

describe('a solver', () => {
	it.each([20, 1_000, 3_000, 15_000, 100_000])(
		'looks at its orders every 25 ms or so at %i hashes a ms',
		(perMs) => {
			const { solver, run, chunks } = simulate(perMs);
			solver(work(1));
			run(2_000);
			expect(Math.max(...chunks)).toBeLessThan(30);
			expect(Math.min(...chunks.slice(-20))).toBeGreaterThan(6);
		},
	);

	it('reports about ten times a second, and misses no hash', () => {
		const { solver, run, reports } = simulate(1_000);
		solver(work(1));
		run(3_000);
		expect(reports.length).toBeGreaterThan(20);
		expect(reports.length).toBeLessThan(32);
		const hashes = reports.reduce((sum, report) => sum + report.hashes, 0);
		const ms = reports.reduce((sum, report) => sum + report.ms, 0);
		expect(hashes / ms).toBeCloseTo(1_000, 5);
	});

	it('says what it found, with the hashes it took, and rests', () => {
		const { solver, run, reports, tasks } = simulate(1_000, 250_123);
		solver(work(7, 123));
		run(10_000);
		expect(reports.at(-1)).toMatchObject({ task: 7, nonce: 250_123 });
		expect(reports.reduce((sum, report) => sum + report.hashes, 0)).toBe(250_001);
		expect(tasks).toEqual([]);
	});

	it('stops within its chunk when told to, and says what it had done', () => {
		const { solver, run, reports, tasks, now } = simulate(1_000);
		solver(work(1));
		run(50);
		solver({ type: 'idle' });
		const stoppedAt = now();
		run(10_000);
		expect(tasks).toEqual([]);
		expect(now()).toBe(stoppedAt);
		expect(reports.reduce((sum, report) => sum + report.hashes, 0)).toBe(stoppedAt * 1_000);
	});

	it('goes over to new work without a second loop', () => {
		const { solver, run, reports, tasks } = simulate(1_000, 500_000);
		solver(work(1, 2 ** 36));
		run(20);
		solver(work(2, 400_000));
		expect(tasks.length).toBe(1);
		run(10_000);
		expect(reports[0]).toMatchObject({ task: 1 });
		expect(reports.at(-1)).toMatchObject({ task: 2, nonce: 500_000 });
	});

	it('takes an order given from inside its own report, as on a shared thread', () => {
		const tasks: (() => void)[] = [];
		const found: Report[] = [];
		const solver = createSolver({
			scan: (_preimage, start) => start + 2,
			now: () => 0,
			yieldThen: (run) => tasks.push(run),
			report: (report) => {
				found.push(report);
				if (found.length < 3) solver(work(found.length + 1, 1_000 * found.length));
			},
		});
		solver(work(1));
		for (let run = tasks.shift(); run; run = tasks.shift()) run();
		expect(found).toEqual([
			{ task: 1, hashes: 3, ms: 0, nonce: 2 },
			{ task: 2, hashes: 3, ms: 0, nonce: 1_002 },
			{ task: 3, hashes: 3, ms: 0, nonce: 2_002 },
		]);
	});

	it('stays interruptible when its clock stands still', () => {
		const tasks: (() => void)[] = [];
		const counts: number[] = [];
		const solver = createSolver({
			scan: (_preimage, _start, count) => {
				counts.push(count);
				return never;
			},
			now: () => 0,
			yieldThen: (run) => tasks.push(run),
			report: () => undefined,
		});
		solver(work(1));
		for (let i = 0; i < 60; i++) tasks.shift()?.();
		expect(counts.length).toBe(60);
		expect(Math.max(...counts)).toBe(2 ** 20);
	});
});
