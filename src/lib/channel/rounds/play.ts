import type { Millis } from '#lib/core/brand.ts';
import type { Address, Word } from '../address.ts';
import { checkTally, round, type Channel, type Party, type Tally } from '../channel.ts';
import type { ChainCall, Standing } from '../ports.ts';
import type { Signature } from '../signature.ts';
import type { Message } from '../typed-data.ts';
import type { ChannelFrame } from '../wire/frames.ts';
import type { ChannelRecord, CoSigned, Reaction, RoundRecord, RoundWrite } from './records.ts';

/** Whether `who` signed a message of this channel's domain. A port: a simulator need not do curve arithmetic. */
export interface Seals {
	signedBy(who: Address, message: Message, signature: Signature): boolean;
}

/** What may happen to either side of a channel. */
export type PlayEvent =
	/** A direct link to the other side opened; `transport` names it (wire/transport.ts). */
	| { readonly kind: 'link-up'; readonly transport: Word }
	| { readonly kind: 'link-down' }
	| { readonly kind: 'frame'; readonly frame: ChannelFrame }
	/** Signatures that a `sign` effect asked for, in its order. */
	| {
			readonly kind: 'signed';
			readonly messages: readonly Message[];
			readonly signatures: readonly Signature[];
	  }
	/** An answer could not be written because another one stands. */
	| { readonly kind: 'taken'; readonly existing: RoundRecord }
	| { readonly kind: 'chain'; readonly standing: Standing; readonly time: number }
	| { readonly kind: 'leave' }
	/** The person leaves alone, with the bond. */
	| { readonly kind: 'contest' }
	| { readonly kind: 'wake' };

/** Executed strictly in order, those of one event before those of the next. */
export type PlayEffect =
	| { readonly kind: 'send'; readonly frame: ChannelFrame }
	/** Durable in one transaction. Nothing after it in the order of effects happens before it is on disk. */
	| { readonly kind: 'commit'; readonly writes: readonly RoundWrite[] }
	/** By this side's key. A key that asks a person may take long, or never answer. */
	| { readonly kind: 'sign'; readonly messages: readonly Message[] }
	/** Worth a transaction now; said again with every look at the chain until it is not. */
	| { readonly kind: 'submit'; readonly call: ChainCall }
	/** The suggester's queue is asked for a picture this user has not seen. */
	| { readonly kind: 'next-picture' }
	/** The content of the open offer is wanted. */
	| { readonly kind: 'want-content' }
	| { readonly kind: 'hang-up'; readonly reason: string };

/** The link of a channel: nothing of a round is read before the other side proved its key on this very link. */
export interface PlayLink {
	readonly transport: Word;
	/** This side's `Init` signature, once made. */
	readonly mine: Signature | undefined;
	/** The other side's `Init` signature was right. */
	readonly proved: boolean;
	/** The other side said where it stands. */
	readonly met: boolean;
}

export interface ChainFact {
	readonly standing: Standing;
	/** Unix seconds of the block it was read at. */
	readonly time: number;
	/** When it was read, by this device's clock. */
	readonly at: Millis;
}

/** What both sides know. */
export interface Play {
	readonly record: ChannelRecord;
	readonly newest: CoSigned | undefined;
	readonly link: PlayLink | undefined;
	readonly chain: ChainFact | undefined;
	/** When to say again what was not answered. */
	readonly again: Millis | undefined;
}

/** A link loses nothing, but a frozen tab or a dropped queue does: what is not answered is said again, ms. */
export const sayAgainMs = 5_000;

export const noTally: Tally = { rewarded: 0, burned: 0 };

export const tallyOf = ({ newest }: Pick<Play, 'newest'>): Tally => newest?.tally ?? noTally;

export const after = (tally: Tally, kind: Reaction): Tally =>
	kind === 'reward'
		? { rewarded: tally.rewarded + 1, burned: tally.burned }
		: { rewarded: tally.rewarded, burned: tally.burned + 1 };

export const sameTally = (a: Tally, b: Tally): boolean => a.rewarded === b.rewarded && a.burned === b.burned;

