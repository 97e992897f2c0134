/** A Map that forgets its least recently set or touched entry once it holds more than `capacity`. */
export class BoundedMap<K, V> {
	readonly #capacity: number;
	readonly #entries = new Map<K, V>();

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	get size(): number {
		return this.#entries.size;
	}

	get(key: K): V | undefined {
		return this.#entries.get(key);
	}

	has(key: K): boolean {
		return this.#entries.has(key);
	}

	/** Makes the entry the newest. Returns what had to go, if anything. */
	set(key: K, value: V): V | undefined {
		this.#entries.delete(key);
		this.#entries.set(key, value);
		if (this.#entries.size <= this.#capacity) return undefined;
		const [oldest] = this.#entries;
		if (!oldest) return undefined;
		this.#entries.delete(oldest[0]);
		return oldest[1];
	}

	delete(key: K): boolean {
		return this.#entries.delete(key);
	}

	/** Oldest first. */
	values(): IterableIterator<V> {
		return this.#entries.values();
	}

	keys(): IterableIterator<K> {
		return this.#entries.keys();
	}
}
