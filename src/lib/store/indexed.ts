import type { IDBPTransaction } from 'idb';
import type { Bytes, PeerId } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { RecordWrite, TableName } from '#lib/gossip/records.ts';
import { createChannelRows } from './channels.ts';
import { DatabaseHandle } from './database.ts';
import { issueAll } from './issue.ts';
import { parseTable, type Parsed } from './parse.ts';
import type { DamagedRecord, RecordStore, StoreError, VaultWrite } from './port.ts';
import { matteredUntil, personaTables, tabTables, type Database, type Schema } from './schema.ts';

const isPersonaTable = (table: TableName): boolean => (personaTables as readonly string[]).includes(table);

type WriteTransaction = IDBPTransaction<Schema, (TableName | 'meta')[], 'readwrite'>;

function* recordWrites(tx: WriteTransaction, writes: readonly RecordWrite[]): Generator<Promise<unknown>> {
	for (const write of writes) {
		const store = tx.objectStore(write.table);
		yield write.op === 'put' ? store.put(write.value) : store.delete(write.key as never);
	}
}

function* vaultWrites(
	tx: IDBPTransaction<Schema, ('vault' | 'meta')[], 'readwrite'>,
	writes: readonly VaultWrite[],
): Generator<Promise<unknown>> {
	const vault = tx.objectStore('vault');
	for (const write of writes) {
		if (write.op === 'put') yield vault.put(write.value);
		else if (write.op === 'delete') yield vault.delete(write.name);
		else yield tx.objectStore('meta').delete('seed');
	}
}

/** What a guarded transaction came to. */
const settle = <T>(outcome: Result<'fenced' | T, StoreError>): Result<T, StoreError> =>
	outcome.ok && outcome.value === 'fenced'
		? err({ type: 'store', code: 'fenced', detail: 'another tab keeps the jobs now' })
		: (outcome as Result<T, StoreError>);

/** The seed of earlier versions, if it is one. */
const isSeed = (value: unknown): value is Bytes => value instanceof Uint8Array && value.length === 32;

/** The browser's store: IndexedDB, every write with strict durability (a default one can vanish in a power cut). */
export function createIndexedStore(): RecordStore {
	const handle = new DatabaseHandle();

	async function load<Names extends readonly TableName[]>(
		tables: Names,
		read: (database: Database, table: Names[number]) => Promise<readonly unknown[]>,
	): Promise<Result<{ records: Parsed<Names[number]>; damaged: readonly DamagedRecord[] }, StoreError>> {
		const raw = await handle.use((database) =>
			Promise.all(tables.map(async (table) => [table, await read(database, table)] as const)),
		);
		if (!raw.ok) return raw;
		const damaged: DamagedRecord[] = [];
		const records = Object.fromEntries(
			raw.value.map(([table, values]) => [table, parseTable(table, values, damaged)]),
		);
		return ok({ records: records as unknown as Parsed<Names[number]>, damaged });
	}

	return {
		async takeOver() {
			const raised = await handle.use(async (database) => {
				const tx = database.transaction('meta', 'readwrite', { durability: 'strict' });
				const kept = await tx.store.get('epoch');
				const epoch = (typeof kept === 'number' ? kept : 0) + 1;
				await tx.store.put(epoch, 'epoch');
				await tx.done;
				return epoch;
			});
			if (!raised.ok) return raised;
			const loaded = await load(personaTables, (database, table) => database.getAll(table));
			return loaded.ok ? ok({ epoch: raised.value, ...loaded.value }) : loaded;
		},

		loadTab: (self: PeerId) =>
			load(tabTables, (database, table) => database.getAll(table, IDBKeyRange.bound([self], [self, []]))),

		async commit(writes: readonly RecordWrite[], epoch: number | undefined) {
			const tables = [...new Set(writes.map((write) => write.table))];
			const guarded = tables.some(isPersonaTable);
			const outcome = await handle.use<'fenced' | null>(async (database) => {
				const tx = database.transaction([...tables, 'meta'], 'readwrite', { durability: 'strict' });
				const current = await tx.objectStore('meta').get('epoch');
				if (guarded && (epoch === undefined || current !== epoch)) {
					await tx.done;
					return 'fenced';
				}
				await issueAll(tx, () => recordWrites(tx, writes));
				return null;
			});
			return settle(outcome);
		},

		loadVault: () =>
			handle.use(async (database) => {
				const tx = database.transaction(['vault', 'meta'], 'readonly');
				const [rows, seed] = await Promise.all([
					tx.objectStore('vault').getAll(),
					tx.objectStore('meta').get('seed'),
				]);
				return { rows, seed: isSeed(seed) ? seed : undefined };
			}),

		async commitVault(writes, epoch) {
			const outcome = await handle.use<'fenced' | null>(async (database) => {
				const tx = database.transaction(['vault', 'meta'], 'readwrite', { durability: 'strict' });
				if ((await tx.objectStore('meta').get('epoch')) !== epoch) {
					await tx.done;
					return 'fenced';
				}
				await issueAll(tx, () => vaultWrites(tx, writes));
				return null;
			});
			return settle(outcome);
		},

		sweepTabs: (before) =>
			handle.use(async (database) => {
				const tx = database.transaction(tabTables, 'readwrite', { durability: 'strict' });
				const sweeps = tabTables.map(async (table) => {
					for (let at = await tx.objectStore(table).openCursor(); at; at = await at.continue()) {
						const until = (at.value as unknown as Readonly<Record<string, unknown>>)[matteredUntil[table]];
						if (!(typeof until === 'number' && until >= before)) await at.delete();
					}
				});
				await Promise.all([...sweeps, tx.done]);
				return null;
			}),
		channels: createChannelRows(handle),

		loadSettings: () => handle.use((database) => database.get('meta', 'settings')),

		saveSettings: (settings) =>
			handle.use(async (database) => {
				const tx = database.transaction('meta', 'readwrite', { durability: 'strict' });
				await tx.store.put(settings, 'settings');
				await tx.done;
				return null;
			}),

		async backup() {
			const { createBackupStore } = await import('./backup.ts');
			return createBackupStore(handle, settle);
		},

		erase: () => handle.erase(),
		close: () => void handle.close(),
	};
}
