import type { MsgId, PeerId, ReplyId } from '#lib/core/brand.ts';

/** What survives a reload. The store keeps each under its key, strictly durable, and hands it back parsed. */
export interface JobRecord {
	readonly msgId: MsgId;
}
export interface ReceivedOfferRecord {
	readonly replyId: ReplyId;
}
export interface LeadRecord {
	readonly msgId: MsgId;
}
export interface SentOfferRecord {
	readonly replyId: ReplyId;
}
export interface ChatRecord {
	readonly id: string;
	readonly replyId: ReplyId;
}
export interface ActivityRecord {
	readonly id: string;
}
/** A neighbour's ledger entry, per tab: balances are between two PeerIds. */
export interface LedgerRecord {
	readonly self: PeerId;
	readonly peer: PeerId;
}
/** A middleman's reply memory, per tab. */
export interface RouteRecord {
	readonly self: PeerId;
	readonly msgId: MsgId;
}

/** Kept once per browser, written by the keeper tab only. */
export interface PersonaRecords {
	readonly jobs: readonly JobRecord[];
	readonly receivedOffers: readonly ReceivedOfferRecord[];
	readonly leads: readonly LeadRecord[];
	readonly sentOffers: readonly SentOfferRecord[];
	readonly chats: readonly ChatRecord[];
	readonly activity: readonly ActivityRecord[];
}

/** Kept once per tab. */
export interface TabRecords {
	readonly ledger: readonly LedgerRecord[];
	readonly routes: readonly RouteRecord[];
}

export type RecordTables = {
	readonly [K in keyof PersonaRecords]: PersonaRecords[K][number];
} & { readonly [K in keyof TabRecords]: TabRecords[K][number] };

export type TableName = keyof RecordTables;

/** Keys: msgId, replyId, id as declared; chats by id; ledger and routes by [self, peer] and [self, msgId]. */
export type RecordKey = string | readonly [string, string];

export type RecordWrite =
	| { [K in TableName]: { readonly op: 'put'; readonly table: K; readonly value: RecordTables[K] } }[TableName]
	| { readonly op: 'delete'; readonly table: TableName; readonly key: RecordKey };
