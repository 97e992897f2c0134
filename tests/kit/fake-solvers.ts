import { scan } from '#lib/pow/kernel.ts';
import type { Assignment, Report, SolverEvents, SolverPort, SpawnSolver } from '#lib/pow/worker/protocol.ts';

/** A solver that works only when the test says so. */
export interface FakeSolver {
	/** What it was last told to do. */
	work: Assignment | undefined;
	terminated: boolean;
	/** Finds the nonce it was told to look for, and says so. */
	solve(ms?: number): void;
	report(report: Partial<Report>): void;
	fail(detail: string): void;
}

export function fakeSolvers(): { spawn: SpawnSolver; solvers: FakeSolver[] } {
	const solvers: FakeSolver[] = [];
	const spawn = ({ onreport, onfailure }: SolverEvents): SolverPort => {
		const solver: FakeSolver = {
			work: undefined,
			terminated: false,
			solve(ms = 10) {
				if (!solver.work) throw new Error('nothing to solve');
				const { task, preimage, start, limit } = solver.work;
				const nonce = scan(preimage, start, 1_000_000, limit);
				solver.work = undefined;
				onreport({ task, hashes: nonce - start + 1, ms, nonce });
			},
			report: (report) => onreport({ task: solver.work?.task ?? 0, hashes: 100, ms: 10, ...report }),
			fail: onfailure,
		};
		solvers.push(solver);
		return {
			post: (message) => {
				solver.work = message.type === 'scan' ? message : undefined;
			},
			terminate: () => {
				solver.terminated = true;
			},
		};
	};
	return { spawn, solvers };
}
