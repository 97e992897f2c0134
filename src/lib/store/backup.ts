import type { Result } from '#lib/core/result.ts';
import type { DatabaseHandle } from './database.ts';
import { issueAll } from './issue.ts';
import type { BackupStore, Restored, StoreError, TableRows } from './port.ts';
import { restoredRow } from './restored-row.ts';
import { notBackedUp, schemaVersion } from './schema.ts';

const backedUp = (name: string): boolean => !(notBackedUp as readonly string[]).includes(name);

/** The key a row stands under, as a text to compare. */
const keyText = (key: unknown): string => JSON.stringify(key);

/** Everything in the database, whichever area keeps it: a table added later is in the next backup by itself. */
export function createBackupStore(
	handle: DatabaseHandle,
	settle: (outcome: Result<'fenced' | Restored, StoreError>) => Result<Restored, StoreError>,
): BackupStore {
	return {
		dump: () =>
			handle.use(async (database) => {
				const names = [...database.objectStoreNames].filter(backedUp);
				const tx = database.transaction([...names, 'meta'], 'readonly');
				const tables = await Promise.all(
					names.map(async (name) => {
						const store = tx.objectStore(name);
						const [keys, rows] = await Promise.all([store.getAllKeys(), store.getAll()]);
						return [name, keys.map((key, index) => [key, rows[index]] as const)] as const;
					}),
				);
				const settings: unknown = await tx.objectStore('meta').get('settings');
				return { schema: schemaVersion, tables: Object.fromEntries(tables), settings };
			}),

		async restore({ tables, settings, vault, madeAt, clear }, epoch) {
			const outcome = await handle.use<'fenced' | Restored>(async (database) => {
				const names = [...database.objectStoreNames].filter(backedUp);
				const tx = database.transaction([...names, 'meta', 'vault'], 'readwrite', { durability: 'strict' });
				if ((await tx.objectStore('meta').get('epoch')) !== epoch) {
					await tx.done;
					return 'fenced';
				}
				const fresh: TableRows = {};
				let kept = 0;
				for (const name of names) {
					const here = clear ? [] : await tx.objectStore(name).getAllKeys();
					const taken = new Set(here.map(keyText));
					const rows = tables[name] ?? [];
					fresh[name] = rows.filter(([key]) => !taken.has(keyText(key)));
					kept += rows.length - fresh[name].length;
				}
				await issueAll(tx, function* () {
					for (const name of names) {
						const store = tx.objectStore(name);
						if (clear) yield store.clear();
						for (const [key, row] of fresh[name] ?? []) {
							const value = restoredRow(name, row, madeAt) as never;
							yield store.keyPath === null ? store.put(value, key as never) : store.put(value);
						}
					}
					// Whoever still holds what was here before writes nothing more.
					yield tx.objectStore('meta').put(epoch + 1, 'epoch');
					if (settings !== undefined) yield tx.objectStore('meta').put(settings, 'settings');
					for (const row of vault) yield tx.objectStore('vault').put(row);
				});
				const added = Object.values(fresh).reduce((sum, rows) => sum + rows.length, 0);
				return { added, kept };
			});
			return settle(outcome);
		},
	};
}
