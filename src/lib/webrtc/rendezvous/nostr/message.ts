import { err, ok, type Result } from '#lib/core/result.ts';
import { parseEvent, type EventError, type NostrEvent } from './event.ts';

/** What a relay says to a client (NIP-01, NIP-42). The event's signature is not yet checked. */
export type RelayMessage =
	| { readonly type: 'EVENT'; readonly subscription: string; readonly event: NostrEvent }
	| { readonly type: 'OK'; readonly id: string; readonly accepted: boolean; readonly detail: string }
	| { readonly type: 'EOSE'; readonly subscription: string }
	| { readonly type: 'CLOSED'; readonly subscription: string; readonly detail: string }
	| { readonly type: 'NOTICE'; readonly detail: string }
	| { readonly type: 'AUTH' };

export interface MessageError {
	readonly type: 'nostr-message';
	readonly code: 'too-long' | 'not-json' | 'unknown-type' | 'bad-field';
	readonly detail: string;
}

/** Longer messages are refused before they are parsed. */
export const messageChars = 65_536;

/** Of a relay's own words this much is kept for a person to read. */
const detailChars = 200;

const refuse = (code: MessageError['code'], detail: string) =>
	err({ type: 'nostr-message', code, detail } as const);

const isText = (value: unknown): value is string => typeof value === 'string';

/** Names what was said instead of a type, unless it is something that merely turning into text could hurt. */
export const unknownType = (type: unknown) =>
	refuse('unknown-type', typeof type === 'string' ? shown(type) : typeof type);

/** Parses a message's JSON array; shared by both ends. */
export function parseArray(text: string): Result<readonly unknown[], MessageError> {
	if (text.length > messageChars) return refuse('too-long', `${text.length} characters`);
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return refuse('not-json', 'not JSON');
	}
	return Array.isArray(value) ? ok(value) : refuse('bad-field', 'not an array');
}

export function parseRelayMessage(text: string): Result<RelayMessage, MessageError | EventError> {
	const array = parseArray(text);
	if (!array.ok) return array;
	const [type, first, second, third] = array.value;
	switch (type) {
		case 'EVENT': {
			if (!isText(first)) return refuse('bad-field', 'EVENT without a subscription');
			const event = parseEvent(second);
			return event.ok ? ok({ type, subscription: first, event: event.value }) : event;
		}
		case 'OK':
			if (!isText(first) || typeof second !== 'boolean') return refuse('bad-field', 'OK');
			return ok({ type, id: first, accepted: second, detail: isText(third) ? shown(third) : '' });
		case 'EOSE':
			return isText(first) ? ok({ type, subscription: first }) : refuse('bad-field', 'EOSE');
		case 'CLOSED':
			return isText(first)
				? ok({ type, subscription: first, detail: isText(second) ? shown(second) : '' })
				: refuse('bad-field', 'CLOSED');
		case 'NOTICE':
			return ok({ type, detail: isText(first) ? shown(first) : '' });
		case 'AUTH':
			return ok({ type });
		default:
			return unknownType(type);
	}
}

/** What a relay's machine-readable prefix (NIP-01) means for us. */
export function verdict(detail: string): 'slow-down' | 'not-welcome' | 'failed' | 'refused' {
	if (detail.startsWith('rate-limited:')) return 'slow-down';
	if (detail.startsWith('error:')) return 'failed';
	return /^(blocked|restricted|auth-required|unsupported):/.test(detail) ? 'not-welcome' : 'refused';
}

/** A stranger's text, made safe to show in one line. */
const shown = (text: string): string =>
	text
		.slice(0, detailChars)
		.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, ' ')
		.trim();
