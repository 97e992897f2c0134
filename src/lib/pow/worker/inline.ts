import { scan } from '../kernel.ts';
import type { SpawnSolver } from './protocol.ts';
import { createSolver } from './solver.ts';
import { yieldThen } from './yield.ts';

/** A solver on this very thread: for tests, and where a browser gives a Worker no Workers of its own. */
export const spawnInline: SpawnSolver = ({ onreport }) => {
	let ended = false;
	const solver = createSolver({
		scan,
		now: () => performance.now(),
		yieldThen: (run) => yieldThen(() => (ended ? undefined : run())),
		report: (report) => (ended ? undefined : onreport(report)),
	});
	return {
		post: solver,
		terminate() {
			ended = true;
		},
	};
};
