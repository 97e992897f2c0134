/** A map of the `capacity` keys set last; the longest untouched one is forgotten. */
export class RecentMap<K, V> {
	readonly #capacity: number;
	readonly #entries = new Map<K, V>();

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	get(key: K): V | undefined {
		return this.#entries.get(key);
	}

	set(key: K, value: V): void {
		this.#entries.delete(key);
		this.#entries.set(key, value);
		if (this.#entries.size <= this.#capacity) return;
		for (const oldest of this.#entries.keys()) {
			this.#entries.delete(oldest);
			return;
		}
	}
}
