import type { Millis } from '#lib/core/brand.ts';
import type { ChannelId } from '../address.ts';
import type { Channel, Party, Tally } from '../channel.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Signature } from '../signature.ts';
import type { Domain, Offer } from '../typed-data.ts';

/** What is kept of a channel. One browser may hold both sides of different channels, so that the role is in every key. */

export type Reaction = 'reward' | 'burn';

/** A state both sides signed (`Round`). */
export interface CoSigned {
	readonly tally: Tally;
	readonly user: Signature;
	readonly suggester: Signature;
}

export interface LeavingRecord {
	readonly by: Party;
	readonly since: Millis;
	/** The user agrees; a suggester that proposes needs it. */
	readonly agreed: boolean;
	/** Set by the user when it signs: only the user always knows the newest state. */
	readonly tally?: Tally;
	/** `Close` signatures over `tally`. */
	readonly user?: Signature;
	readonly suggester?: Signature;
}

export interface ChannelRecord {
	readonly role: Party;
	readonly id: ChannelId;
	readonly domain: Domain;
	readonly channel: Channel;
	readonly createdAt: Millis;
	readonly stage: 'approving' | 'opening' | 'requested' | 'open' | 'closed' | 'cancelled';
	/** Where the suggester is called; a suggester is called and needs none. */
	readonly endpoint?: Endpoint;
	readonly approval?: { readonly expiry: number; readonly signature: Signature };
	/** Data was lost: this side signs nothing more here but leaving by agreement, and never starts a contest. */
	readonly recovering: boolean;
	readonly leaving?: LeavingRecord;
	/** This side leaves alone with its newest state, and signs nothing newer: its own claim would be shown wrong. */
	readonly contesting?: Millis;
	/** Another answer of the user to a round it had answered already. */
	readonly conflict?: { readonly tally: Tally; readonly user: Signature };
	/** How the chain settled it. */
	readonly settled?: Tally;
}

/** The three signatures an offer carries. */
export interface OfferSignatures {
	readonly offer: Signature;
	readonly reward: Signature;
	readonly burn: Signature;
}

export interface OfferRecord {
	readonly role: Party;
	readonly id: ChannelId;
	readonly round: number;
	readonly offer: Offer;
	/** Where the content lies; without it the suggester's tab serves it. */
	readonly url?: string;
	/** The suggester's own row has none until they are made. */
	readonly signed?: OfferSignatures;
	readonly at: Millis;
	/** What came was not what `offer` signs. */
	readonly mismatch: boolean;
}

/** The answer to one round. Written once and never again, so that no second answer can ever be signed. */
export interface RoundRecord {
	readonly role: Party;
	readonly id: ChannelId;
	readonly round: number;
	readonly kind: Reaction;
	/** After this round. */
	readonly tally: Tally;
	readonly reason?: string;
	readonly at: Millis;
}

/** The co-signed state after a round. */
export interface StateRecord extends CoSigned {
	readonly role: Party;
	readonly id: ChannelId;
	readonly round: number;
}

export interface RoundTables {
	channels: ChannelRecord;
	offers: OfferRecord;
	rounds: RoundRecord;
	states: StateRecord;
}

/** `add` fails when the key is taken; everything in one commit is written or nothing. */
export type RoundWrite = {
	[K in keyof RoundTables]: {
		readonly op: 'put' | 'add';
		readonly table: K;
		readonly value: RoundTables[K];
	};
}[keyof RoundTables];

/** Everything kept of one channel on one side. */
export interface Kept {
	readonly record: ChannelRecord;
	readonly offers: readonly OfferRecord[];
	readonly rounds: readonly RoundRecord[];
	readonly states: readonly StateRecord[];
}
