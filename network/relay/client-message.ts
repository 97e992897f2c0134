import { err, ok, type Result } from '#lib/core/result.ts';
import { parseEvent, type EventError, type NostrEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import type { Filter } from '#lib/webrtc/rendezvous/nostr/filter.ts';
import { parseArray, unknownType, type MessageError } from '#lib/webrtc/rendezvous/nostr/message.ts';

/** What a client says to a relay (NIP-01). The event's signature is not yet checked. */
export type ClientMessage =
	| { readonly type: 'EVENT'; readonly event: NostrEvent }
	| { readonly type: 'REQ'; readonly subscription: string; readonly filters: readonly Filter[] }
	| { readonly type: 'CLOSE'; readonly subscription: string };

const limits = {
	subscriptionChars: 64,
	filters: 10,
	/** Values of one condition. */
	values: 512,
	valueChars: 128,
} as const;

const refuse = (detail: string) => err({ type: 'nostr-message', code: 'bad-field', detail } as const);

const isSubscription = (value: unknown): value is string =>
	typeof value === 'string' && value.length > 0 && value.length <= limits.subscriptionChars;
const isList = (value: unknown, each: (item: unknown) => boolean): boolean =>
	Array.isArray(value) && value.length <= limits.values && value.every(each);
const isValue = (value: unknown): boolean => typeof value === 'string' && value.length <= limits.valueChars;
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isCondition(name: string, value: unknown): boolean {
	switch (name) {
		case 'ids':
		case 'authors':
			return isList(value, isValue);
		case 'kinds':
			return isList(value, isWhole);
		case 'since':
		case 'until':
		case 'limit':
			return isWhole(value);
		default:
			return /^#[A-Za-z]$/.test(name) && isList(value, isValue);
	}
}

const isFilter = (value: unknown): value is Filter =>
	typeof value === 'object' &&
	value !== null &&
	!Array.isArray(value) &&
	Object.entries(value).every(([name, condition]) => isCondition(name, condition));

export function parseClientMessage(text: string): Result<ClientMessage, MessageError | EventError> {
	const array = parseArray(text);
	if (!array.ok) return array;
	const [type, first, ...rest] = array.value;
	switch (type) {
		case 'EVENT': {
			const event = parseEvent(first);
			return event.ok ? ok({ type, event: event.value }) : event;
		}
		case 'REQ':
			if (!isSubscription(first)) return refuse('REQ without a subscription id');
			if (rest.length === 0 || rest.length > limits.filters)
				return refuse(`${rest.length} filters, 1..${limits.filters} allowed`);
			return rest.every(isFilter) ? ok({ type, subscription: first, filters: rest }) : refuse('filter');
		case 'CLOSE':
			return isSubscription(first) ? ok({ type, subscription: first }) : refuse('CLOSE');
		default:
			return unknownType(type);
	}
}
