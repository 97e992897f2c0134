import * as v from 'valibot';
import { parseChannel, type Channel } from '#lib/channel/channel.ts';
import { pictureLimits } from '#lib/channel/wire/limits.ts';
import type { ChannelRecords, ChannelTable, ChannelTables, ContentRecord } from './channel-port.ts';
import { channelKeyOf } from './channel-schema.ts';
import type { DamagedRecord } from './port.ts';

/** Stored channels are parsed when they are read, as in parse.ts: what is damaged is left aside and reported. */

const hex0x = <T extends string>(length: number) =>
	v.pipe(
		v.custom<T>((value) => typeof value === 'string'),
		v.check((value) => value.length === 2 + 2 * length && /^0x[0-9a-f]*$/.test(value)),
	);
const address = hex0x<Channel['user']>(20);
const word = hex0x<`0x${string}`>(32);
const id = hex0x<ChannelTables['channels']['id']>(32);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(1_024));
const role = v.picklist(['user', 'suggester']);
const tally = v.object({ rewarded: count, burned: count });
const signature = v.object({ r: word, vs: word });
const domain = v.object({ chainId: count, contract: address });
const channel = v.pipe(
	v.unknown(),
	v.rawTransform(({ dataset, addIssue, NEVER }): Channel => {
		const parsed = parseChannel(dataset.value);
		if (parsed.ok) return parsed.value;
		addIssue({ message: parsed.error.detail });
		return NEVER;
	}),
);
const oneRound = { role, id, round: count };

const schemas: {
	readonly [K in Exclude<ChannelTable, 'contents'>]: v.GenericSchema<unknown, ChannelTables[K]>;
} = {
	channels: v.pipe(
		v.object({
			role,
			id,
			domain,
			channel,
			createdAt: time,
			stage: v.picklist(['approving', 'opening', 'requested', 'open', 'closed', 'cancelled']),
			endpoint: v.exactOptional(
				v.object({
					key: v.pipe(
						v.custom<NonNullable<ChannelTables['channels']['endpoint']>['key']>(
							(value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
						),
					),
					relays: v.pipe(v.array(text), v.maxLength(8)),
				}),
			),
			approval: v.exactOptional(v.object({ expiry: count, signature })),
			recovering: v.boolean(),
			leaving: v.exactOptional(
				v.object({
					by: role,
					since: time,
					agreed: v.boolean(),
					tally: v.exactOptional(tally),
					user: v.exactOptional(signature),
					suggester: v.exactOptional(signature),
				}),
			),
			contesting: v.exactOptional(time),
			conflict: v.exactOptional(v.object({ tally, user: signature })),
			settled: v.exactOptional(tally),
			/** Set by a restore: when the backup was made. */
			restored: v.exactOptional(time),
		}),
		// An old copy must never play or contest: the other side may have seen more.
		v.transform(({ restored, ...record }) =>
			restored === undefined ? record : { ...record, recovering: true },
		),
	),
	offers: v.object({
		...oneRound,
		offer: v.object({ round: count, sha256: word, size: count, mime: text }),
		url: v.exactOptional(text),
		signed: v.exactOptional(v.object({ offer: signature, reward: signature, burn: signature })),
		at: time,
		mismatch: v.boolean(),
	}),
	rounds: v.object({
		...oneRound,
		kind: v.picklist(['reward', 'burn']),
		tally,
		reason: v.exactOptional(text),
		at: time,
	}),
	states: v.object({ ...oneRound, tally, user: signature, suggester: signature }),
	pictures: v.object({ sha256: word, mime: text, size: count, name: text, addedAt: time }),
	watches: v.object({
		id,
		domain,
		channel,
		tally,
		user: signature,
		suggester: signature,
		since: time,
		from: address,
	}),
	memes: v.object({ name: text, value: v.unknown() }),
};

/** The sound records of every table; the others are added to `damaged`. */
export function parseChannelTables(
	rows: { readonly [K in keyof ChannelRecords]: readonly unknown[] },
	damaged: DamagedRecord[],
): ChannelRecords {
	const parsed = Object.entries(schemas).map(([name, schema]) => {
		const table = name as keyof ChannelRecords;
		const sound = rows[table].flatMap((row) => {
			const result = v.safeParse(schema, row);
			if (result.success) return [result.output];
			const [issue] = result.issues;
			const key = typeof row === 'object' && row !== null ? channelKeyOf(table, row).join(' ') : '?';
			const detail = `${v.getDotPath(issue) ?? 'record'}: ${issue.message}`.slice(0, 200);
			damaged.push({ table, key: key.slice(0, 32), detail });
			return [];
		});
		return [table, sound] as const;
	});
	return Object.fromEntries(parsed) as unknown as ChannelRecords;
}

const content = v.object({
	sha256: word,
	mime: text,
	bytes: v.pipe(
		v.custom<ContentRecord['bytes']>(
			(value) => value instanceof Uint8Array && value.buffer instanceof ArrayBuffer,
		),
		v.check((value) => value.length <= pictureLimits.bytes),
	),
});

/** The bytes of a picture, or nothing when the row is damaged. */
export function parseContent(row: unknown): ContentRecord | undefined {
	const result = v.safeParse(content, row);
	return result.success ? result.output : undefined;
}
