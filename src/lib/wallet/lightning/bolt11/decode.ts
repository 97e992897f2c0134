import { bech32 } from '@scure/base';
import { fromUtf8, toHex } from '#lib/core/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { parseMsat, type Msat } from '../msat.ts';
import type { LightningNetwork } from '../port.ts';
import { parseAmount } from './amount.ts';
import {
	defaultExpiry,
	defaultMinCltv,
	signatureWords,
	tags,
	timestampWords,
	type Invoice,
	type InvoiceError,
	type InvoiceErrorCode,
} from './invoice.ts';
import { recoverPayee } from './signature.ts';
import { wordsToBytes, wordsToNumber } from './words.ts';

type Fields = ReadonlyMap<number, readonly number[]>;

const refuse = (code: InvoiceErrorCode, detail: string) => err({ type: 'invoice', code, detail } as const);

/** Even feature bits of BOLT 9 that a payer of today understands in an invoice. */
const knownFeatures = new Set([8, 14, 16, 24, 48]);

/** Longest expiry and cltv believed: a year, and the most blocks a lock may last. */
const longestExpiry = 365 * 24 * 3_600;
const longestCltv = 2_016;

/**
 * Decodes a BOLT 11 invoice strictly: a payee that writes carelessly is refused rather than guessed at.
 * The amount may be missing; whoever pays refuses that.
 */
export function decodeInvoice(text: string): Result<Invoice, InvoiceError> {
	if (text.length > wireLimits.invoiceBytes) return refuse('too-long', `${text.length} characters`);
	const read = readWords(text);
	if (!read.ok) return read;
	const { prefix, words } = read.value;
	const head = parsePrefix(prefix);
	if (!head.ok) return head;
	if (words.length < timestampWords + signatureWords) return refuse('too-short', `${words.length} words`);

	const data = words.slice(0, -signatureWords);
	const fields = readFields(data.slice(timestampWords));
	if (!fields.ok) return fields;
	const body = parseFields(fields.value);
	if (!body.ok) return body;
	const payee = recoverPayee(prefix, data, words.slice(-signatureWords));
	if (payee === undefined) return refuse('bad-signature', 'no key can have made it');
	const { named, expiry, ...rest } = body.value;
	if (named !== undefined && named !== payee)
		return refuse('bad-signature', 'made by another key than it names');
	const createdAt = (wordsToNumber(data.slice(0, timestampWords)) ?? 0) * 1_000;
	return ok({
		bolt11: text.toLowerCase(),
		...head.value,
		...rest,
		payee,
		createdAt,
		expiresAt: createdAt + expiry * 1_000,
	});
}

function readWords(text: string): Result<{ prefix: string; words: number[] }, InvoiceError> {
	try {
		return ok(bech32.decode(text as `${string}1${string}`, wireLimits.invoiceBytes));
	} catch (error) {
		return refuse('not-bech32', error instanceof Error ? error.message : '');
	}
}

function parsePrefix(
	prefix: string,
): Result<{ network: LightningNetwork; msat: Msat | undefined }, InvoiceError> {
	const split = /^ln([a-z]+?)(?:([0-9]+)([a-z]?))?$/.exec(prefix);
	if (!split) return refuse('bad-prefix', prefix);
	const [, network = '', digits, multiplier = ''] = split;
	if (network !== 'bc' && network !== 'tb' && network !== 'tbs' && network !== 'bcrt')
		return refuse('unknown-network', network);
	if (digits === undefined) return ok({ network, msat: undefined });
	const msat = parseAmount(digits, multiplier);
	return msat === undefined ? refuse('bad-amount', digits + multiplier) : ok({ network, msat });
}

/** The first field of each tag; a repeated one that matters here is refused. */
function readFields(words: readonly number[]): Result<Fields, InvoiceError> {
	const fields = new Map<number, readonly number[]>();
	const read: ReadonlySet<number> = new Set(Object.values(tags));
	for (let at = 0; at < words.length;) {
		const [tag, high, low] = words.slice(at, at + 3);
		if (tag === undefined || high === undefined || low === undefined)
			return refuse('bad-field', 'cut off before its length');
		const end = at + 3 + high * 32 + low;
		if (end > words.length) return refuse('bad-field', `tag ${tag} is longer than the invoice`);
		const value = words.slice(at + 3, end);
		at = end;
		// BOLT 11: hashes, secret and key of another length are skipped, not read.
		const length = lengths[tag];
		if (!read.has(tag) || (length !== undefined && value.length !== length)) continue;
		if (fields.has(tag)) return refuse('bad-field', `tag ${tag} twice`);
		fields.set(tag, value);
	}
	return ok(fields);
}

const lengths: Readonly<Record<number, number>> = {
	[tags.paymentHash]: 52,
	[tags.descriptionHash]: 52,
	[tags.paymentSecret]: 52,
	[tags.payee]: 53,
};

type Body = Omit<Invoice, 'bolt11' | 'network' | 'msat' | 'payee' | 'createdAt' | 'expiresAt'> & {
	readonly named: string | undefined;
	readonly expiry: number;
};

function parseFields(fields: Fields): Result<Body, InvoiceError> {
	const hash = fields.get(tags.paymentHash);
	if (!hash) return refuse('missing-field', 'payment hash');
	const expiry = numberField(fields.get(tags.expiry), defaultExpiry);
	if (expiry === undefined || expiry > longestExpiry) return refuse('bad-field', 'expiry');
	const minCltv = numberField(fields.get(tags.minCltv), defaultMinCltv);
	if (minCltv === undefined || minCltv > longestCltv)
		return refuse('bad-field', 'min_final_cltv_expiry_delta');
	const unknown = unknownFeature(fields.get(tags.features) ?? []);
	if (unknown !== undefined) return refuse('unknown-feature', `bit ${unknown}`);

	const words = fields.get(tags.description);
	const description = words && fromUtf8(wordsToBytes(words));
	if (words && description === undefined) return refuse('bad-field', 'description is no UTF-8');
	const descriptionHash = fields.get(tags.descriptionHash);
	if ((words === undefined) === (descriptionHash === undefined))
		return refuse('missing-field', 'exactly one of description and its hash');
	const secret = fields.get(tags.paymentSecret);
	const payee = fields.get(tags.payee);
	return ok({
		hash: toHex(wordsToBytes(hash)),
		minCltv,
		expiry,
		description,
		descriptionHash: descriptionHash && toHex(wordsToBytes(descriptionHash)),
		paymentSecret: secret && wordsToBytes(secret),
		named: payee && toHex(wordsToBytes(payee)),
	});
}

const numberField = (words: readonly number[] | undefined, absent: number): number | undefined =>
	words ? parseMsat(wordsToNumber(words)) : absent;

/** First mandatory (even) feature bit that is not known here. */
function unknownFeature(words: readonly number[]): number | undefined {
	const bits = [...words].reverse().flatMap((word, index) => {
		const set = [0, 1, 2, 3, 4].filter((bit) => (word >> bit) & 1);
		return set.map((bit) => index * 5 + bit);
	});
	return bits.find((bit) => bit % 2 === 0 && !knownFeatures.has(bit));
}