/**
 * Whether this channel can be played on. In a contest it is `over`: a state signed then would only prolong it. A look
 * at the chain that is older than the window is none: a contest may have begun and ended since, and a round that is
 * signed after its end is in no settlement.
 */
export function playable({ record, chain }: Play, now: Millis): 'open' | 'over' | 'unread' {
	if (record.stage !== 'open' || record.contesting !== undefined) return 'over';
	if (chain && chain.standing.phase !== 'open') return 'over';
	return chain && now - chain.at < record.channel.window * 1_000 ? 'open' : 'unread';
}

/** Reads a co-signed state somebody shows. Both signatures count, so that no number is ever taken on trust. */
export function readCoSigned(seals: Seals, channel: Channel, shown: CoSigned): CoSigned | undefined {
	const { tally, user, suggester } = shown;
	if (!checkTally(channel, tally).ok || round(tally) === 0) return undefined;
	const message = roundMessage(channel, tally);
	return seals.signedBy(channel.userKey, message, user) &&
		seals.signedBy(channel.suggesterKey, message, suggester)
		? shown
		: undefined;
}

/** Says where this side stands, with the proof. */
export function hello({ newest }: Pick<Play, 'newest'>): ChannelFrame {
	const { rewarded, burned } = newest?.tally ?? noTally;
	return newest
		? { kind: 'ChannelHello', rewarded, burned, user: newest.user, suggester: newest.suggester }
		: { kind: 'ChannelHello', rewarded, burned };
}

/** The state a `ChannelHello` shows, before its signatures are checked; undefined for an unplayed channel. */
export function shownBy(frame: Extract<ChannelFrame, { kind: 'ChannelHello' }>): CoSigned | undefined {
	const { rewarded, burned, user, suggester } = frame;
	return user && suggester ? { tally: { rewarded, burned }, user, suggester } : undefined;
}

/** Takes over a state that this side had forgotten, and remembers that it forgot. */
export function adopt<P extends Play>(play: P, state: CoSigned): [P, PlayEffect[]] {
	const record = { ...play.record, recovering: true };
	const { role, id } = record;
	return [
		{ ...play, record, newest: state },
		[
			{
				kind: 'commit',
				writes: [
					{ op: 'put', table: 'channels', value: record },
					{ op: 'put', table: 'states', value: { role, id, round: round(state.tally), ...state } },
				],
			},
		],
	];
}

export const otherKey = (channel: Channel, role: Party): Address =>
	role === 'user' ? channel.suggesterKey : channel.userKey;

/** A new link: this side proves its key on it. */
export function linkUp<P extends Play>(play: P, transport: Word): [P, PlayEffect[]] {
	return [
		{ ...play, link: { transport, mine: undefined, proved: false, met: false } },
		[{ kind: 'sign', messages: [initOf(play.record.channel, transport)] }],
	];
}

export const initOf = (channel: Channel, transport: Word): Message => ({
	primaryType: 'Init',
	channel,
	transport,
});

export function initFrame({ record: { domain, channel } }: Play, signature: Signature): ChannelFrame {
	return { kind: 'Init', ...domain, channel, signature };
}

/** Whether the other side proved its key on this link: by its key, for this channel, for this link. */
export function provesKey({ link, record }: Play, signature: Signature, seals: Seals): boolean {
	const { channel, role } = record;
	return (
		link !== undefined && seals.signedBy(otherKey(channel, role), initOf(channel, link.transport), signature)
	);
}

export const saveChannel = (value: ChannelRecord): PlayEffect => ({
	kind: 'commit',
	writes: [{ op: 'put', table: 'channels', value }],
});

export const closeMessage = (channel: Channel, tally: Tally): Message => ({
	primaryType: 'Close',
	channel,
	tally,
});

export const roundMessage = (channel: Channel, tally: Tally): Message => ({
	primaryType: 'Round',
	channel,
	tally,
});

/** Keeps the time of the next repetition while there is something to repeat. */
export const repeating = <P extends Play>(play: P, wanted: boolean, now: Millis): P =>
	wanted === (play.again !== undefined) ? play : { ...play, again: wanted ? now + sayAgainMs : undefined };
