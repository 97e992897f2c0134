import type { Scan, SlowScan } from '../kernel.ts';
import type { Assignment, Report, ToSolver } from './protocol.ts';

/** Time between looks at the inbox, ms: a cancel is obeyed well within 50 ms. */
const chunkMs = 12;
/** Time between progress reports, ms. */
const reportMs = 100;
const smallestBatch = 256;
/** Where a clock too coarse to measure a chunk ends up: 12 ms of a fast device. */
const largestBatch = 2 ** 20;

export interface SolverDeps {
	readonly scan: Scan | SlowScan;
	/** Nonces tried at once, at most; what a fast processor does in a chunk unless given. */
	readonly largestBatch?: number;
	/** Monotonic, ms with fractions. */
	readonly now: () => number;
	/** Calls `run` after whatever waits in the inbox was delivered. */
	readonly yieldThen: (run: () => void) => void;
	readonly report: (report: Report) => void;
	/** A scan that answers later has failed: nothing more will come. */
	readonly failed?: (reason: unknown) => void;
}

/** The loop of one solver: scans in short chunks and takes orders between them. */
export function createSolver({
	scan,
	now,
	yieldThen,
	report,
	failed,
	largestBatch: mostAtOnce = largestBatch,
}: SolverDeps): (message: ToSolver) => void {
	let work: Assignment | undefined;
	let next = 0;
	let batch = smallestBatch;
	let looping = false;
	let hashes = 0;
	let ms = 0;

	/** Everything is settled before the report leaves: on a shared thread the next order comes from inside it. */
	function tell(task: number, nonce?: number): void {
		const done = { task, hashes, ms, ...(nonce === undefined ? {} : { nonce }) };
		hashes = 0;
		ms = 0;
		if (done.hashes > 0) report(done);
	}

	function chunk(): void {
		looping = work !== undefined;
		if (!work) return;
		const assignment = work;
		const began = now();
		const found = scan(assignment.preimage, next, batch, assignment.limit);
		if (typeof found === 'number') settle(assignment, began, found);
		else
			found.then(
				(nonce) => settle(assignment, began, nonce),
				(reason: unknown) => failed?.(reason),
			);
	}

	function settle(assignment: Assignment, began: number, nonce: number): void {
		const took = now() - began;
		if (work === assignment) count(assignment, took, nonce);
		yieldThen(chunk);
	}

	/** What came while it was called away from the assignment counts for nothing. */
	function count({ task }: Assignment, took: number, nonce: number): void {
		const tried = nonce < 0 ? batch : nonce - next + 1;
		hashes += tried;
		ms += took;
		next += tried;
		if (nonce >= 0) {
			work = undefined;
			tell(task, nonce);
			return;
		}
		adapt(took);
		if (ms >= reportMs) tell(task);
	}

	/** Towards batches that take `chunkMs`, at most doubling: a coarse or jumping clock does little harm. */
	function adapt(took: number): void {
		const factor = took > 0 ? chunkMs / took : 2;
		const wanted = Math.round(batch * Math.min(2, Math.max(0.25, factor)));
		batch = Math.min(mostAtOnce, Math.max(smallestBatch, wanted));
	}

	return (message) => {
		const { task } = work ?? {};
		work = message.type === 'scan' ? message : undefined;
		next = work?.start ?? 0;
		if (task !== undefined) tell(task);
		if (looping || !work) return;
		looping = true;
		yieldThen(chunk);
	};
}
