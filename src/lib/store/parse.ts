import * as v from 'valibot';
import { subPuzzles } from '#lib/pow/scheme.ts';
import type { RecordTables, TableName } from '#lib/gossip/records.ts';
import type { DamagedRecord } from './port.ts';

/**
 * Stored records are parsed when they are read: a disk, another version of the app or an extension may have changed
 * them. What does not parse is left aside and reported; the rest is used.
 */
const bytes = (max: number, min = 0) =>
	v.pipe(
		v.custom<Uint8Array<ArrayBuffer>>(
			(value) => value instanceof Uint8Array && value.buffer instanceof ArrayBuffer,
		),
		v.check((value) => value.length >= min && value.length <= max),
	);
const hex = <T extends string>(length: number) =>
	v.pipe(
		v.custom<T>((value) => typeof value === 'string'),
		v.check((value) => value.length === 2 * length && /^[0-9a-f]*$/.test(value)),
	);
const text = v.pipe(v.string(), v.maxLength(8_192));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A time in ms, or another finite quantity that is never negative. */
const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const list = <S extends v.GenericSchema>(item: S, max: number) => v.pipe(v.array(item), v.maxLength(max));

type Cause = NonNullable<RecordTables['jobs']['cause']>;
const msgId = hex<RecordTables['jobs']['msgId']>(32);
const replyId = hex<RecordTables['receivedOffers']['replyId']>(16);
const peer = hex<RecordTables['ledger']['peer']>(32);
const key = hex<RecordTables['receivedOffers']['replierKey']>(32);
/** A code of a closed list, kept as text: an unknown one is shown as it stands rather than losing the record. */
const code = <T extends string>() =>
	v.pipe(
		v.custom<T>((value) => typeof value === 'string'),
		v.check((value) => /^[a-z-]{1,40}$/.test(value)),
	);
const cause = v.object({
	code: code<Cause['code']>(),
	peer: v.exactOptional(peer),
	reason: v.exactOptional(text),
});
const money = v.object({ amount: count, unit: v.pipe(v.string(), v.regex(/^[A-Za-z]{1,8}$/)) });
const announcement = v.object({
	id: hex(16),
	state: v.picklist(['chosen', 'declined', 'done', 'withdrawn', 'cancelled']),
	at: time,
	reason: v.exactOptional(text),
	received: v.boolean(),
});
const core = bytes(6_144, 1);
const peers = list(peer, 64);
const relays = list(text, 8);
const owes = v.object({ peer, msat: count, lockCltv: count });

const bolt11 = v.pipe(v.string(), v.maxLength(2_048));
const incoming = v.object({
	peer,
	kind: v.picklist(['hold', 'iou']),
	msat: count,
	state: v.picklist([
		'making',
		'open',
		'locked',
		'settling',
		'settled',
		'cancelling',
		'cancelled',
		'promised',
		'billing',
		'billed',
		'paid',
		'defaulted',
		'void',
	]),
	bolt11: v.exactOptional(bolt11),
	dueAt: time,
	settleBy: v.exactOptional(count),
});
const outgoing = v.object({
	peer,
	kind: v.picklist(['hold', 'iou']),
	msat: count,
	state: v.picklist(['offered', 'promised', 'owing', 'paying', 'paid', 'failed', 'void']),
	dueAt: time,
});

