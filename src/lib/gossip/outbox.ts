import type { Effect } from './effect.ts';
import type { RecordWrite } from './records.ts';
import type { ActivityView } from './view.ts';

export type Slice = Extract<Effect, { kind: 'changed' }>['slices'][number];

/** Collects what one event or command wants done. */
export class Outbox {
	#effects: Effect[] = [];
	#notices: ActivityView[] = [];
	readonly #stale = new Set<Slice>();

	push(effect: Effect): void {
		this.#effects.push(effect);
	}

	/** Effects pushed while `then` runs, and notices given before, wait until the writes are durable. */
	commit(writes: readonly RecordWrite[], then: () => void = () => undefined): void {
		const outer = this.#effects;
		const after: Effect[] = [];
		this.#effects = after;
		then();
		this.#tell();
		this.#effects = outer;
		outer.push({ kind: 'commit', writes, then: after });
	}

	changed(...slices: readonly Slice[]): void {
		for (const slice of slices) this.#stale.add(slice);
	}

	/** Tells the person, once the next commit is durable. */
	notify(activity: ActivityView): void {
		this.#notices.push(activity);
	}

	drain(): Effect[] {
		this.#tell();
		if (this.#stale.size > 0) this.push({ kind: 'changed', slices: [...this.#stale] });
		this.#stale.clear();
		const effects = this.#effects;
		this.#effects = [];
		return effects;
	}

	#tell(): void {
		for (const activity of this.#notices) this.push({ kind: 'notify', activity });
		this.#notices = [];
	}
}
