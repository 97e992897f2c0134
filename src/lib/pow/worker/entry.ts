import { loadBrowserScan } from './browser-scan.ts';
import type { Report, ToSolver } from './protocol.ts';
import { createSolver } from './solver.ts';
import { yieldThen } from './yield.ts';

/** Entry of a solver's Worker in a browser. */
const scope = self as unknown as {
	postMessage(report: Report): void;
	onmessage: (event: MessageEvent<ToSolver>) => void;
};
const solver = loadBrowserScan().then(({ scan }) =>
	createSolver({
		scan,
		now: () => performance.now(),
		yieldThen,
		report: (report) => scope.postMessage(report),
	}),
);
// Set at once, not when the kernel is there: a message that nobody listens for is lost.
scope.onmessage = ({ data }) => void solver.then((receive) => receive(data));
