import type { NostrEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import { matches, type Filter } from '#lib/webrtc/rendezvous/nostr/filter.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import { parseClientMessage, type ClientMessage } from './client-message.ts';
import type { Faults } from './faults.ts';

export const sessionLimits = {
	subscriptions: 20,
	/** Messages of one connection: this many at once, and this many a second in the long run. */
	burst: 400,
	perSecond: 100,
} as const;

export interface SessionDeps {
	/** ms. */
	now(): number;
	faults(): Faults;
	/** Writes one text message to the client. */
	send(text: string): void;
	/** Takes an event in, for everybody; undefined = accepted, else the reason. */
	publish(event: NostrEvent): string | undefined;
	stored(filters: readonly Filter[]): readonly NostrEvent[];
}

/** One client's connection. */
export interface Session {
	receive(text: string): void;
	/** Hands over an event if a subscription asks for it. */
	deliver(event: NostrEvent): void;
	/** Whether one of the keys this client listens for is `key`. */
	hears(key: string): boolean;
	readonly subscriptions: number;
}

export function createSession(deps: SessionDeps): Session {
	const subscriptions = new Map<string, readonly Filter[]>();
	const messages = new TokenBucket(sessionLimits.perSecond, sessionLimits.burst, deps.now());
	let events = new TokenBucket(1, 1, deps.now());
	let eventsPerSecond = 1;

	const say = (...message: readonly unknown[]) => {
		if (!deps.faults().stall) deps.send(JSON.stringify(message));
	};

	function handle(message: ClientMessage): void {
		switch (message.type) {
			case 'EVENT': {
				const refusal = refusalOf(message.event) ?? deps.publish(message.event);
				say('OK', message.event.id, refusal === undefined, refusal ?? '');
				break;
			}
			case 'REQ':
				subscribe(message.subscription, message.filters);
				break;
			case 'CLOSE':
				subscriptions.delete(message.subscription);
				break;
		}
	}

	function refusalOf(event: NostrEvent): string | undefined {
		const { reject, rejectKinds, eventsPerSecond: limit } = deps.faults();
		if (reject !== '') return reject;
		if (rejectKinds.includes(event.kind)) return `blocked: kind ${event.kind} is not accepted`;
		if (limit === 0) return undefined;
		if (limit !== eventsPerSecond) {
			eventsPerSecond = limit;
			events = new TokenBucket(limit, Math.max(1, limit), deps.now());
		}
		return events.take(deps.now()) ? undefined : 'rate-limited: slow down';
	}

	function subscribe(id: string, filters: readonly Filter[]): void {
		const { rejectSubscriptions } = deps.faults();
		const tooMany = !subscriptions.has(id) && subscriptions.size >= sessionLimits.subscriptions;
		if (rejectSubscriptions !== '' || tooMany) {
			subscriptions.delete(id);
			say('CLOSED', id, tooMany ? 'error: too many subscriptions' : rejectSubscriptions);
			return;
		}
		subscriptions.set(id, filters);
		for (const event of deps.stored(filters)) say('EVENT', id, event);
		say('EOSE', id);
	}

	return {
		receive(text) {
			if (!messages.take(deps.now())) {
				say('NOTICE', 'rate-limited: slow down');
				return;
			}
			const message = parseClientMessage(text);
			if (message.ok) handle(message.value);
			else say('NOTICE', `invalid: ${message.error.code}: ${message.error.detail}`);
		},
		deliver(event) {
			for (const [id, filters] of subscriptions)
				if (filters.some((filter) => matches(filter, event))) say('EVENT', id, event);
		},
		hears: (key) =>
			[...subscriptions.values()].some((filters) => filters.some((filter) => filter['#p']?.includes(key))),
		get subscriptions() {
			return subscriptions.size;
		},
	};
}
