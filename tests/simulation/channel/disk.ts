import type {
	ChannelRecord,
	Kept,
	OfferRecord,
	RoundRecord,
	RoundWrite,
	StateRecord,
} from '#lib/channel/rounds/records.ts';

/** What one side has on disk. Rows are values, so that a copy is a snapshot. */
export interface Disk {
	readonly record: ChannelRecord;
	readonly offers: ReadonlyMap<number, OfferRecord>;
	readonly rounds: ReadonlyMap<number, RoundRecord>;
	readonly states: ReadonlyMap<number, StateRecord>;
}

export const freshDisk = (record: ChannelRecord): Disk => ({
	record,
	offers: new Map(),
	rounds: new Map(),
	states: new Map(),
});

/** All writes or none; the row that stands when an `add` meets one. */
export function applyWrites(disk: Disk, writes: readonly RoundWrite[]): Disk | { readonly taken: unknown } {
	let next = disk;
	for (const { op, table, value } of writes) {
		if (table === 'channels') {
			next = { ...next, record: value };
			continue;
		}
		const rows: ReadonlyMap<number, unknown> = next[table];
		if (op === 'add' && rows.has(value.round)) return { taken: rows.get(value.round) };
		next = { ...next, [table]: new Map([...rows, [value.round, value]]) };
	}
	return next;
}

export const kept = ({ record, offers, rounds, states }: Disk): Kept => ({
	record,
	offers: [...offers.values()],
	rounds: [...rounds.values()],
	states: [...states.values()],
});

/** A backup put back: an old copy, and marked as one. */
export const restored = (disk: Disk): Disk => ({ ...disk, record: { ...disk.record, recovering: true } });

/** Newest round with both signatures on disk. */
export const playedOn = ({ states }: Disk): number => Math.max(0, ...states.keys());
