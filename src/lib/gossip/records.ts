import type { Bytes, Hex, Millis, MsgId, PeerId, PublicKey, ReplyId } from '#lib/core/brand.ts';
import type { Solution } from '#lib/pow/scheme.ts';
import type { Owed } from './carrying/routes.ts';
import type { CarriageRecord, PackRecord, PaymentRecord, WalletRecord } from './settling/records.ts';
import type { ActivityView, Cause, JobView, LeadView, Money, MyOfferView, OfferView } from './view.ts';

/** What survives a reload. The store keeps each under its key, strictly durable, and hands it back parsed. */

/** A job of mine. Topic, text, keys and times are inside `core` (frames.ts JobCore). */
export interface JobRecord {
	readonly msgId: MsgId;
	readonly core: Bytes;
	readonly signature: Bytes;
	/** Derives the job's keys from the node's seed (keys.ts). */
	readonly salt: Bytes;
	readonly status: JobView['status'];
	readonly cause?: Cause;
	readonly renewedAs?: MsgId;
	/** Expected hashes spent on having it carried. */
	readonly work?: number;
	/** The signed CancelJob frame, kept so that it can be repeated. */
	readonly cancel?: Bytes;
}

/** What one side says about the job, repeated on every call until the other side confirms it. */
export interface Announcement {
	/** 16 bytes of hex. */
	readonly id: Hex;
	readonly state: 'chosen' | 'declined' | 'done' | 'withdrawn' | 'cancelled';
	readonly at: Millis;
	readonly reason?: string;
	readonly received: boolean;
}

/** An offer to a job of mine. */
export interface ReceivedOfferRecord {
	readonly replyId: ReplyId;
	readonly msgId: MsgId;
	readonly receivedAt: Millis;
	readonly hops: number;
	/** The worker's ephemeral key (33 bytes): with the job's thank-you key it makes the secret. */
	readonly ephemeralKey: Bytes;
	readonly text: string;
	readonly price?: Money;
	readonly replierKey: PublicKey;
	readonly address: { readonly key: PublicKey; readonly relays: readonly string[]; readonly secret: Hex };
	readonly state: OfferView['state'];
	readonly cause?: Cause;
	/** Neighbours that handed it to me; empty when it came by rendezvous. */
	readonly path: readonly PeerId[];
	/** The worker says the job is done. */
	readonly workerDone: boolean;
	/** The worker confirmed that it has the thank-you. */
	readonly thanksConfirmed: boolean;
	readonly announcement?: Announcement;
}

/** A stranger's job that matched my topics. */
export interface LeadRecord {
	readonly msgId: MsgId;
	readonly core: Bytes;
	readonly heardAt: Millis;
	readonly status: LeadView['status'];
	readonly cause?: Cause;
	/** Neighbours that brought it, the first one first. */
	readonly upstreams: readonly PeerId[];
	readonly owes?: Owed;
}

/** An offer of mine to a stranger's job. */
export interface SentOfferRecord {
	readonly replyId: ReplyId;
	readonly msgId: MsgId;
	readonly core: Bytes;
	/** Derives the offer's keys from the node's seed (keys.ts). */
	readonly salt: Bytes;
	readonly text: string;
	readonly price?: Money;
	readonly sentAt: Millis;
	/** The one-time secret a caller must name. */
	readonly secret: Hex;
	/** Relays named in the offer's inet-addr, where its key is listened for. */
	readonly relays: readonly string[];
	/** The encoded ReplyRequest: what is repeated is identical. */
	readonly request: Bytes;
	readonly upstreams: readonly PeerId[];
	readonly state: MyOfferView['state'];
	readonly cause?: Cause;
	readonly announcement?: Announcement;
}

export interface ChatRecord {
	/** 16 bytes of hex. */
	readonly id: Hex;
	readonly replyId: ReplyId;
	readonly mine: boolean;
	readonly at: Millis;
	readonly text: string;
	/** The other side keeps it (of mine). */
	readonly delivered: boolean;
	/** The person has seen it (of theirs). */
	readonly read: boolean;
}

export type ActivityRecord = ActivityView;

