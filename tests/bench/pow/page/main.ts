import { systemClock } from '#lib/app/platform/clock.ts';
import { preimageOf } from '#lib/pow/scheme.ts';
import { createBrowserPool } from '#lib/pow/worker/browser-pool.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import type { Report, ToSolver } from '#lib/pow/worker/protocol.ts';
import type { Answer, PageFigures } from './protocol.ts';

/** A proof the size of a favour's, and how many are solved. */
const complexity = 2 ** 22;
const proofs = 8;
/** Cancels, each in the middle of a search. */
const stops = 40;

let job = 0;
const seed = () => crypto.getRandomValues(new Uint8Array(32));

const solve = (pool: PowPool, work: number) =>
	new Promise<number>((resolve, reject) => {
		pool.solve(
			{ id: String(job++), seed: seed(), complexity: work },
			{
				progress: () => undefined,
				done: ({ hashes }) => resolve(hashes),
				failed: (why) => reject(new Error(why)),
			},
		);
	});

/** Times from taking a solver off a search to having its answer to the next, which any nonce solves, ms. */
async function stopTimes(): Promise<number[]> {
	const solver = new Worker(new URL('../../../../src/lib/pow/worker/entry.ts', import.meta.url), {
		type: 'module',
	});
	const preimage = preimageOf(seed(), 0);
	const reported = (wanted: number) =>
		new Promise<void>((resolve) => {
			solver.onmessage = ({ data }: MessageEvent<Report>) => {
				if (data.task === wanted) resolve();
			};
		});
	const scan = (task: number, limit: Uint8Array<ArrayBuffer>) => {
		const done = reported(task);
		solver.postMessage({ type: 'scan', task, preimage, limit, start: 0 } satisfies ToSolver);
		return done;
	};
	const times: number[] = [];
	for (let stop = 0; stop < stops; stop++) {
		await scan(2 * stop, new Uint8Array(32));
		const began = performance.now();
		solver.postMessage({ type: 'idle' } satisfies ToSolver);
		await scan(2 * stop + 1, new Uint8Array(32).fill(0xff));
		times.push(performance.now() - began);
	}
	solver.terminate();
	return times.sort((a, b) => a - b);
}

globalThis.measurePool = async (): Promise<PageFigures> => {
	let longTasks = 0;
	const observer = new PerformanceObserver((list) => (longTasks += list.getEntries().length));
	const pool = createBrowserPool(systemClock);
	await pool.calibrate();
	observer.observe({ type: 'longtask' });
	for (let i = 0; i < proofs; i++) await solve(pool, complexity);
	longTasks += observer.takeRecords().length;
	observer.disconnect();
	const poolMHs = pool.rate() / 1e6;
	pool.stop();
	const times = await stopTimes();
	return { poolMHs, cancelMs: times[Math.ceil(0.95 * stops) - 1] ?? NaN, longTasks };
};

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
globalThis.ask = (question) =>
	new Promise((resolve, reject) => {
		worker.onmessage = ({ data }: MessageEvent<Answer>) =>
			'error' in data ? reject(new Error(data.error)) : resolve(data.answer);
		worker.onerror = ({ message }) => reject(new Error(message));
		worker.postMessage(question);
	});
