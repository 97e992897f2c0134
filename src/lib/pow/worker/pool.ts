import type { Bytes } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { verifyProof } from '../verify.ts';
import { RunningJob, type PowJob, type PowProgress, type Puzzle } from './job.ts';
import type { Report, SolverPort, SpawnSolver } from './protocol.ts';

export type { PowJob, PowProgress } from './job.ts';

export interface PowEvents {
	/** About ten times a second for each solver. */
	progress(state: PowProgress): void;
	done(result: { readonly proof: Bytes; readonly hashes: number }): void;
	failed(detail: string): void;
}

export interface PowPool {
	/** Queues a job. Exactly one of `done` and `failed` follows, never from inside this call. */
	solve(job: PowJob, events: PowEvents): void;
	/** Stops a job at once; none of its events follow. Unknown ids are ignored. */
	cancel(id: string): void;
	/** Solvers there are processors for, 1..4. */
	readonly most: number;
	/** How many work at once, 1..`most`, and whether only begun sub-puzzles are finished and none is begun. */
	employ(mode: { readonly solvers: number; readonly held: boolean }): void;
	/** Measured hashes a second of all solvers at work together; 0 before anything was measured. */
	rate(): number;
	/** Measures the rate with about a tenth of a second of work, unless it is known already. */
	calibrate(): Promise<number>;
	/** Ends all solvers; jobs not yet finished fail. */
	stop(): void;
}

export interface PoolDeps {
	/** Starts one solver; may fail later, through its events, but not from inside the call. */
	readonly spawn: SpawnSolver;
	/** Logical processors; one stays free for everything else, and at most four are used. */
	readonly cores: number;
	readonly clock: Clock;
}

/** Solvers with nothing to do end after this long, ms: each keeps a thread and a kernel. */
const idleMs = 60_000;
/** Weight of the newest measurement in a solver's rate. */
const rateWeight = 0.3;

interface Task {
	readonly id: number;
	readonly entry: Entry;
	readonly puzzle: Puzzle;
}

interface Entry {
	readonly running: RunningJob;
	readonly events: PowEvents;
	/** Ends its deadline's timer. */
	release: () => void;
}

interface Slot {
	readonly port: SolverPort;
	now: Task | undefined;
	/** What it did before: its last report may still be on its way. */
	before: Task | undefined;
	rate: number;
}

/**
 * Solves proofs on one to four solvers. They spread over the sub-puzzles of the first job and converge on the last
 * ones, so that none idles while one is left. Work is memoryless: an interrupted job loses nothing.
 */
