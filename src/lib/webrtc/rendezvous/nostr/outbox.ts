import type { Hex, Millis } from '#lib/core/brand.ts';
import type { NostrEvent } from './event.ts';

interface Entry {
	readonly event: NostrEvent;
	readonly since: Millis;
	/** When it went out on the present connection; undefined = still to be sent. */
	sentAt?: Millis | undefined;
}

export const outboxLimits = {
	/** Events kept for one relay; the oldest give way. */
	events: 64,
	/** Signalling older than this helps nobody: its sender has long tried another way, ms. */
	maxAgeMs: 30_000,
} as const;

/** Events on their way to one relay, until it says OK. Sending one twice is harmless: readers know its id. */
export interface Outbox {
	add(event: NostrEvent, now: Millis): void;
	/** Marks what is still to be sent as sent and hands it out. */
	take(now: Millis): readonly NostrEvent[];
	/** The relay has decided on this event; returns how long it took, ms, when it was ours. */
	settle(id: Hex, now: Millis): number | undefined;
	/** The relay asked for patience: the event waits for the next `take`. */
	postpone(id: Hex): void;
	/** The connection is gone: whatever was not confirmed is sent again on the next one. */
	unsend(): void;
}

export function createOutbox(): Outbox {
	const entries = new Map<Hex, Entry>();
	const forgetOld = (now: Millis): void => {
		for (const [id, entry] of entries) if (now - entry.since > outboxLimits.maxAgeMs) entries.delete(id);
	};
	return {
		add(event, now) {
			forgetOld(now);
			entries.set(event.id, { event, since: now });
			if (entries.size <= outboxLimits.events) return;
			const [oldest] = entries.keys();
			if (oldest !== undefined) entries.delete(oldest);
		},
		take(now) {
			forgetOld(now);
			const out: NostrEvent[] = [];
			for (const entry of entries.values()) {
				if (entry.sentAt !== undefined) continue;
				entry.sentAt = now;
				out.push(entry.event);
			}
			return out;
		},
		settle(id, now) {
			const sentAt = entries.get(id)?.sentAt;
			entries.delete(id);
			return sentAt === undefined ? undefined : now - sentAt;
		},
		postpone(id) {
			const entry = entries.get(id);
			if (entry) entry.sentAt = undefined;
		},
		unsend() {
			for (const entry of entries.values()) entry.sentAt = undefined;
		},
	};
}
