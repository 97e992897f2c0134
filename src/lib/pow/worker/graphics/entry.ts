import { code, workgroup } from 'virtual:pow-kernel/wgsl';
import { slowScanWith } from '../../block-search.ts';
import type { Report, ToSolver } from '../protocol.ts';
import { createSolver } from '../solver.ts';
import { yieldThen } from '../yield.ts';
import { openGraphics } from './device.ts';

/** Entry of the Worker that solves on the graphics card. */
const scope = self as unknown as {
	postMessage(report: Report): void;
	onmessage: (event: MessageEvent<ToSolver>) => void;
};

/** As many nonces as the shader counts through in one question. */
const largestBatch = 2 ** 24;

// An error that nobody catches is an event of the Worker in its parent, a rejected promise is none.
const failed = (reason: unknown) => reportError(reason);

const solver = openGraphics({ code, workgroup }, (reason) => failed(new Error(reason))).then((search) =>
	createSolver({
		scan: slowScanWith(search),
		largestBatch,
		now: () => performance.now(),
		yieldThen,
		report: (report) => scope.postMessage(report),
		failed,
	}),
);
solver.catch(failed);
// Set at once: a message that nobody listens for is lost. That no card opens was said above.
scope.onmessage = ({ data }) => void solver.then((receive) => receive(data)).catch(() => undefined);