export function createPool({ spawn, cores, clock }: PoolDeps): PowPool {
	const most = Math.min(4, Math.max(1, cores - 1));
	const queue: Entry[] = [];
	const waiting: ((rate: number) => void)[] = [];
	let slots: Slot[] = [];
	let wanted = most;
	let held = false;
	/** Solvers that failed and are not tried again while others run. */
	let lost = 0;
	/** Hashes a second of one solver, as last measured of those that ended for want of work. */
	let remembered = 0;
	let cancelRest: (() => void) | undefined;
	let calibration: Entry | undefined;
	let nextTask = 1;
	let stopped = false;

	const working = () => slots.slice(0, wanted);
	/** One that was not measured yet is taken for as fast as the others. */
	function rate(): number {
		const measured = working().filter((slot) => slot.rate > 0);
		const sum = measured.reduce((total, slot) => total + slot.rate, 0);
		return measured.length === 0 ? remembered * wanted : (sum / measured.length) * working().length;
	}
	const priority = ({ running }: Entry) => running.job.priority ?? 0;

	function spawnSlot(): Slot {
		const slot: Slot = {
			now: undefined,
			before: undefined,
			rate: 0,
			port: spawn({
				onreport: (report) => onreport(slot, report),
				onfailure: (detail) => onfailure(slot, detail),
			}),
		};
		return slot;
	}

	function enqueue(job: PowJob, events: PowEvents): Entry {
		const entry: Entry = { running: new RunningJob(job), events, release: () => undefined };
		const behind = queue.findIndex((other) => priority(other) > priority(entry));
		queue.splice(behind < 0 ? queue.length : behind, 0, entry);
		entry.release = clock.after(0, () => begin(entry));
		return entry;
	}

	function begin(entry: Entry): void {
		entry.release = () => undefined;
		if (stopped) fail(entry, 'the solver was stopped');
		else if (entry.running.proof) finish(entry, entry.running.proof);
		else {
			watch(entry);
			assign();
		}
	}

	/** Fails the entry when its deadline has come; a clock's timers may come early. */
	function watch(entry: Entry): void {
		const { deadline } = entry.running.job;
		if (deadline === undefined) return;
		const left = deadline - clock.now();
		if (left > 0) entry.release = clock.after(left, () => watch(entry));
		else fail(entry, 'its time is over');
	}

	function remove(entry: Entry): boolean {
		const at = queue.indexOf(entry);
		if (at < 0) return false;
		queue.splice(at, 1);
		entry.release();
		assign();
		return true;
	}

	function fail(entry: Entry, detail: string): void {
		if (remove(entry)) entry.events.failed(detail);
	}

	function finish(entry: Entry, proof: Bytes): void {
		const { seed, complexity } = entry.running.job;
		// Sixteen hashes that keep a kernel's fault from being sent as a proof.
		const checked = verifyProof(seed, complexity, proof);
		if (!checked.ok) fail(entry, `solved wrongly: ${checked.error.detail}`);
		else if (remove(entry)) entry.events.done({ proof, hashes: entry.running.hashes });
	}

	/**
	 * Puts every solver that is to work on an open sub-puzzle of the first job, unless it is on one already. Held, they
	 * finish what they are on, and begin nothing but a measurement.
	 */
	function assign(): void {
		if (stopped) return;
		rest();
		const first = held ? calibration : queue[0];
		if (first) while (slots.length + lost < wanted) slots.push(spawnSlot());
		for (const [at, slot] of slots.entries()) {
			const current = slot.now;
			const employed = at < wanted;
			if (current && employed && isOpen(current) && (held || current.entry === first)) continue;
			const puzzle = employed && first ? leastStaffed(first) : undefined;
			if (current) slot.before = current;
			slot.now = first && puzzle && { id: nextTask++, entry: first, puzzle };
			if (slot.now) slot.port.post(slot.now.entry.running.assignment(slot.now.puzzle, slot.now.id));
			else if (current) slot.port.post({ type: 'idle' });
		}
	}

	/** Lets the solvers go when there was nothing to do for a while; the next job starts others. */
	function rest(): void {
		if (queue.length > 0) {
			cancelRest?.();
			cancelRest = undefined;
		} else if (slots.length > 0) {
			cancelRest ??= clock.after(idleMs, () => {
				cancelRest = undefined;
				remembered = rate() / Math.max(1, working().length);
				lost = 0;
				end();
			});
		}
	}

	function end(): void {
		for (const { port } of slots.splice(0)) port.terminate();
	}

	const isOpen = ({ entry, puzzle }: Task) => puzzle.nonce === undefined && queue.includes(entry);

	function leastStaffed(entry: Entry): Puzzle | undefined {
		const staff = (puzzle: Puzzle) => slots.filter(({ now }) => now?.puzzle === puzzle).length;
		return entry.running.open.reduce<Puzzle | undefined>(
			(best, puzzle) => (best && staff(best) <= staff(puzzle) ? best : puzzle),
			undefined,
		);
	}

	function onreport(slot: Slot, { task, hashes, ms, nonce }: Report): void {
		if (ms > 0) {
			const measured = (hashes / ms) * 1_000;
			slot.rate = slot.rate === 0 ? measured : slot.rate + rateWeight * (measured - slot.rate);
			settleCalibration();
		}
		const done = [slot.now, slot.before].find((candidate) => candidate?.id === task);
		if (!done || !queue.includes(done.entry)) return;
		const { entry, puzzle } = done;
		entry.running.hashes += hashes;
		if (nonce !== undefined) puzzle.nonce ??= nonce;
		entry.events.progress(entry.running.progress);
		if (nonce === undefined) return;
		if (entry.running.proof) finish(entry, entry.running.proof);
		else assign();
	}

	function onfailure(slot: Slot, detail: string): void {
		slots = slots.filter((other) => other !== slot);
		if (slots.length > 0) {
			lost += 1;
			assign();
			return;
		}
		lost = 0;
		for (const entry of queue.splice(0)) {
			entry.release();
			entry.events.failed(`no solver runs: ${detail}`);
		}
		settleCalibration();
	}

	/** Answers who waits for the rate, once every solver was measured or none is left. */
	function settleCalibration(): void {
		if (!working().every((slot) => slot.rate > 0)) return;
		const done = calibration;
		calibration = undefined;
		if (done) remove(done);
		for (const resolve of waiting.splice(0)) resolve(rate());
	}

	return {
		solve(job, events) {
			enqueue(job, events);
		},
		cancel(id) {
			const entry = queue.find(({ running }) => running.job.id === id);
			if (entry) remove(entry);
		},
		most,
		employ({ solvers, held: hold }) {
			wanted = Math.min(most, Math.max(1, solvers));
			held = hold;
			assign();
			settleCalibration();
		},
		rate,
		calibrate() {
			if (stopped || rate() > 0) return Promise.resolve(rate());
			const silent: PowEvents = { progress: () => undefined, done: () => undefined, failed: () => undefined };
			// A puzzle that is never solved, behind everything else.
			calibration ??= enqueue(
				{
					id: 'calibration',
					seed: new Uint8Array(32),
					complexity: Number.MAX_SAFE_INTEGER,
					priority: Infinity,
				},
				silent,
			);
			return new Promise((resolve) => waiting.push(resolve));
		},
		stop() {
			stopped = true;
			cancelRest?.();
			end();
			for (const entry of queue.splice(0)) {
				entry.release();
				entry.events.failed('the solver was stopped');
			}
			settleCalibration();
		},
	};
}
