import { err, ok, type Result } from '#lib/core/result.ts';
import type { ChannelRows, ChannelStoreError, StoredRows } from './channel-port.ts';
import { channelKeyOf, rowTables } from './channel-schema.ts';
import type { StoreError } from './port.ts';
import { fenced, keyText, type Tables } from './tables.ts';

/** Suggestion channels in `tables`. `epoch` tells the keeper's. */
export function createTableChannels(tables: Tables, epoch: () => number): ChannelRows {
	const read = <T>(work: () => T): Promise<Result<T, StoreError>> =>
		Promise.resolve(tables.atomically(() => ok(work())));

	return {
		any: () =>
			read(() => (['channels', 'watches', 'memes'] as const).some((name) => tables.entries(name).length > 0)),
		load: () =>
			read(
				() =>
					Object.fromEntries(
						rowTables.map((name) => [name, tables.entries(name).map(([, row]) => row)]),
					) as unknown as StoredRows,
			),
		commit: (writes, writer) =>
			Promise.resolve(
				tables.atomically((): Result<null, ChannelStoreError> => {
					if (writer !== epoch()) return fenced;
					const keyed = writes.map((write) => ({
						write,
						key: keyText(write.op === 'delete' ? write.key : channelKeyOf(write.table, write.value)),
					}));
					if (keyed.some(({ write, key }) => write.op === 'add' && tables.has(write.table, key)))
						return err({ type: 'store', code: 'taken', detail: 'an answer is written already' });
					for (const { write, key } of keyed) {
						if (write.op === 'delete') tables.delete(write.table, key);
						else tables.put(write.table, key, write.value);
					}
					return ok(null);
				}),
			),
		content: (sha256) => read(() => tables.get('contents', sha256)),
	};
}
