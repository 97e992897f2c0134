/**
 * Remembers keys for at least `span` and at most twice that, in two generations of at most `capacity` each:
 * bounded for ever. Only when more than `capacity` keys come within one span is the oldest generation
 * forgotten early.
 */
export class SeenSet {
	readonly #span: number;
	readonly #capacity: number;
	#young = new Set<string>();
	#old = new Set<string>();
	#since: number;

	/** @param span ms a key is remembered. @param capacity keys a generation holds. @param now ms, any epoch. */
	constructor(span: number, capacity: number, now: number) {
		this.#span = span;
		this.#capacity = capacity;
		this.#since = now;
	}

	get size(): number {
		return this.#young.size + this.#old.size;
	}

	has(key: string): boolean {
		return this.#young.has(key) || this.#old.has(key);
	}

	/** True when the key was not there: check and insert in one step. */
	add(key: string, now: number): boolean {
		this.#age(now);
		if (this.has(key)) return false;
		this.#young.add(key);
		return true;
	}

	#age(now: number): void {
		const elapsed = now - this.#since;
		// A clock set back must not keep a generation alive for ever, nor drop one early.
		if (elapsed < 0) this.#since = now;
		if (elapsed < this.#span && this.#young.size < this.#capacity) return;
		this.#old = elapsed >= 2 * this.#span ? new Set() : this.#young;
		this.#young = new Set();
		this.#since = now;
	}
}
