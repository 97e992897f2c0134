import { scan } from '../kernel.ts';
import type { Report, ToSolver } from './protocol.ts';
import { createSolver } from './solver.ts';
import { yieldThen } from './yield.ts';

/** Entry of a solver's Worker in a browser. */
const scope = self as unknown as {
	postMessage(report: Report): void;
	onmessage: (event: MessageEvent<ToSolver>) => void;
};
const solver = createSolver({
	scan,
	now: () => performance.now(),
	yieldThen,
	report: (report) => scope.postMessage(report),
});
scope.onmessage = ({ data }) => solver(data);
