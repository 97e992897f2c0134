import { channelToJson } from '#lib/channel/channel.ts';
import { ok } from '#lib/core/result.ts';
import { parseChannelTables, parseContent } from './channel-parse.ts';
import type { ChannelRows, ChannelStore, ChannelWrite, StoredWrite } from './channel-port.ts';
import type { DamagedRecord } from './port.ts';

/** The form a row has on disk: amounts of a channel are decimal strings, so that a backup can be JSON. */
const stored = (write: ChannelWrite): StoredWrite =>
	write.op !== 'delete' && 'channel' in write.value
		? { ...write, value: { ...write.value, channel: channelToJson(write.value.channel) } }
		: write;

/** Records over stored rows: parsed when they are read, with what is damaged left aside. */
export const openChannelRecords = (rows: ChannelRows): ChannelStore => ({
	async load() {
		const raw = await rows.load();
		if (!raw.ok) return raw;
		const damaged: DamagedRecord[] = [];
		return ok({ records: parseChannelTables(raw.value, damaged), damaged });
	},
	commit: (writes, epoch) => rows.commit(writes.map(stored), epoch),
	async content(sha256) {
		const row = await rows.content(sha256);
		return row.ok ? ok(parseContent(row.value)) : row;
	},
});