/** A neighbour's ledger entry, per tab: balances are between two PeerIds. */
export interface LedgerRecord {
	readonly self: PeerId;
	readonly peer: PeerId;
	/** Its link's admission proof was paid. */
	readonly admitted: boolean;
	/** Favours they did for me minus favours I did for them, as decayed at `balanceAt`. */
	readonly balance: number;
	readonly balanceAt: Millis;
	readonly creditLimit: number;
	/** Multiplies the price of work, as drifted at `factorAt`. */
	readonly factor: number;
	readonly factorAt: Millis;
	readonly thanks: number;
	readonly misses: number;
	readonly carriedForMe: number;
	readonly carriedForThem: number;
}

/** A reply carried for others and not yet forgotten. */
interface RouteReplyRecord {
	readonly replyId: ReplyId;
	readonly paymentHash: Bytes;
	/** The neighbour it came from. */
	readonly from: PeerId;
	/** The neighbour it was handed to. */
	readonly via: PeerId;
	/** When a missing thank-you counts against `via`. */
	readonly thanksBy: Millis;
	/** The thank-you secret, once known, and who has shown it. */
	readonly secret?: Bytes;
	readonly shownBy: readonly PeerId[];
}

/** A middleman's reply memory, per tab; written once a reply was carried. */
export interface RouteRecord {
	readonly self: PeerId;
	readonly msgId: MsgId;
	readonly replyKey: PublicKey;
	readonly expiresAt: Millis;
	readonly upstreams: readonly PeerId[];
	/** Whether this broadcast already counted in the ledger as missed, and as thanked. */
	readonly missed: boolean;
	readonly thanked: boolean;
	readonly owes?: Owed;
	readonly replies: readonly RouteReplyRecord[];
}

/** Work that a tab was doing to have a job of its person carried; good as long as the favour is. */
export interface WorkRecord {
	readonly self: PeerId;
	/** Hex of the proof's seed: whatever it pays for, changed in anything, is another work. */
	readonly workId: Hex;
	readonly msgId: MsgId;
	/** The neighbour whose favour it is. */
	readonly peer: PeerId;
	/** The encoded Broadcast, its proof still empty. */
	readonly frame: Bytes;
	/** How long the favour is good by its issuer's clock, ms, and until when by mine. */
	readonly validForMs: number;
	readonly until: Millis;
	/** Sub-puzzles solved so far. */
	readonly solved: readonly Solution[];
	/** How often it was begun anew: each time other nonces are tried. */
	readonly restarts: number;
}

/** Kept once per browser, written by the keeper tab only. */
export interface PersonaRecords {
	readonly jobs: readonly JobRecord[];
	readonly receivedOffers: readonly ReceivedOfferRecord[];
	readonly leads: readonly LeadRecord[];
	readonly sentOffers: readonly SentOfferRecord[];
	readonly chats: readonly ChatRecord[];
	readonly activity: readonly ActivityRecord[];
	/** Payments out of the wallet, and replies that cost or earn something. */
	readonly payments: readonly PaymentRecord[];
	readonly carriages: readonly CarriageRecord[];
	/** Favours sold and not used up. */
	readonly packs: readonly PackRecord[];
	readonly wallets: readonly WalletRecord[];
}

/** Kept once per tab. */
export interface TabRecords {
	readonly ledger: readonly LedgerRecord[];
	readonly routes: readonly RouteRecord[];
	readonly works: readonly WorkRecord[];
}

export type RecordTables = {
	readonly [K in keyof PersonaRecords]: PersonaRecords[K][number];
} & { readonly [K in keyof TabRecords]: TabRecords[K][number] };

export type TableName = keyof RecordTables;

/** Keys: msgId, replyId, id as declared; chats by id; a tab's tables by [self, peer], [self, msgId] and [self, workId]. */
export type RecordKey = string | readonly [string, string];

export type RecordWrite =
	| {
			[K in TableName]: { readonly op: 'put'; readonly table: K; readonly value: RecordTables[K] };
	  }[TableName]
	| { readonly op: 'delete'; readonly table: TableName; readonly key: RecordKey };

/** A record whose cause no longer holds. */
export function withoutCause<T extends { readonly cause?: Cause }>(record: T): T {
	const { ...copy }: { -readonly [K in keyof T]: T[K] } = record;
	delete copy.cause;
	return copy;
}
