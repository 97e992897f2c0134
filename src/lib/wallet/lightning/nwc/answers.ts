import * as v from 'valibot';
import { err, ok, type Result } from '#lib/core/result.ts';
import { parseMsat, type Msat } from '../msat.ts';
import { walletError, type LightningNetwork, type WalletError } from '../port.ts';

/** A wallet's answers are a stranger's: parsed once, here, before anything believes them. */
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const amount = v.pipe(
	v.unknown(),
	v.transform(parseMsat),
	v.custom<Msat>((value) => value !== undefined),
);
const names = v.pipe(v.array(v.pipe(v.string(), v.maxLength(64))), v.maxLength(64));
const height = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31));
const seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 40));

const info = v.object({
	alias: v.optional(v.pipe(v.string(), v.maxLength(256)), ''),
	network: v.optional(v.picklist(['mainnet', 'bitcoin', 'testnet', 'signet', 'regtest']), 'mainnet'),
	methods: names,
	notifications: v.optional(names, []),
	/** Not in NIP-47: whether the wallet can pay on with the hash of its own hold invoice. */
	same_hash_forward: v.optional(v.boolean()),
});

const transaction = v.object({
	type: v.picklist(['incoming', 'outgoing']),
	state: v.optional(
		v.picklist(['pending', 'settled', 'failed', 'accepted', 'expired', 'cancelled', 'canceled']),
	),
	invoice: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(4_096)))),
	payment_hash: hash,
	preimage: v.optional(v.nullable(v.union([v.literal(''), hash]))),
	amount,
	fees_paid: v.optional(amount),
	settled_at: v.optional(v.nullable(seconds)),
	created_at: v.optional(seconds),
	settle_deadline: v.optional(v.nullable(height)),
});

const issued = v.object({
	invoice: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
	payment_hash: v.optional(hash),
	expires_at: v.optional(seconds),
});

const receipt = v.object({ preimage: hash, fees_paid: v.optional(amount) });
const balance = v.object({ balance: amount });
const budget = v.object({
	used_budget: v.optional(amount),
	total_budget: v.optional(amount),
	renews_at: v.optional(seconds),
});
const notice = v.object({
	notification_type: v.picklist(['payment_received', 'payment_sent', 'hold_invoice_accepted']),
	notification: v.object({ payment_hash: hash, settle_deadline: v.optional(v.nullable(height)) }),
});

function parser<S extends v.GenericSchema>(schema: S) {
	return (answer: unknown): Result<v.InferOutput<S>, WalletError> => {
		const parsed = v.safeParse(schema, answer);
		return parsed.success
			? ok(parsed.output)
			: err(walletError('malformed', parsed.issues[0].message.slice(0, 200)));
	};
}

export const parseInfo = parser(info);
export const parseTransaction = parser(transaction);
export const parseIssued = parser(issued);
export const parseReceipt = parser(receipt);
export const parseBalance = parser(balance);
export const parseBudget = parser(budget);
export const parseNotice = parser(notice);

export type Transaction = v.InferOutput<typeof transaction>;

export const networkOf = (name: v.InferOutput<typeof info>['network']): LightningNetwork =>
	(({ mainnet: 'bc', bitcoin: 'bc', testnet: 'tb', signet: 'tbs', regtest: 'bcrt' }) as const)[name];
