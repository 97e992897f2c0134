import { describe, expect, it } from 'vitest';
import { slowScanWith } from '#lib/pow/block-search.ts';
import { scan as plainScan } from '#lib/pow/kernel.ts';
import { largestDigest, preimageOf } from '#lib/pow/scheme.ts';
import { verifyProof } from '#lib/pow/verify.ts';
import { createPool } from '#lib/pow/worker/pool.ts';
import type { Report } from '#lib/pow/worker/protocol.ts';
import { createSolver } from '#lib/pow/worker/solver.ts';
import { fakeSolvers } from '../kit/fake-solvers.ts';
import { virtualClock } from '../kit/virtual-clock.ts';

const seed = Uint8Array.from({ length: 32 }, (_, i) => i * 5);
const complexity = 16 * 64;

/** One solver on a processor, and a graphics card. */
function setup() {
	const clock = virtualClock();
	const [processors, cards] = [fakeSolvers(), fakeSolvers()];
	const pool = createPool({ spawn: processors.spawn, spawnGraphics: cards.spawn, cores: 1, clock });
	const wish = (graphics: boolean) => pool.employ({ solvers: 1, graphics, held: false });
	return { clock, pool, wish, processor: () => processors.solvers.at(-1)!, cards: cards.solvers };
}

describe('the graphics card', () => {
	it('is left alone until it is wished', async () => {
		const { clock, pool, cards } = setup();
		void pool.calibrate();
		await clock.advance(0);
		expect(cards).toEqual([]);
		expect(pool.graphics()).toEqual({ state: 'off' });
	});

	it('is measured at once when it is wished, and counts in the rate', async () => {
		const { clock, pool, wish, processor, cards } = setup();
		const alone = pool.calibrate();
		await clock.advance(0);
		processor().report({ hashes: 1_000, ms: 1 });
		expect(await alone).toBe(1_000_000);
		wish(true);
		const together = pool.calibrate();
		expect(pool.graphics()).toEqual({ state: 'starting' });
		await clock.advance(0);
		processor().report({ hashes: 1_000, ms: 1 });
		cards[0]!.report({ hashes: 50_000, ms: 1 });
		expect(await together).toBe(51_000_000);
		expect(pool.graphics()).toEqual({ state: 'working', rate: 50_000_000 });
		wish(false);
		expect(pool.rate()).toBe(1_000_000);
		expect(pool.graphics()).toEqual({ state: 'off' });
	});

	it('works beside the processor, and stops with the wish', async () => {
		const { clock, pool, wish, processor, cards } = setup();
		wish(true);
		const done = new Promise<Uint8Array>((resolve, reject) => {
			pool.solve(
				{ id: 'a', seed, complexity },
				{ progress: () => undefined, done: ({ proof }) => resolve(proof), failed: reject },
			);
		});
		await clock.advance(0);
		expect(cards[0]!.work!.preimage[47]).not.toBe(processor().work!.preimage[47]);
		for (let solved = 0; solved < 8; solved++) cards[0]!.solve();
		wish(false);
		expect(cards[0]!.work).toBeUndefined();
		while (processor().work) processor().solve();
		expect(verifyProof(seed, complexity, await done)).toMatchObject({ ok: true });
	});

	it('that fails leaves the processor to it, says why, and is tried again when it is wished again', async () => {
		const { clock, pool, wish, processor, cards } = setup();
		wish(true);
		const rate = pool.calibrate();
		await clock.advance(0);
		processor().report({ hashes: 1_000, ms: 1 });
		cards[0]!.fail('no adapter');
		expect(await rate).toBe(1_000_000);
		expect(pool.graphics()).toEqual({ state: 'failed', detail: 'no adapter' });
		void pool.calibrate();
		await clock.advance(0);
		expect(cards).toHaveLength(1);
		wish(false);
		wish(true);
		void pool.calibrate();
		await clock.advance(0);
		expect(cards).toHaveLength(2);
	});
});

describe('a kernel that answers later', () => {
	/** A solver over the plain kernel, whose answers wait until they are let through. */
	function slow() {
		const pending: (() => void)[] = [];
		const reports: Report[] = [];
		const failures: unknown[] = [];
		const tasks: (() => void)[] = [];
		let ms = 0;
		const receive = createSolver({
			scan: (...asked) =>
				new Promise((resolve, reject) => {
					pending.push(() => (asked[2] > 512 ? reject(new Error('lost')) : resolve(plainScan(...asked))));
				}),
			now: () => (ms += 3),
			yieldThen: (run) => tasks.push(run),
			report: (report) => reports.push(report),
			failed: (reason) => failures.push(reason),
		});
		const turn = async () => {
			tasks.shift()?.();
			pending.shift()?.();
			await Promise.resolve().then(() => undefined);
			await Promise.resolve();
		};
		return { receive, reports, failures, turn, tasks };
	}
	const order = (task: number, complexity: number) => ({
		type: 'scan' as const,
		task,
		preimage: preimageOf(seed, task),
		limit: largestDigest(complexity),
		start: 0,
	});

	it('finds what the plain kernel finds', async () => {
		const { receive, reports, turn } = slow();
		receive(order(1, 16 * 16));
		for (let i = 0; i < 10 && reports.length === 0; i++) await turn();
		const expected = plainScan(preimageOf(seed, 1), 0, 4_096, largestDigest(16 * 16));
		expect(reports).toMatchObject([{ task: 1, nonce: expected }]);
	});

	it('is not believed about work it was called away from', async () => {
		const { receive, reports, turn, tasks } = slow();
		receive(order(1, 16));
		tasks.shift()!();
		receive({ type: 'idle' });
		await turn();
		expect(reports).toEqual([]);
	});

	it('that fails is said to have failed', async () => {
		const { receive, failures, turn } = slow();
		receive(order(1, Number.MAX_SAFE_INTEGER));
		for (let i = 0; i < 10 && failures.length === 0; i++) await turn();
		expect(failures).toHaveLength(1);
	});

	it('has its finds confirmed, like every other', async () => {
		const liar = {
			given: new Int32Array(21),
			search: (first: number) => Promise.resolve(first === 0 ? 7 : -1),
		};
		const limit = new Uint8Array(32);
		expect(await slowScanWith(liar)(preimageOf(seed, 0), 0, 100, limit)).toBe(-1);
	});
});
