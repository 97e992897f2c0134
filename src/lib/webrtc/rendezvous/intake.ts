import type { Bytes, Millis, PeerId, PublicKey } from '#lib/core/brand.ts';
import { fromHex } from '#lib/core/bytes.ts';
import type { SealError } from '#lib/core/crypto/nip44.ts';
import type { Verifier } from '#lib/core/crypto/schnorr.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { SeenSet } from '#lib/core/seen-set.ts';
import type { WireError } from '#lib/core/wire/error.ts';
import type { Identity } from '../ports.ts';
import { clockSkewMs, shard } from './meeting-point.ts';
import { expiration, tagValues, verifyEvent, type EventError, type NostrEvent } from './nostr/event.ts';
import { BoundedMap } from '#lib/core/bounded-map.ts';
import { eventKinds, joinFrames } from './records.ts';
import type { EnvelopeError, Sealer } from './seal.ts';

/** What an event of a stranger turned out to say. */
export type Received =
	| { readonly kind: 'join'; readonly id: PeerId; readonly degree: number; readonly attempt: number }
	| { readonly kind: 'welcome'; readonly id: PeerId; readonly degree: number }
	| { readonly kind: 'signal'; readonly to: PublicKey; readonly from: PublicKey; readonly body: Bytes };

export interface IntakeError {
	readonly type: 'intake';
	readonly code: 'seen' | 'stale' | 'malformed' | 'foreign' | 'outdated' | 'not-for-us' | 'unasked';
	readonly detail: string;
}

export type RefusedEvent = IntakeError | EventError | EnvelopeError | SealError | WireError;

/** What is remembered of others; each bound is far above what honest members need. */
const memory = { events: 4_096, joins: 256 } as const;

export interface IntakeDeps {
	readonly network: string;
	readonly verify: Verifier;
	readonly sealer: Sealer;
	readonly now: Millis;
	/** The identity of ours that this key belongs to. */
	reader(key: string): Identity | undefined;
	/** Whether a join of ours, not long ago, had this nonce. */
	askedWith(nonce: string): boolean;
}

/** Reads events of strangers: each once, cheapest check first. */
export interface Intake {
	read(event: NostrEvent, now: Millis): Result<Received, RefusedEvent>;
	/** Nonce of the last join heard of this member. */
	joinOf(id: PeerId): string | undefined;
}

const refuse = (code: IntakeError['code'], detail: string) => err({ type: 'intake', code, detail } as const);

/** Within the clock skew of now, and not expired by more than it. */
function isFresh(event: NostrEvent, now: Millis): boolean {
	const expires = expiration(event);
	return (
		Math.abs(event.created_at * 1_000 - now) <= clockSkewMs &&
		(expires === undefined || expires * 1_000 > now - clockSkewMs)
	);
}

export function createIntake(deps: IntakeDeps): Intake {
	// An event may be fresh for twice the skew, so that long it must not count again.
	const seen = new SeenSet(2 * clockSkewMs, memory.events, deps.now);
	const joins = new BoundedMap<PeerId, { readonly nonce: string; readonly at: number }>(memory.joins);

	function readJoin(event: NostrEvent): Result<Received, RefusedEvent> {
		const bytes = event.content.length % 2 === 0 ? fromHex(event.content) : undefined;
		if (!bytes) return refuse('malformed', 'a join that is not hex');
		const join = joinFrames.decode(bytes);
		if (!join.ok) return join;
		const { network, nonce, degree, attempt } = join.value;
		if (network !== deps.network || join.value.shard !== shard)
			return refuse('foreign', `join of ${network}`);
		const id = event.pubkey as string as PeerId;
		if ((joins.get(id)?.at ?? 0) > event.created_at) return refuse('outdated', 'a newer join was heard');
		joins.set(id, { nonce, at: event.created_at });
		return ok({ kind: 'join', id, degree, attempt });
	}

	function readSealed(event: NostrEvent): Result<Received, RefusedEvent> {
		const [to, ...others] = tagValues(event, 'p');
		const reader = others.length === 0 && to !== undefined ? deps.reader(to) : undefined;
		if (!reader) return refuse('not-for-us', 'sealed for nobody here');
		const opened = deps.sealer.open(event.content, reader, event.pubkey);
		if (!opened.ok) return opened;
		const message = opened.value;
		switch (message.kind) {
			case 'Envelope':
				return ok({ kind: 'signal', to: reader.id as PublicKey, from: event.pubkey, body: message.body });
			case 'Welcome':
				return deps.askedWith(message.nonce)
					? ok({ kind: 'welcome', id: event.pubkey as string as PeerId, degree: message.degree })
					: refuse('unasked', 'a welcome to no join of ours');
		}
	}

	return {
		read(event, now) {
			if (seen.has(event.id)) return refuse('seen', 'read before');
			if (!isFresh(event, now)) return refuse('stale', 'from another time');
			const verified = verifyEvent(event, deps.verify);
			if (!verified.ok) return verified;
			// Only now: a relay that garbles an event must not hide the honest copy that another relay brings.
			seen.add(event.id, now);
			switch (event.kind) {
				case eventKinds.join:
					return readJoin(event);
				case eventKinds.sealed:
					return readSealed(event);
				default:
					return refuse('foreign', `kind ${event.kind}`);
			}
		},
		joinOf: (id) => joins.get(id)?.nonce,
	};
}
