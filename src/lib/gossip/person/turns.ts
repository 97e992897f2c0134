interface Wish {
	readonly from: string;
	readonly rank: number;
	readonly go: () => void;
}

/** What stands in a queue for a turn. */
export interface Turn {
	/** Who brought it: one bringer gets at most half of the turns. */
	readonly from: string;
	/** Smaller goes first. */
	readonly rank: number;
}

/**
 * Whose turn it is to be called: few at once, the likeliest first, and however much one neighbour brings, what others
 * bring does not wait for it.
 */
export class Turns {
	readonly #atOnce: number;
	readonly #running = new Map<string, string>();
	readonly #waiting = new Map<string, Wish>();

	constructor(atOnce: number) {
		this.#atOnce = atOnce;
	}

	/** Calls `go` when the turn of `id` has come, at once where there is room; again if it has its turn already. */
	ask(id: string, turn: Turn, go: () => void): void {
		if (this.#running.has(id)) {
			go();
			return;
		}
		this.#waiting.set(id, { ...turn, go });
		this.#next();
	}

	/** It needs no turn any more. */
	done(id: string): void {
		this.#waiting.delete(id);
		if (this.#running.delete(id)) this.#next();
	}

	#next(): void {
		if (this.#running.size >= this.#atOnce) return;
		const half = Math.max(1, Math.floor(this.#atOnce / 2));
		const running = (from: string) => [...this.#running.values()].filter((other) => other === from).length;
		const [first] = [...this.#waiting]
			.filter(([, { from }]) => running(from) < half)
			.sort(([, a], [, b]) => running(a.from) - running(b.from) || a.rank - b.rank);
		if (!first) return;
		const [id, { from, go }] = first;
		this.#waiting.delete(id);
		this.#running.set(id, from);
		go();
		this.#next();
	}
}
