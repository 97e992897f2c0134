import type { Millis } from '#lib/core/brand.ts';

interface Entry {
	readonly at: Millis;
	readonly order: number;
	run: (() => void) | undefined;
}

/** What the engine means to do later. Entries of one time run in the order they were made. */
export class Agenda {
	/** Binary heap, earliest first; cancelled entries stay until they surface. */
	readonly #heap: Entry[] = [];
	#order = 0;

	/** Calls `run` once `at` has come; the returned function cancels it. */
	at(at: Millis, run: () => void): () => void {
		const entry: Entry = { at, order: this.#order++, run };
		this.#heap.push(entry);
		this.#rise(this.#heap.length - 1);
		return () => {
			entry.run = undefined;
		};
	}

	next(): Millis | undefined {
		while (this.#heap[0] && !this.#heap[0].run) this.#pop();
		return this.#heap[0]?.at;
	}

	/** Runs everything due, also what becomes due meanwhile. */
	runDue(now: Millis): void {
		for (let next = this.next(); next !== undefined && next <= now; next = this.next()) this.#pop()?.run?.();
	}

	#pop(): Entry | undefined {
		const first = this.#heap[0];
		const last = this.#heap.pop();
		if (last && last !== first) {
			this.#heap[0] = last;
			this.#sink(0);
		}
		return first;
	}

	#rise(index: number): void {
		for (let child = index; child > 0;) {
			const parent = (child - 1) >> 1;
			if (!this.#swapIfBefore(child, parent)) return;
			child = parent;
		}
	}

	#sink(index: number): void {
		for (let parent = index; ;) {
			const left = 2 * parent + 1;
			const right = left + 1;
			const first = this.#before(right, left) ? right : left;
			if (!this.#swapIfBefore(first, parent)) return;
			parent = first;
		}
	}

	#before(a: number, b: number): boolean {
		const x = this.#heap[a];
		const y = this.#heap[b];
		return x !== undefined && (y === undefined || x.at < y.at || (x.at === y.at && x.order < y.order));
	}

	#swapIfBefore(a: number, b: number): boolean {
		const x = this.#heap[a];
		const y = this.#heap[b];
		if (!x || !y || !this.#before(a, b)) return false;
		this.#heap[a] = y;
		this.#heap[b] = x;
		return true;
	}
}
