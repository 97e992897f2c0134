import type { Hex, PublicKey } from '#lib/core/brand.ts';
import { fromHex, hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { sign, type Verifier } from '#lib/core/crypto/schnorr.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Identity } from '../../ports.ts';

/** A NIP-01 event, with the field names of the NIP. Times are in seconds since the Unix epoch. */
export interface NostrEvent {
	readonly id: Hex;
	readonly pubkey: PublicKey;
	readonly created_at: number;
	readonly kind: number;
	readonly tags: readonly (readonly string[])[];
	readonly content: string;
	readonly sig: Hex;
}

/** What the author decides; id, key and signature follow from it. */
export type EventDraft = Pick<NostrEvent, 'created_at' | 'kind' | 'tags' | 'content'>;

export interface EventError {
	readonly type: 'nostr-event';
	readonly code: 'bad-field' | 'too-long' | 'bad-id' | 'bad-signature';
	readonly detail: string;
}

/** Larger events are refused before their signature is looked at. */
export const eventLimits = {
	/** Our largest sealed message is 27,396 characters of base64. */
	contentChars: 32_768,
	tags: 32,
	tagItems: 8,
	tagItemChars: 256,
} as const;

const refuse = (code: EventError['code'], detail: string) =>
	err({ type: 'nostr-event', code, detail } as const);

const isWhole = (value: unknown, max: number): value is number =>
	Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;

const isHex = (value: unknown, bytes: number): value is Hex =>
	typeof value === 'string' && fromHex(value, bytes) !== undefined;

const isTag = (value: unknown): value is readonly string[] =>
	Array.isArray(value) &&
	value.length > 0 &&
	value.length <= eventLimits.tagItems &&
	value.every((item) => typeof item === 'string' && item.length <= eventLimits.tagItemChars);

/** Takes the seven fields of NIP-01 out of parsed JSON of a stranger. Proves nothing yet: see `verifyEvent`. */
export function parseEvent(value: unknown): Result<NostrEvent, EventError> {
	if (typeof value !== 'object' || value === null) return refuse('bad-field', 'not an object');
	const { id, pubkey, created_at, kind, tags, content, sig } = value as Readonly<Record<string, unknown>>;
	if (!isHex(id, 32)) return refuse('bad-field', 'id');
	if (!isHex(pubkey, 32)) return refuse('bad-field', 'pubkey');
	if (!isHex(sig, 64)) return refuse('bad-field', 'sig');
	if (!isWhole(created_at, 0xffff_ffff)) return refuse('bad-field', 'created_at');
	if (!isWhole(kind, 0xffff)) return refuse('bad-field', 'kind');
	if (typeof content !== 'string') return refuse('bad-field', 'content');
	if (content.length > eventLimits.contentChars)
		return refuse('too-long', `content of ${content.length} characters`);
	if (!Array.isArray(tags)) return refuse('bad-field', 'tags');
	if (tags.length > eventLimits.tags) return refuse('too-long', `${tags.length} tags`);
	if (!tags.every(isTag)) return refuse('bad-field', 'tags');
	return ok({ id, pubkey: pubkey as PublicKey, created_at, kind, tags, content, sig });
}

/** SHA-256 of NIP-01's canonical array. */
export const eventId = (event: EventDraft & Pick<NostrEvent, 'pubkey'>): Hex =>
	toHex(
		sha256(utf8(JSON.stringify([0, event.pubkey, event.created_at, event.kind, event.tags, event.content]))),
	);

/** Checks that the id is the event's own and that its author signed it (BIP-340). Milliseconds: call it last. */
export function verifyEvent(event: NostrEvent, verify: Verifier): Result<NostrEvent, EventError> {
	if (eventId(event) !== event.id) return refuse('bad-id', 'the id is not that of the content');
	if (!verify(hexBytes(event.sig), hexBytes(event.id), event.pubkey))
		return refuse('bad-signature', 'not signed by its author');
	return ok(event);
}

export function signEvent(draft: EventDraft, author: Identity): NostrEvent {
	const unsigned = { ...draft, pubkey: author.id as PublicKey };
	const id = eventId(unsigned);
	return { ...unsigned, id, sig: toHex(sign(hexBytes(id), author.secret)) };
}

/** Values of all tags of this name, such as `x` or `p`. */
export const tagValues = (event: Pick<NostrEvent, 'tags'>, name: string): string[] =>
	event.tags.flatMap(([key, value]) => (key === name && value !== undefined ? [value] : []));

/** NIP-40: when relays and readers may forget this event, in seconds; `undefined` without (or with a malformed) tag. */
export function expiration(event: Pick<NostrEvent, 'tags'>): number | undefined {
	const [value] = tagValues(event, 'expiration');
	return value !== undefined && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
}

/** NIP-01: relays pass events of these kinds on and do not keep them. */
export const isEphemeral = (kind: number): boolean => kind >= 20_000 && kind < 30_000;
