import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Clock } from '#lib/core/clock.ts';
import { createPool, type PowPool } from './pool.ts';
import type { Report, SpawnSolver } from './protocol.ts';

const spawnThread: SpawnSolver = ({ onreport, onfailure }) => {
	const thread = new Worker(new URL('./node-entry.ts', import.meta.url));
	thread.on('message', (report: Report) => onreport(report));
	thread.on('error', (error) => onfailure(error instanceof Error ? error.message : String(error)));
	return {
		// An idle solver keeps no process alive.
		post(message) {
			if (message.type === 'scan') thread.ref();
			else thread.unref();
			thread.postMessage(message);
		},
		terminate: () => void thread.terminate(),
	};
};

/** The pool of a headless peer. */
export const createNodePool = (clock: Clock): PowPool =>
	createPool({ spawn: spawnThread, cores: availableParallelism(), clock });
