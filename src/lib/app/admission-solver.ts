import type { Clock } from '#lib/core/clock.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import { estimateWork } from '#lib/pow/difficulty.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import type { AdmissionSolver } from '#lib/webrtc/ports.ts';

/** Admission proofs wait behind the proofs a person waits for. */
const priority = 5;

/**
 * Work for links that strangers can make a node open again and again: ms of this device at once, enough for five
 * links on a slow phone, and for each second after that.
 */
const budget = { burstMs: 60_000, msPerSecond: 50 } as const;

/** Rate assumed before the solver was measured, hashes a second. */
const assumedRate = 1_000_000;

/** Lets the links pay admission proofs with the node's own pool, within a budget. */
export function admissionSolver(
	pool: Pick<PowPool, 'solve' | 'cancel' | 'rate'>,
	clock: Pick<Clock, 'now'>,
): AdmissionSolver {
	const work = new TokenBucket(budget.msPerSecond, budget.burstMs, clock.now());
	let next = 0;
	return {
		solve(seed, complexity, signal) {
			const { expectedMs } = estimateWork(complexity, pool.rate() || assumedRate);
			// The link works without: it merely starts without credit.
			if (signal.aborted || !work.take(clock.now(), expectedMs)) return Promise.resolve(undefined);
			const id = `admission-${next++}`;
			return new Promise((resolve) => {
				const abort = () => {
					pool.cancel(id);
					resolve(undefined);
				};
				signal.addEventListener('abort', abort, { once: true });
				const settle = (proof: Parameters<typeof resolve>[0]) => {
					signal.removeEventListener('abort', abort);
					resolve(proof);
				};
				pool.solve(
					{ id, seed, complexity, priority },
					{ progress: () => {}, done: ({ proof }) => settle(proof), failed: () => settle(undefined) },
				);
			});
		},
	};
}
