import type { ChannelStore } from '#lib/store/channel-port.ts';
import { openChannelRecords } from '#lib/store/channel-records.ts';
import { createIndexedStore } from '#lib/store/indexed.ts';
import type { RoundWrite } from '#lib/channel/rounds/records.ts';

/** The app's own store: every commit is a strict transaction, and is over before anything is sent. */
export interface Disk {
	commit(writes: readonly RoundWrite[]): Promise<void>;
	/** A row of a contestant that has tables of its own. */
	keep(name: string, value: unknown): Promise<void>;
}

export async function openDisk(): Promise<Disk> {
	const indexed = createIndexedStore();
	const taken = await indexed.takeOver();
	if (!taken.ok) throw new Error(taken.error.detail);
	const store = openChannelRecords(indexed.channels);
	const commit = async (writes: Parameters<ChannelStore['commit']>[0]) => {
		const done = await store.commit(writes, taken.value.epoch);
		if (!done.ok) throw new Error(done.error.detail);
	};
	return {
		commit,
		keep: (name, value) => commit([{ op: 'put', table: 'memes', value: { name, value } }]),
	};
}
