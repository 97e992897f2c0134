import { tagValues, type NostrEvent } from './event.ts';

/** A NIP-01 filter: every condition present must hold; within one, any value will do. */
export interface Filter {
	readonly ids?: readonly string[];
	readonly authors?: readonly string[];
	readonly kinds?: readonly number[];
	/** Seconds. */
	readonly since?: number;
	readonly until?: number;
	/** Newest stored events wanted; says nothing about live ones. */
	readonly limit?: number;
	readonly [tag: `#${string}`]: readonly string[];
}

const allows = <T>(wanted: readonly T[] | undefined, value: T): boolean =>
	wanted === undefined || wanted.includes(value);

export function matches(filter: Filter, event: NostrEvent): boolean {
	return (
		allows(filter.ids, event.id) &&
		allows(filter.authors, event.pubkey) &&
		allows(filter.kinds, event.kind) &&
		event.created_at >= (filter.since ?? 0) &&
		event.created_at <= (filter.until ?? Number.MAX_SAFE_INTEGER) &&
		Object.entries(filter).every(
			([name, wanted]) =>
				!name.startsWith('#') ||
				tagValues(event, name.slice(1)).some((value) => (wanted as readonly string[]).includes(value)),
		)
	);
}
