import { expiration, isEphemeral, tagValues, type NostrEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import { matches, type Filter } from '#lib/webrtc/rendezvous/nostr/filter.ts';

/** Events kept in memory, at most; the oldest give way. */
const capacity = 5_000;

/** Stored events one REQ may bring. */
const maxAnswer = 500;

/** Keeps what NIP-01 says is to be kept: regular events, and the newest of each replaceable one. */
export interface EventStore {
	/** False when it is older than the one it would replace. */
	put(event: NostrEvent): boolean;
	/** Newest first. */
	query(filters: readonly Filter[], nowSeconds: number): readonly NostrEvent[];
}

/** Under which key an event stands: its id, or what makes two events versions of one. */
function slotOf({ id, kind, pubkey, tags }: NostrEvent): string {
	if (kind === 0 || kind === 3 || (kind >= 10_000 && kind < 20_000)) return `${kind}:${pubkey}`;
	if (kind >= 30_000 && kind < 40_000) return `${kind}:${pubkey}:${tagValues({ tags }, 'd')[0] ?? ''}`;
	return id;
}

const newestFirst = (a: NostrEvent, b: NostrEvent): number =>
	b.created_at - a.created_at || (a.id < b.id ? -1 : 1);

export const isExpired = (event: NostrEvent, nowSeconds: number): boolean =>
	(expiration(event) ?? Number.MAX_SAFE_INTEGER) <= nowSeconds;

export function createEventStore(): EventStore {
	const events = new Map<string, NostrEvent>();
	return {
		put(event) {
			if (isEphemeral(event.kind)) return true;
			const slot = slotOf(event);
			const present = events.get(slot);
			if (present && newestFirst(present, event) < 0) return false;
			events.delete(slot);
			events.set(slot, event);
			const [oldest] = events.keys();
			if (events.size > capacity && oldest !== undefined) events.delete(oldest);
			return true;
		},
		query(filters, nowSeconds) {
			const found = new Set<NostrEvent>();
			const alive = [...events.values()].filter((event) => !isExpired(event, nowSeconds)).sort(newestFirst);
			for (const filter of filters) {
				const wanted = alive.filter((event) => matches(filter, event));
				for (const event of wanted.slice(0, Math.min(filter.limit ?? maxAnswer, maxAnswer))) found.add(event);
			}
			return [...found].sort(newestFirst);
		},
	};
}
