import type { Bytes } from '#lib/core/brand.ts';
import type { RecordStore } from './port.ts';
import { createTableStore } from './table-store.ts';
import type { Tables } from './tables.ts';

/**
 * A store that lives as long as its process: headless peers, simulations and tests.
 * @param earlierSeed what an earlier version of the app would have left unsealed.
 */
export function createMemoryStore(earlierSeed?: Bytes): RecordStore {
	const tables = createMemoryTables();
	if (earlierSeed) tables.put('meta', 'seed', earlierSeed);
	return createTableStore(tables);
}

/** Callers check before they write, so nothing is ever half done here. */
function createMemoryTables(): Tables {
	const tables = new Map<string, Map<string, unknown>>();
	const rows = (table: string): Map<string, unknown> => {
		const found = tables.get(table) ?? new Map<string, unknown>();
		tables.set(table, found);
		return found;
	};
	return {
		get: (table, key) => rows(table).get(key),
		has: (table, key) => rows(table).has(key),
		entries: (table) => [...rows(table)],
		put: (table, key, row) => void rows(table).set(key, structuredClone(row)),
		delete: (table, key) => void rows(table).delete(key),
		clear: (table) => {
			rows(table).clear();
		},
		atomically: (work) => work(),
		close: () => undefined,
	};
}
