import { err, ok, type Result } from '#lib/core/result.ts';
import type { ChannelRows, ChannelStoreError, StoredRows, StoredWrite } from './channel-port.ts';
import { rowTables } from './channel-schema.ts';
import type { DatabaseHandle } from './database.ts';

const refused = (code: 'taken' | 'fenced', detail: string): Result<never, ChannelStoreError> =>
	err({ type: 'store', code, detail });

/** Channels in IndexedDB. Every write is strict, and refused to a tab that is not the keeper any more. */
export function createChannelRows(handle: DatabaseHandle): ChannelRows {
	return {
		any: () =>
			handle.use(async (database) => {
				const tables = ['channels', 'watches', 'memes'] as const;
				const counts = await Promise.all(tables.map((table) => database.count(table)));
				return counts.some((count) => count > 0);
			}),

		async load() {
			const raw = await handle.use((database) =>
				Promise.all(rowTables.map(async (table) => [table, await database.getAll(table)] as const)),
			);
			return raw.ok ? ok(Object.fromEntries(raw.value) as unknown as StoredRows) : raw;
		},

		async commit(writes, epoch) {
			const outcome = await handle.use(async (database) => {
				const tables = [...new Set(writes.map((write) => write.table))];
				const tx = database.transaction([...tables, 'meta'], 'readwrite', { durability: 'strict' });
				const current = await tx.objectStore('meta').get('epoch');
				if (epoch === undefined || current !== epoch) {
					await tx.done;
					return 'fenced' as const;
				}
				const issue = (write: StoredWrite): Promise<unknown> => {
					const store = tx.objectStore(write.table);
					if (write.op === 'delete') return store.delete(write.key as IDBValidKey);
					return write.op === 'add' ? store.add(write.value as never) : store.put(write.value as never);
				};
				const results = await Promise.allSettled([...writes.map(issue), tx.done]);
				const reasons = results.flatMap((result): unknown[] =>
					result.status === 'rejected' ? [result.reason] : [],
				);
				if (reasons.length === 0) return null;
				// The other requests of the transaction fail with it, as aborted ones.
				const taken = reasons.some(
					(reason) => reason instanceof DOMException && reason.name === 'ConstraintError',
				);
				if (taken) return 'taken' as const;
				throw reasons[0];
			});
			if (!outcome.ok) return outcome;
			if (outcome.value === 'fenced') return refused('fenced', 'another tab keeps the channels now');
			if (outcome.value === 'taken') return refused('taken', 'an answer is written already');
			return ok(null);
		},

		content: (sha256) => handle.use((database) => database.get('contents', sha256)),
	};
}