const schemas: { readonly [K in TableName]: v.GenericSchema<unknown, RecordTables[K]> } = {
	jobs: v.object({
		msgId,
		core,
		signature: bytes(64, 64),
		salt: bytes(64),
		status: v.picklist(['posting', 'open', 'filled', 'done', 'cancelled', 'expired', 'failed']),
		cause: v.exactOptional(cause),
		renewedAs: v.exactOptional(msgId),
		work: v.exactOptional(time),
		cancel: v.exactOptional(bytes(1_024)),
	}),
	receivedOffers: v.object({
		replyId,
		msgId,
		receivedAt: time,
		hops: count,
		ephemeralKey: bytes(33, 33),
		text,
		price: v.exactOptional(money),
		replierKey: key,
		address: v.object({ key, relays, secret: hex(16) }),
		state: v.picklist([
			'opened',
			'calling',
			'unreachable',
			'rejected',
			'validated',
			'thanked',
			'chosen',
			'declined',
			'done',
			'withdrawn',
		]),
		cause: v.exactOptional(cause),
		path: peers,
		workerDone: v.boolean(),
		thanksConfirmed: v.boolean(),
		announcement: v.exactOptional(announcement),
	}),
	leads: v.object({
		msgId,
		core,
		heardAt: time,
		status: v.picklist(['open', 'offered', 'cancelled', 'expired', 'hidden']),
		cause: v.exactOptional(cause),
		upstreams: peers,
		owes: v.exactOptional(owes),
	}),
	sentOffers: v.object({
		replyId,
		msgId,
		core,
		salt: bytes(64),
		text,
		price: v.exactOptional(money),
		sentAt: time,
		secret: hex(16),
		relays,
		request: bytes(16_384),
		upstreams: peers,
		state: v.picklist([
			'sent',
			'refused',
			'validated',
			'thanked',
			'chosen',
			'declined',
			'done',
			'cancelled',
			'expired',
			'withdrawn',
		]),
		cause: v.exactOptional(cause),
		announcement: v.exactOptional(announcement),
	}),
	chats: v.object({
		id: hex(16),
		replyId,
		mine: v.boolean(),
		at: time,
		text,
		delivered: v.boolean(),
		read: v.boolean(),
	}),
	activity: v.object({
		id: text,
		at: time,
		kind: code<RecordTables['activity']['kind']>(),
		msgId,
		replyId: v.exactOptional(replyId),
		excerpt: text,
		cause: v.exactOptional(cause),
		read: v.boolean(),
	}),
	payments: v.object({
		hash: hex(32),
		id: text,
		bolt11,
		msat: count,
		feeMsat: count,
		purpose: v.picklist(['favour', 'reply', 'gig']),
		hold: v.boolean(),
		auto: v.boolean(),
		peer: v.exactOptional(peer),
		replyId: v.exactOptional(replyId),
		at: time,
		expiresAt: time,
		state: v.picklist(['started', 'settled', 'failed']),
		endedAt: v.exactOptional(time),
		preimage: v.exactOptional(hex(32)),
		cause: v.exactOptional(text),
	}),
	carriages: v.object({
		replyId,
		msgId,
		hash: hex(32),
		at: time,
		incoming: v.exactOptional(incoming),
		outgoing: v.exactOptional(outgoing),
		secret: v.exactOptional(hex(32)),
	}),
	wallets: v.object({
		id: v.literal('lightning'),
		kind: v.picklist(['none', 'nwc', 'webln', 'manual']),
		connectedAt: time,
		stopped: v.boolean(),
		policy: v.record(v.string(), v.union([count, text])),
	}),
	packs: v.object({
		hash: hex(32),
		self: peer,
		peer,
		id: text,
		bolt11,
		size: count,
		used: count,
		paid: v.boolean(),
		until: time,
	}),
	ledger: v.object({
		self: peer,
		peer,
		admitted: v.boolean(),
		balance: v.pipe(v.number(), v.finite()),
		balanceAt: time,
		creditLimit: time,
		factor: time,
		factorAt: time,
		thanks: time,
		misses: time,
		carriedForMe: time,
		carriedForThem: time,
	}),
	routes: v.object({
		self: peer,
		msgId,
		replyKey: key,
		expiresAt: time,
		upstreams: peers,
		missed: v.boolean(),
		thanked: v.boolean(),
		owes: v.exactOptional(owes),
		replies: list(
			v.object({
				replyId,
				paymentHash: bytes(32, 32),
				from: peer,
				via: peer,
				thanksBy: time,
				secret: v.exactOptional(bytes(32, 32)),
				shownBy: peers,
			}),
			256,
		),
	}),
	works: v.object({
		self: peer,
		workId: hex(32),
		msgId,
		peer,
		frame: bytes(8_192, 1),
		validForMs: count,
		until: time,
		solved: list(
			v.object({ index: v.pipe(count, v.maxValue(subPuzzles - 1)), nonce: v.pipe(count, v.safeInteger()) }),
			subPuzzles,
		),
		restarts: count,
	}),
};

export type Parsed<Names extends TableName> = { readonly [K in Names]: readonly RecordTables[K][] };

/** The sound records of a table; the others are added to `damaged`. */
export function parseTable<K extends TableName>(
	table: K,
	rows: readonly unknown[],
	damaged: DamagedRecord[],
): readonly RecordTables[K][] {
	const schema = schemas[table] as v.GenericSchema<unknown, RecordTables[K]>;
	return rows.flatMap((row) => {
		const parsed = v.safeParse(schema, row);
		if (parsed.success) return [parsed.output];
		const [issue] = parsed.issues;
		const path = v.getDotPath(issue) ?? 'record';
		damaged.push({ table, key: describeKey(row), detail: `${path}: ${issue.message}`.slice(0, 200) });
		return [];
	});
}

function describeKey(row: unknown): string {
	const fields = (typeof row === 'object' && row !== null ? row : {}) as Readonly<Record<string, unknown>>;
	const named = ['replyId', 'msgId', 'id', 'peer']
		.map((name) => fields[name])
		.find((value) => typeof value === 'string');
	return typeof named === 'string' ? named.slice(0, 16) : '?';
}
