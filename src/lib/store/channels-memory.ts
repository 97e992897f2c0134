import { err, ok } from '#lib/core/result.ts';
import type { ChannelRows, ChannelTable, StoredRows } from './channel-port.ts';
import { channelKeyOf, channelTables, rowTables } from './channel-schema.ts';

/** Channels that live as long as their process: headless peers and tests. `epoch` tells the keeper's. */
export function createMemoryChannels(epoch: () => number): ChannelRows & {
	erase(): void;
} {
	const tables = new Map<ChannelTable, Map<string, unknown>>(
		channelTables.map((table) => [table, new Map()]),
	);
	const rows = (table: ChannelTable) => tables.get(table) ?? new Map<string, unknown>();
	const text = (key: readonly (string | number)[] | string) =>
		typeof key === 'string' ? key : key.join('\n');

	return {
		any: () =>
			Promise.resolve(ok((['channels', 'watches', 'memes'] as const).some((name) => rows(name).size > 0))),
		load: () =>
			Promise.resolve(
				ok(
					Object.fromEntries(
						rowTables.map((name) => [name, [...rows(name).values()]]),
					) as unknown as StoredRows,
				),
			),
		commit(writes, writer) {
			if (writer !== epoch())
				return Promise.resolve(err({ type: 'store', code: 'fenced', detail: 'another keeper took over' }));
			const keyed = writes.map((write) => ({
				write,
				key: text(write.op === 'delete' ? write.key : channelKeyOf(write.table, write.value)),
			}));
			if (keyed.some(({ write, key }) => write.op === 'add' && rows(write.table).has(key)))
				return Promise.resolve(err({ type: 'store', code: 'taken', detail: 'an answer is written already' }));
			for (const { write, key } of keyed) {
				if (write.op === 'delete') rows(write.table).delete(key);
				else rows(write.table).set(key, structuredClone(write.value));
			}
			return Promise.resolve(ok(null));
		},
		content: (sha256) => Promise.resolve(ok(rows('contents').get(sha256))),
		erase() {
			for (const kept of tables.values()) kept.clear();
		},
	};
}
