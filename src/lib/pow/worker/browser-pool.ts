import type { Clock } from '#lib/core/clock.ts';
import { spawnInline } from './inline.ts';
import { createPool, type PowPool } from './pool.ts';
import type { Report, SpawnSolver } from './protocol.ts';

const spawnWorker: SpawnSolver = ({ onreport, onfailure }) => {
	const worker = new Worker(new URL('./entry.ts', import.meta.url), { type: 'module', name: 'pow' });
	worker.onmessage = ({ data }: MessageEvent<Report>) => onreport(data);
	worker.onerror = ({ message }) => onfailure(message || 'the Worker did not start');
	return { post: (message) => worker.postMessage(message), terminate: () => worker.terminate() };
};

/** The pool of a tab: made in the page or in the node's own Worker, whose solvers are then nested Workers. */
export const createBrowserPool = (clock: Clock): PowPool =>
	createPool({
		spawn: typeof Worker === 'undefined' ? spawnInline : spawnWorker,
		cores: typeof Worker === 'undefined' ? 1 : navigator.hardwareConcurrency,
		clock,
	});
