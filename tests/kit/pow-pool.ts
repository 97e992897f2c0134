import { createPool, type PowJob, type PowPool, type PowProgress } from '#lib/pow/worker/pool.ts';
import { bytesOf } from './actors.ts';
import { fakeSolvers } from './fake-solvers.ts';
import { virtualClock } from './virtual-clock.ts';

/** 64 expected hashes a sub-puzzle. */
export const complexity = 16 * 64;

/** A pool whose solvers work when the test says so, on a virtual clock. */
export function setup(cores: number) {
	const clock = virtualClock();
	const { spawn, solvers } = fakeSolvers();
	const pool = createPool({ spawn, cores, clock });
	return { clock, solvers, pool };
}

/** Everything that happened to a job. */
export function follow(pool: PowPool, job: Omit<PowJob, 'seed' | 'complexity'> & Partial<PowJob>) {
	const story: { progress: PowProgress[]; proof?: Uint8Array; hashes?: number; failed?: string } = {
		progress: [],
	};
	const whole = { seed: bytesOf(job.id), complexity, ...job };
	pool.solve(whole, {
		progress: (state) => story.progress.push(state),
		done: ({ proof, hashes }) => Object.assign(story, { proof, hashes }),
		failed: (detail) => Object.assign(story, { failed: detail }),
	});
	return Object.assign(story, { job: whole });
}

/** Number of the sub-puzzle a solver is on. */
export const puzzleOf = (solver: { work: { preimage: Uint8Array } | undefined }) => solver.work?.preimage[47];
