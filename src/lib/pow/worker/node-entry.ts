import { parentPort } from 'node:worker_threads';
import { scan } from '../kernel.ts';
import type { ToSolver } from './protocol.ts';
import { createSolver } from './solver.ts';
import { yieldThen } from './yield.ts';

/** Entry of a solver's thread in Node. */
if (!parentPort) throw new Error('not a worker thread');
const port = parentPort;
const solver = createSolver({
	scan,
	now: () => performance.now(),
	yieldThen,
	report: (report) => port.postMessage(report),
});
port.on('message', (message: ToSolver) => solver(message));
