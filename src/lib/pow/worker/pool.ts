import type { Bytes } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { verifyProof } from '../verify.ts';
import { RunningJob, type PowJob, type PowProgress, type Puzzle } from './job.ts';
import { Crew, type CrewDeps, type GraphicsState, type Member, type Staff } from './crew.ts';
import type { Report } from './protocol.ts';

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
	/** Who works, 1..`most` on processors, and whether only begun sub-puzzles are finished and none is begun. */
	employ(mode: Staff & { readonly held: boolean }): void;
	/** Measured hashes a second of all solvers at work together; 0 before anything was measured. */
	rate(): number;
	graphics(): GraphicsState;
	/** Measures the rate with about a tenth of a second of work, unless it is known already. */
	calibrate(): Promise<number>;
	/** Ends all solvers; jobs not yet finished fail. */
	stop(): void;
}

export interface PoolDeps extends CrewDeps {
	/** Logical processors; one stays free for everything else, and at most four are used. */
	readonly cores: number;
	readonly clock: Clock;
}

/** Solvers with nothing to do end after this long, ms: each keeps a thread and a kernel. */
const idleMs = 60_000;

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

/**
 * Solves proofs on one to four processors, and the graphics card where that is wished. Solvers spread over the
 * sub-puzzles of the first job and converge on the last ones, so that none idles while one is left. Work is
 * memoryless: an interrupted job loses nothing.
 */
export function createPool({ cores, clock, ...deps }: PoolDeps): PowPool {
	const most = Math.min(4, Math.max(1, cores - 1));
	const queue: Entry[] = [];
	const waiting: ((rate: number) => void)[] = [];
	const crew = new Crew<Task>(deps, { solvers: most, graphics: false }, { onreport, onlost });
	let held = false;
	let cancelRest: (() => void) | undefined;
	let calibration: Entry | undefined;
	let nextTask = 1;
	let stopped = false;

	const priority = ({ running }: Entry) => running.job.priority ?? 0;

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
		if (first) crew.complete();
		const employed = new Set(crew.employed());
		for (const member of crew.members) {
			const current = member.now;
			const works = employed.has(member);
			if (current && works && isOpen(current) && (held || current.entry === first)) continue;
			const puzzle = works && first ? leastStaffed(first) : undefined;
			if (current) member.before = current;
			member.now = first && puzzle && { id: nextTask++, entry: first, puzzle };
			const next = member.now;
			if (next) member.port.post(next.entry.running.assignment(next.puzzle, next.id));
			else if (current) member.port.post({ type: 'idle' });
		}
	}

	/** Lets the solvers go when there was nothing to do for a while; the next job starts others. */
	function rest(): void {
		if (queue.length > 0) {
			cancelRest?.();
			cancelRest = undefined;
		} else if (crew.members.length > 0) {
			cancelRest ??= clock.after(idleMs, () => {
				cancelRest = undefined;
				crew.end();
			});
		}
	}

	const isOpen = ({ entry, puzzle }: Task) => puzzle.nonce === undefined && queue.includes(entry);

	function leastStaffed(entry: Entry): Puzzle | undefined {
		const staff = (puzzle: Puzzle) => crew.members.filter(({ now }) => now?.puzzle === puzzle).length;
		return entry.running.open.reduce<Puzzle | undefined>(
			(best, puzzle) => (best && staff(best) <= staff(puzzle) ? best : puzzle),
			undefined,
		);
	}

	function onreport(member: Member<Task>, report: Report): void {
		crew.measure(member, report);
		settleCalibration();
		const { task, hashes, nonce } = report;
		const done = [member.now, member.before].find((candidate) => candidate?.id === task);
		if (!done || !queue.includes(done.entry)) return;
		const { entry, puzzle } = done;
		entry.running.hashes += hashes;
		if (nonce !== undefined) puzzle.nonce ??= nonce;
		entry.events.progress(entry.running.progress);
		if (nonce === undefined) return;
		if (entry.running.proof) finish(entry, entry.running.proof);
		else assign();
	}

	function onlost(detail: string): void {
		if (crew.members.length > 0) {
			assign();
			settleCalibration();
			return;
		}
		for (const entry of queue.splice(0)) {
			entry.release();
			entry.events.failed(`no solver runs: ${detail}`);
		}
		settleCalibration();
	}

	/** Answers who waits for the rate, once every solver was measured or none is left. */
	function settleCalibration(): void {
		if (!crew.employed().every(({ rate }) => rate > 0)) return;
		const done = calibration;
		calibration = undefined;
		if (done) remove(done);
		for (const resolve of waiting.splice(0)) resolve(crew.rate());
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
		employ({ solvers, graphics, held: hold }) {
			crew.employ({ solvers: Math.min(most, Math.max(1, solvers)), graphics });
			held = hold;
			assign();
			settleCalibration();
		},
		rate: () => crew.rate(),
		graphics: () => crew.graphics(),
		calibrate() {
			if (stopped || crew.isKnown()) return Promise.resolve(crew.rate());
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
			crew.end();
			for (const entry of queue.splice(0)) {
				entry.release();
				entry.events.failed('the solver was stopped');
			}
			settleCalibration();
		},
	};
}
