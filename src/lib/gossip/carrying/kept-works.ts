import type { MsgId } from '#lib/core/brand.ts';
import type { Solution } from '#lib/pow/scheme.ts';
import type { Context } from '../context.ts';
import type { RecordWrite, WorkRecord } from '../records.ts';

/** Solved sub-puzzles are written together after this long, ms. */
const flushMs = 500;

/**
 * Proofs under way, for when the tab is loaded again: the favour they pay for is still good then, and what was solved
 * need not be solved twice. Kept is what is done for the person's own jobs; others' take a second or two at most.
 */
export class KeptWorks {
	readonly #context: Context;
	readonly #works = new Map<string, WorkRecord>();
	/** Of an earlier life of this tab, until they are taken up. */
	#left: readonly WorkRecord[];
	readonly #unsaved = new Set<string>();
	#flushing = false;

	constructor(context: Context, records: readonly WorkRecord[]) {
		this.#context = context;
		this.#left = records.filter(({ self }) => self === context.self);
	}

	/** Works on a job that an earlier life of this tab left and that still buy something. They are under way again. */
	takeUp(msgId: MsgId): readonly WorkRecord[] {
		const now = this.#context.now();
		const taken = this.#left
			.filter((work) => work.msgId === msgId && work.until > now)
			.map((work) => ({ ...work, restarts: work.restarts + 1 }));
		this.#left = this.#left.filter(({ workId }) => !taken.some((work) => work.workId === workId));
		for (const work of taken) this.begin(work);
		return taken;
	}

	begin(work: WorkRecord): void {
		this.#works.set(work.workId, work);
		this.#context.out.commit([put(work)]);
	}

	progress(workId: string, solved: readonly Solution[]): void {
		const work = this.#works.get(workId);
		if (!work || work.solved.length >= solved.length) return;
		this.#works.set(workId, { ...work, solved });
		this.#unsaved.add(workId);
		if (this.#flushing) return;
		this.#flushing = true;
		this.#context.agenda.at(this.#context.now() + flushMs, () => this.#flush());
	}

	end(workId: string): void {
		if (!this.#works.delete(workId)) return;
		this.#unsaved.delete(workId);
		this.#context.out.commit([this.#forget(workId)]);
	}

	/** Forgets what nobody took up. */
	sweep(): void {
		if (this.#left.length > 0) this.#context.out.commit(this.#left.map(({ workId }) => this.#forget(workId)));
		this.#left = [];
	}

	#flush(): void {
		this.#flushing = false;
		const writes = [...this.#unsaved].flatMap((workId) => {
			const work = this.#works.get(workId);
			return work ? [put(work)] : [];
		});
		this.#unsaved.clear();
		if (writes.length > 0) this.#context.out.commit(writes);
	}

	#forget(workId: string): RecordWrite {
		return { op: 'delete', table: 'works', key: [this.#context.self, workId] };
	}
}

const put = (value: WorkRecord): RecordWrite => ({ op: 'put', table: 'works', value });
