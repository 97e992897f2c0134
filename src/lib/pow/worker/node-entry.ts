import { parentPort } from 'node:worker_threads';
import { emitWasm } from '../generator/emit/wasm.ts';
import { searchProgram } from '../generator/program.ts';
import { scanWith } from '../block-search.ts';
import { instantiate } from './load-scan.ts';
import type { ToSolver } from './protocol.ts';
import { createSolver } from './solver.ts';
import { yieldThen } from './yield.ts';

/** Entry of a solver's thread in Node, where no build came before: it generates the kernel itself. */
if (!parentPort) throw new Error('not a worker thread');
const port = parentPort;
const solver = instantiate(emitWasm(searchProgram(), 4)).then((search) =>
	createSolver({
		scan: scanWith(search),
		now: () => performance.now(),
		yieldThen,
		report: (report) => port.postMessage(report),
	}),
);
port.on('message', (message: ToSolver) => void solver.then((receive) => receive(message)));
