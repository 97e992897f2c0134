import type { Bytes } from '#lib/core/brand.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { RecordWrite, TableName } from '#lib/gossip/records.ts';
import { channelTables } from './channel-schema.ts';
import { parseTable, type Parsed } from './parse.ts';
import type { BackupStore, DamagedRecord, RecordStore, StoreError } from './port.ts';
import { restoredRow } from './restored-row.ts';
import {
	keyOf,
	matteredUntil,
	notBackedUp,
	personaTables,
	recordTables,
	schemaVersion,
	tabTables,
} from './schema.ts';
import { createTableChannels } from './table-channels.ts';
import { fenced, keyText, type Tables } from './tables.ts';

const everyTable = [...recordTables, ...channelTables, 'vault', 'meta'] as const;
const backedUp = [...recordTables, ...channelTables].filter(
	(name) => !(notBackedUp as readonly string[]).includes(name),
);

/** The records of one process. Several nodes on the same tables fence each other, as tabs do. */
export function createTableStore(tables: Tables): RecordStore {
	const meta = (key: 'epoch' | 'settings' | 'seed'): unknown => tables.get('meta', key);
	const epoch = (): number => Number(meta('epoch') ?? 0);
	const next = (): number => {
		tables.put('meta', 'epoch', epoch() + 1);
		return epoch();
	};
	const within = <T>(work: () => Result<T, StoreError>) => Promise.resolve(tables.atomically(work));

	function load<Name extends TableName>(names: readonly Name[], keep: (row: unknown) => boolean) {
		const damaged: DamagedRecord[] = [];
		const rows = (name: Name) => tables.entries(name).map(([, row]) => row);
		const records = Object.fromEntries(
			names.map((name) => [name, parseTable(name, rows(name).filter(keep), damaged)]),
		);
		return { records: records as unknown as Parsed<Name>, damaged };
	}

	return {
		takeOver: () => within(() => ok({ epoch: next(), ...load(personaTables, () => true) })),
		loadTab: (self) => within(() => ok(load(tabTables, (row) => (row as { self?: unknown }).self === self))),
		commit: (writes: readonly RecordWrite[], writer) =>
			within(() => {
				const guarded = writes.some((write) => (personaTables as readonly string[]).includes(write.table));
				if (guarded && writer !== epoch()) return fenced;
				for (const write of writes) {
					if (write.op === 'put')
						tables.put(write.table, keyText(keyOf(write.table, write.value)), write.value);
					else tables.delete(write.table, keyText(write.key));
				}
				return ok(null);
			}),
		loadVault: () =>
			within(() =>
				ok({
					rows: tables.entries('vault').map(([, row]) => row),
					seed: meta('seed') as Bytes | undefined,
				}),
			),
		commitVault: (writes, writer) =>
			within(() => {
				if (writer !== epoch()) return fenced;
				for (const write of writes) {
					if (write.op === 'put') tables.put('vault', write.value.name, write.value);
					else if (write.op === 'delete') tables.delete('vault', write.name);
					else tables.delete('meta', 'seed');
				}
				return ok(null);
			}),
		sweepTabs: (before) =>
			within(() => {
				for (const table of tabTables)
					for (const [key, row] of tables.entries(table)) {
						const until = (row as Readonly<Record<string, unknown>>)[matteredUntil[table]];
						if (!(typeof until === 'number' && until >= before)) tables.delete(table, key);
					}
				return ok(null);
			}),
		channels: createTableChannels(tables, epoch),
		loadSettings: () => within(() => ok(meta('settings'))),
		saveSettings: (settings) =>
			within(() => {
				tables.put('meta', 'settings', settings);
				return ok(null);
			}),
		backup: () => Promise.resolve(createTableBackup(tables, { epoch, next })),
		erase: () =>
			within(() => {
				const last = epoch();
				for (const name of everyTable) tables.clear(name);
				// Whoever holds records from before is fenced still.
				tables.put('meta', 'epoch', last);
				return ok(null);
			}),
		close: () => {
			tables.close();
		},
	};
}

function createTableBackup(
	tables: Tables,
	{ epoch, next }: { readonly epoch: () => number; readonly next: () => number },
): BackupStore {
	return {
		dump: () =>
			Promise.resolve(
				tables.atomically(() =>
					ok({
						schema: schemaVersion,
						tables: Object.fromEntries(backedUp.map((name) => [name, tables.entries(name)])),
						settings: tables.get('meta', 'settings'),
					}),
				),
			),
		restore: (content, writer) =>
			Promise.resolve(
				tables.atomically(() => {
					if (writer !== epoch()) return fenced;
					next();
					let [added, kept] = [0, 0];
					for (const name of backedUp) {
						if (content.clear) tables.clear(name);
						for (const [key, row] of content.tables[name] ?? []) {
							const text = keyText(key as string | readonly (string | number)[]);
							if (tables.has(name, text)) kept++;
							else {
								added++;
								tables.put(name, text, restoredRow(name, row, content.madeAt));
							}
						}
					}
					if (content.settings !== undefined) tables.put('meta', 'settings', content.settings);
					for (const row of content.vault) tables.put('vault', row.name, row);
					return ok({ added, kept });
				}),
			),
	};
}
