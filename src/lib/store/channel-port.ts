import type { Bytes, Millis } from '#lib/core/brand.ts';
import type { Result } from '#lib/core/result.ts';
import type { Address, ChannelId, Word } from '#lib/channel/address.ts';
import type { Channel, Tally } from '#lib/channel/channel.ts';
import type { RoundTables, RoundWrite } from '#lib/channel/rounds/records.ts';
import type { Signature } from '#lib/channel/signature.ts';
import type { Domain } from '#lib/channel/typed-data.ts';
import type { DamagedRecord, StoreError } from './port.ts';

/** A picture of the own queue; its bytes are in `contents`. */
export interface PictureRecord {
	readonly sha256: Word;
	readonly mime: string;
	readonly size: number;
	readonly name: string;
	readonly addedAt: Millis;
}

/** Bytes by their hash: own pictures, and those that were shown to this person. */
export interface ContentRecord {
	readonly sha256: Word;
	readonly mime: string;
	readonly bytes: Bytes;
}

/** A state of somebody's channel, to answer a wrong claim with. */
export interface WatchRecord {
	readonly id: ChannelId;
	readonly domain: Domain;
	readonly channel: Channel;
	readonly tally: Tally;
	readonly user: Signature;
	readonly suggester: Signature;
	readonly since: Millis;
	/** Account that sends the correction. */
	readonly from: Address;
}

/** Single values of this half, such as the chain in use and the studio's settings; parsed by whoever reads one. */
export interface MemesValue {
	readonly name: string;
	readonly value: unknown;
}

export interface ChannelTables extends RoundTables {
	pictures: PictureRecord;
	contents: ContentRecord;
	watches: WatchRecord;
	memes: MemesValue;
}

export type ChannelTable = keyof ChannelTables;

export type ChannelWrite =
	| RoundWrite
	| {
			[K in Exclude<ChannelTable, keyof RoundTables>]: {
				readonly op: 'put';
				readonly table: K;
				readonly value: ChannelTables[K];
			};
	  }[Exclude<ChannelTable, keyof RoundTables>]
	| {
			readonly op: 'delete';
			readonly table: 'channels' | 'pictures' | 'contents' | 'watches';
			readonly key: readonly [string, string] | string;
	  };

/** `taken`: an `add` met a record that is there already; nothing of the commit was written. */
export type ChannelStoreError =
	StoreError | { readonly type: 'store'; readonly code: 'taken'; readonly detail: string };

export type ChannelRecords = {
	readonly [K in Exclude<ChannelTable, 'contents'>]: readonly ChannelTables[K][];
};

/** Rows as they lie on disk; `openChannelRecords` (channel-records.ts) makes records of them. */
export type StoredRows = { readonly [K in Exclude<ChannelTable, 'contents'>]: readonly unknown[] };

export type StoredWrite =
	| { readonly op: 'put' | 'add'; readonly table: ChannelTable; readonly value: object }
	| Extract<ChannelWrite, { op: 'delete' }>;

/**
 * Where channels are kept, with the same promises as `RecordStore`; only the keeper tab writes. Rows go in and out as
 * they are stored, so that a node that never saw a channel carries no code for them.
 */
export interface ChannelRows {
	/** Whether anything is kept here. */
	any(): Promise<Result<boolean, StoreError>>;
	/** Everything but the bytes of pictures. */
	load(): Promise<Result<StoredRows, StoreError>>;
	/** All writes or none, durable when it resolves. */
	commit(writes: readonly StoredWrite[], epoch: number | undefined): Promise<Result<null, ChannelStoreError>>;
	content(sha256: string): Promise<Result<unknown, StoreError>>;
}

/** The same as records. */
export interface ChannelStore {
	load(): Promise<
		Result<{ readonly records: ChannelRecords; readonly damaged: readonly DamagedRecord[] }, StoreError>
	>;
	commit(
		writes: readonly ChannelWrite[],
		epoch: number | undefined,
	): Promise<Result<null, ChannelStoreError>>;
	/** A picture's bytes, checked against their hash by whoever shows them. */
	content(sha256: Word): Promise<Result<ContentRecord | undefined, StoreError>>;
}
