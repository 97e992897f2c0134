import type { Bytes } from '#lib/core/brand.ts';
import { err, ok } from '#lib/core/result.ts';
import type { RecordKey, RecordWrite, TableName } from '#lib/gossip/records.ts';
import { createMemoryChannels } from './channels-memory.ts';
import { parseTable, type Parsed } from './parse.ts';
import type { DamagedRecord, RecordStore } from './port.ts';
import { restoredRow } from './restored-row.ts';
import { keyOf, matteredUntil, personaTables, recordTables, schemaVersion, tabTables } from './schema.ts';

const keyText = (key: RecordKey): string => (typeof key === 'string' ? key : key.join('\n'));

/**
 * A store that lives as long as its process: headless peers, simulations and tests.
 * @param earlierSeed what an earlier version of the app would have left unsealed.
 */
export function createMemoryStore(earlierSeed?: Bytes): RecordStore {
	const tables = new Map<TableName, Map<string, unknown>>(recordTables.map((table) => [table, new Map()]));
	const rows = (table: TableName): Map<string, unknown> => tables.get(table) ?? new Map<string, unknown>();
	const vault = new Map<string, unknown>();
	let seed = earlierSeed;
	let epoch = 0;
	let settings: unknown;
	const channels = createMemoryChannels(() => epoch);

	function load<Name extends TableName>(names: readonly Name[], keep: (row: unknown) => boolean) {
		const damaged: DamagedRecord[] = [];
		const records = Object.fromEntries(
			names.map((name) => [name, parseTable(name, [...rows(name).values()].filter(keep), damaged)]),
		);
		return { records: records as unknown as Parsed<Name>, damaged };
	}

	return {
		takeOver: () => Promise.resolve(ok({ epoch: ++epoch, ...load(personaTables, () => true) })),
		loadTab: (self) =>
			Promise.resolve(ok(load(tabTables, (row) => (row as { self?: unknown }).self === self))),
		commit(writes: readonly RecordWrite[], writer) {
			const guarded = writes.some((write) => (personaTables as readonly string[]).includes(write.table));
			if (guarded && writer !== epoch)
				return Promise.resolve(err({ type: 'store', code: 'fenced', detail: 'another keeper took over' }));
			for (const write of writes) {
				if (write.op === 'put')
					rows(write.table).set(keyText(keyOf(write.table, write.value)), structuredClone(write.value));
				else rows(write.table).delete(keyText(write.key));
			}
			return Promise.resolve(ok(null));
		},
		loadVault: () => Promise.resolve(ok({ rows: [...vault.values()], seed })),
		commitVault(writes, writer) {
			if (writer !== epoch)
				return Promise.resolve(err({ type: 'store', code: 'fenced', detail: 'another keeper took over' }));
			for (const write of writes) {
				if (write.op === 'put') vault.set(write.value.name, structuredClone(write.value));
				else if (write.op === 'delete') vault.delete(write.name);
				else seed = undefined;
			}
			return Promise.resolve(ok(null));
		},
		sweepTabs(before) {
			for (const table of tabTables)
				for (const [key, row] of rows(table)) {
					const until = (row as Readonly<Record<string, unknown>>)[matteredUntil[table]];
					if (!(typeof until === 'number' && until >= before)) rows(table).delete(key);
				}
			return Promise.resolve(ok(null));
		},
		channels,
		loadSettings: () => Promise.resolve(ok(settings)),
		saveSettings(value) {
			settings = structuredClone(value);
			return Promise.resolve(ok(null));
		},
		backup: () =>
			Promise.resolve({
				dump: () =>
					Promise.resolve(
						ok({
							schema: schemaVersion,
							tables: Object.fromEntries(personaTables.map((name) => [name, [...rows(name)]])),
							settings,
						}),
					),
				restore(content, writer) {
					if (writer !== epoch)
						return Promise.resolve(
							err({ type: 'store', code: 'fenced', detail: 'another keeper took over' }),
						);
					epoch++;
					let [added, kept] = [0, 0];
					for (const name of personaTables) {
						if (content.clear) rows(name).clear();
						for (const [, row] of content.tables[name] ?? []) {
							const key = keyText(keyOf(name, row as object));
							if (rows(name).has(key)) kept++;
							else added++;
							if (!rows(name).has(key))
								rows(name).set(key, structuredClone(restoredRow(name, row, content.madeAt)));
						}
					}
					if (content.settings !== undefined) settings = structuredClone(content.settings);
					for (const row of content.vault) vault.set(row.name, structuredClone(row));
					return Promise.resolve(ok({ added, kept }));
				},
			}),
		erase() {
			for (const kept of tables.values()) kept.clear();
			channels.erase();
			vault.clear();
			seed = undefined;
			settings = undefined;
			return Promise.resolve(ok(null));
		},
		close: () => undefined,
	};
}
