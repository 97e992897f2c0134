import type { DBSchema, IDBPDatabase } from 'idb';
import type { RecordKey, RecordTables, TableName } from '#lib/gossip/records.ts';
import { channelKeyPaths, channelTables, type ChannelStores } from './channel-schema.ts';

export const databaseName = 'sweet-gossip';

type RecordStores = {
	[K in keyof RecordTables]: {
		key: K extends (typeof tabTables)[number] ? [string, string] : string;
		value: RecordTables[K];
	};
};

export interface Schema extends DBSchema, RecordStores, ChannelStores {
	/** Single values: `epoch`, `settings`, and in old databases `seed`. */
	meta: { key: string; value: unknown };
	/** Sealed secrets, opaque here (wallet/vault). */
	vault: { key: string; value: { readonly name: string } };
}

export type Database = IDBPDatabase<Schema>;

/** Tables that only the keeper tab writes. */
export const personaTables = [
	'jobs',
	'receivedOffers',
	'leads',
	'sentOffers',
	'chats',
	'activity',
	'payments',
	'carriages',
	'wallets',
	'packs',
] as const;

/** Tables each tab writes for itself. */
export const tabTables = ['ledger', 'routes', 'works'] as const;

export const recordTables = [...personaTables, ...tabTables] as const;

/** Stores that a backup leaves out: what is sealed goes into it opened, the rest is of use in this browser only. */
export const notBackedUp = ['meta', 'vault', 'contents', 'packs', ...tabTables] as const;

/** Stores whose rows get the field `restored` (when the backup was made, ms): they may have moved on since. */
export const staleWhenRestored: readonly string[] = ['channels'];

/**
 * Step n takes a database of version n to n + 1. Steps only ever add: an older app in another tab must not find
 * its data gone. A released step is never edited.
 */
export const migrations: readonly ((database: Database) => void)[] = [
	(database) => {
		create(
			database,
			'jobs',
			'receivedOffers',
			'leads',
			'sentOffers',
			'chats',
			'activity',
			'ledger',
			'routes',
		);
		database.createObjectStore('meta');
	},
	(database) => {
		database.createObjectStore('vault', { keyPath: 'name' });
	},
	(database) => create(database, 'works'),
	(database) => create(database, 'payments', 'carriages', 'wallets'),
	(database) => {
		for (const table of channelTables)
			database.createObjectStore(table, { keyPath: channelKeyPaths[table] as string | string[] });
	},
	(database) => create(database, 'packs'),
];

function create(database: Database, ...tables: readonly TableName[]): void {
	for (const table of tables)
		database.createObjectStore(table, { keyPath: keyPaths[table] as string | string[] });
}

export const schemaVersion = migrations.length;

const keyPaths: { readonly [K in TableName]: string | readonly [string, string] } = {
	jobs: 'msgId',
	receivedOffers: 'replyId',
	leads: 'msgId',
	sentOffers: 'replyId',
	chats: 'id',
	activity: 'id',
	payments: 'hash',
	carriages: 'replyId',
	wallets: 'id',
	packs: 'hash',
	ledger: ['self', 'peer'],
	routes: ['self', 'msgId'],
	works: ['self', 'workId'],
};

/** Where a row of a tab's table says until when it mattered, ms. */
export const matteredUntil: { readonly [K in (typeof tabTables)[number]]: keyof RecordTables[K] & string } = {
	ledger: 'balanceAt',
	routes: 'expiresAt',
	works: 'until',
};

/** The key a value stands under in its table. */
export function keyOf(table: TableName, value: object): RecordKey {
	const path = keyPaths[table];
	const at = (name: string) => String((value as Record<string, unknown>)[name]);
	return typeof path === 'string' ? at(path) : [at(path[0]), at(path[1])];
}
