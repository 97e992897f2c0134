import type { PowPool } from '#lib/pow/worker/pool.ts';
import type { AdmissionSolver } from '#lib/webrtc/ports.ts';

/** Admission proofs wait behind the proofs a person waits for. */
const priority = 5;

/** Lets the links pay admission proofs with the node's own pool. */
export function admissionSolver(pool: Pick<PowPool, 'solve' | 'cancel'>): AdmissionSolver {
	let next = 0;
	return {
		solve(seed, complexity, signal) {
			const id = `admission-${next++}`;
			return new Promise((resolve) => {
				const abort = () => {
					pool.cancel(id);
					resolve(undefined);
				};
				if (signal.aborted) {
					resolve(undefined);
					return;
				}
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
