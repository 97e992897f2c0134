import type { Bytes, Millis, PeerId } from '#lib/core/brand.ts';
import type { Result } from '#lib/core/result.ts';
import type { PersonaRecords, RecordWrite, TabRecords } from '#lib/gossip/records.ts';
import type { ChannelRows } from './channel-port.ts';

export interface StoreError {
	readonly type: 'store';
	/**
	 * `full`: no room left. `fenced`: another tab has taken over as keeper. `newer`: the data was written by a
	 * newer version of the app. `unavailable`: the browser refuses storage. `failed`: anything else.
	 */
	readonly code: 'full' | 'fenced' | 'newer' | 'unavailable' | 'failed';
	readonly detail: string;
}

/** A record that did not survive parsing: it is left where it is and not used. */
export interface DamagedRecord {
	readonly table: string;
	readonly key: string;
	readonly detail: string;
}

/** What a new keeper starts with. */
export interface Persona {
	/** To be shown with every write of the person's tables. */
	readonly epoch: number;
	readonly records: PersonaRecords;
	readonly damaged: readonly DamagedRecord[];
}

/** Sealed rows, which only wallet/vault reads. */
export interface VaultContent {
	readonly rows: readonly unknown[];
	readonly seed: Bytes | undefined;
}

export type VaultWrite =
	| { readonly op: 'put'; readonly value: { readonly name: string } }
	| { readonly op: 'delete'; readonly name: string }
	| { readonly op: 'forget-seed' };

/** Rows of each table with the key each stands under. */
export type TableRows = Record<string, readonly (readonly [key: unknown, row: unknown])[]>;

export interface Dump {
	/** Version of the database's schema. */
	readonly schema: number;
	readonly tables: Readonly<TableRows>;
	readonly settings: unknown;
}

export interface Restoring {
	readonly tables: Readonly<TableRows>;
	/** Taken over unless undefined. */
	readonly settings: unknown;
	/** Sealed rows to store beside. */
	readonly vault: readonly { readonly name: string }[];
	/** When the backup was made, ms; noted on rows that may have moved on since. */
	readonly madeAt: number;
	/** Whether what is here goes first; otherwise a row that is here already stays as it is. */
	readonly clear: boolean;
}

/** Rows that came from the backup, and rows of it that were here already. */
export interface Restored {
	readonly added: number;
	readonly kept: number;
}

/** Everything kept but pictures and what belongs to single tabs, whatever the tables are. */
export interface BackupStore {
	dump(): Promise<Result<Dump, StoreError>>;
	/**
	 * All of it or nothing, in one transaction, while `epoch` is the keeper's. It ends that epoch: whoever holds
	 * records from before writes nothing more.
	 */
	restore(content: Restoring, epoch: number): Promise<Result<Restored, StoreError>>;
}

/**
 * Where records live. Every write is durable when its promise resolves; a signature or payment that depends on a
 * record leaves only after that.
 */
export interface RecordStore {
	/** Makes the caller the keeper: writes of earlier keepers are refused from now on. */
	takeOver(): Promise<Result<Persona, StoreError>>;
	loadTab(
		self: PeerId,
	): Promise<Result<{ records: TabRecords; damaged: readonly DamagedRecord[] }, StoreError>>;
	/** Applies all writes or none. `epoch` is the keeper's; a follower tab (undefined) may write only its tab's tables. */
	commit(writes: readonly RecordWrite[], epoch: number | undefined): Promise<Result<null, StoreError>>;
	/** The vault's rows as they stand, and the seed that earlier versions kept unsealed. */
	loadVault(): Promise<Result<VaultContent, StoreError>>;
	/** Applies all writes or none, while `epoch` is the keeper's. */
	commitVault(writes: readonly VaultWrite[], epoch: number): Promise<Result<null, StoreError>>;
	/** Forgets rows of tabs' tables that nothing has touched since: of tabs long closed, or too old to matter. */
	sweepTabs(before: Millis): Promise<Result<null, StoreError>>;
	/** Suggestion channels, in the same database and under the same epoch. */
	readonly channels: ChannelRows;
	loadSettings(): Promise<Result<unknown, StoreError>>;
	saveSettings(settings: unknown): Promise<Result<null, StoreError>>;
	/** Loaded when first asked for. */
	backup(): Promise<BackupStore>;
	erase(): Promise<Result<null, StoreError>>;
	close(): void;
}
