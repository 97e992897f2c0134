import type { Clock } from '#lib/core/clock.ts';
import { spawnInline } from './inline.ts';
import { createPool, type PowPool } from './pool.ts';
import type { Report, SolverEvents, SolverPort, SpawnSolver } from './protocol.ts';

const spawnWorker: SpawnSolver = (events) =>
	listen(new Worker(new URL('./entry.ts', import.meta.url), { type: 'module', name: 'pow' }), events);

function listen(worker: Worker, { onreport, onfailure }: SolverEvents): SolverPort {
	worker.onmessage = ({ data }: MessageEvent<Report>) => onreport(data);
	worker.onerror = ({ message }) => onfailure(message || 'the Worker did not start');
	return { post: (message) => worker.postMessage(message), terminate: () => worker.terminate() };
}

/** Opened where it is used: another Worker, so that a card that hangs holds up no other. */
const spawnGraphics: SpawnSolver = (events) =>
	listen(
		new Worker(new URL('./graphics/entry.ts', import.meta.url), { type: 'module', name: 'pow-graphics' }),
		events,
	);

/** The pool of a tab: made in the page or in the node's own Worker, whose solvers are then nested Workers. */
export const createBrowserPool = (clock: Clock): PowPool =>
	createPool({
		...(typeof Worker === 'undefined' ? { spawn: spawnInline } : { spawn: spawnWorker, spawnGraphics }),
		cores: typeof Worker === 'undefined' ? 1 : navigator.hardwareConcurrency,
		clock,
	});
