import { bech32, bech32m } from '@scure/base';
import type { Bytes } from '#lib/core/brand.ts';
import { hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { secretFrom } from '#lib/core/crypto/schnorr.ts';
import type { InvoiceTerms } from '#lib/wallet/lightning/bolt11/check.ts';
import { memoOf, type TermsError } from '#lib/wallet/lightning/bolt11/check.ts';
import { encodeInvoice, signedInvoice, type InvoiceFields } from '#lib/wallet/lightning/bolt11/encode.ts';
import { tags } from '#lib/wallet/lightning/bolt11/invoice.ts';
import { nodeKey } from '#lib/wallet/lightning/bolt11/signature.ts';
import { bytesToWords, numberToWords } from '#lib/wallet/lightning/bolt11/words.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';

const fill = (byte: number, length = 32): Bytes => new Uint8Array(length).fill(byte);

/** Somewhere in 2026, on a whole second. */
export const now = 1_790_000_000_000;
export const node = secretFrom(fill(7, 48));
export const hash = toHex(sha256(fill(1)));
export const binding = toHex(sha256(utf8('terms')));

export const good: InvoiceFields = {
	network: 'bcrt',
	msat: sats(2),
	hash,
	createdAt: now,
	expirySeconds: 90,
	minCltv: 18,
	memo: memoOf(binding),
	paymentSecret: fill(9),
};

/** Those of the till for a locked payment. */
export const terms: InvoiceTerms = {
	network: 'bcrt',
	msat: sats(2),
	hash,
	binding,
	maxCltv: 144,
	leftMs: 10_000,
	longestMs: 600_000,
};

export interface BadInvoice {
	readonly name: string;
	readonly bolt11: string;
	readonly code: TermsError['code'];
}

type Field = readonly number[];
const field = (tag: number, words: readonly number[]): Field => [
	tag,
	Math.floor(words.length / 32),
	words.length % 32,
	...words,
];
const time = numberToWords(now / 1_000, 7);
const hashField = field(tags.paymentHash, bytesToWords(hexBytes(hash)));
const memoField = field(tags.description, bytesToWords(utf8(memoOf(binding))));
const expiryField = field(tags.expiry, numberToWords(90));
const secretField = field(tags.paymentSecret, bytesToWords(fill(9)));
const words = (...fields: Field[]): number[] => [...time, ...fields.flat()];
const sign = (data: readonly number[], prefix = 'lnbcrt20n') => signedInvoice(prefix, data, node);
const whole = words(hashField, memoField, expiryField, secretField);
const valid = encodeInvoice(good, node);

const make = (name: string, code: BadInvoice['code'], change: Partial<InvoiceFields>): BadInvoice => ({
	name,
	code,
	bolt11: encodeInvoice({ ...good, ...change }, node),
});
const raw = (
	name: string,
	code: BadInvoice['code'],
	data: readonly number[],
	prefix?: string,
): BadInvoice => ({
	name,
	code,
	bolt11: sign(data, prefix),
});
const text = (name: string, code: BadInvoice['code'], bolt11: string): BadInvoice => ({ name, code, bolt11 });

/** The same invoice with one character of its data part replaced: the checksum must find it. */
function flipped(at: number): BadInvoice {
	const index = valid.indexOf('1', 4) + 1 + at;
	const other = valid[index] === 'q' ? 'p' : 'q';
	return text(
		`character ${at} changed`,
		'not-bech32',
		valid.slice(0, index) + other + valid.slice(index + 1),
	);
}

/** Signature bits changed and the checksum made right again: another key signed, or none. */
function forged(at: number, code: BadInvoice['code']): BadInvoice {
	const { prefix, words: all } = bech32.decode(valid as `${string}1${string}`, false);
	const index = all.length - 104 + at;
	all[index] = (all[index] ?? 0) ^ 31;
	const named = [...all.slice(0, -104), ...field(tags.payee, bytesToWords(hexBytes(nodeKey(node))))];
	const bolt11 = bech32.encode(prefix, [...named, ...all.slice(-104)], false);
	return text(`signature word ${at} changed`, code, bolt11);
}

const prefixes: readonly [string, BadInvoice['code']][] = [
	['lnxx20n', 'unknown-network'],
	['lnbcr20n', 'unknown-network'],
	['lnltc20n', 'unknown-network'],
	['lnsb20n', 'unknown-network'],
	['bc20n', 'bad-prefix'],
	['ln20n', 'bad-prefix'],
	['nl', 'bad-prefix'],
	['lno', 'unknown-network'],
	['lnurl', 'unknown-network'],
	['lnbcrt0n', 'bad-amount'],
	['lnbcrt00', 'bad-amount'],
	['lnbcrt020n', 'bad-amount'],
	['lnbcrt20x', 'bad-amount'],
	['lnbcrt20k', 'bad-amount'],
	['lnbcrt20nn', 'bad-prefix'],
	['lnbcrt2.5n', 'bad-prefix'],
	['lnbcrt-20n', 'bad-prefix'],
	['lnbcrt+20n', 'bad-prefix'],
	['lnbcrt20n5', 'bad-prefix'],
	['lnbcrt1p', 'bad-amount'],
	['lnbcrt19p', 'bad-amount'],
	['lnbcrt99999999999999999999', 'bad-amount'],
	['lnbcrt123456789012345678901', 'bad-amount'],
	['lnbcrt9007199254740993', 'bad-amount'],
	['lnbcrtn', 'unknown-network'],
	['lnbc20n', 'wrong-network'],
	['lntb20n', 'wrong-network'],
	['lntbs20n', 'wrong-network'],
	['lnbcrt', 'no-amount'],
	['lnbcrt10n', 'wrong-amount'],
	['lnbcrt21n', 'wrong-amount'],
	['lnbcrt20u', 'wrong-amount'],
	['lnbcrt20m', 'wrong-amount'],
	['lnbcrt20', 'wrong-amount'],
	['lnbcrt20010p', 'wrong-amount'],
	['lnbcrt19990p', 'wrong-amount'],
];

const features: readonly number[] = [0, 2, 4, 6, 10, 12, 18, 20, 22, 26, 50, 60, 100, 254, 510];

/** One mandatory feature bit. */
const featureField = (bit: number): Field => {
	const value = Array.from({ length: Math.floor(bit / 5) + 1 }, () => 0);
	value[0] = 1 << (bit % 5);
	return field(tags.features, value);
};

/** Invoices that must never be paid under `terms` at `now`, each with the reason that must be named. */
export const badInvoices: readonly BadInvoice[] = [
	text('nothing', 'not-bech32', ''),
	text('a word', 'not-bech32', 'invoice'),
	text('an address', 'bad-prefix', 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080'),
	text('a lightning address', 'not-bech32', 'worker@example.org'),
	text('with its scheme', 'not-bech32', `lightning:${valid}`),
	text('a blank before', 'not-bech32', ` ${valid}`),
	text('a blank after', 'not-bech32', `${valid} `),
	text('a line after', 'not-bech32', `${valid}\n`),
	text('twice', 'not-bech32', valid + valid),
	text('mixed case', 'not-bech32', valid.slice(0, 40) + valid.slice(40).toUpperCase()),
	text('full-width letters', 'not-bech32', valid.replace('l', 'ｌ')),
	text('a null inside', 'not-bech32', `${valid.slice(0, 50)}\0${valid.slice(51)}`),
	text('cut', 'not-bech32', valid.slice(0, -1)),
	text('half', 'not-bech32', valid.slice(0, valid.length / 2)),
	text(
		'bech32m',
		'not-bech32',
		bech32m.encode('lnbcrt20n', bech32.decode(valid as 'l1q', false).words, false),
	),
	text('huge', 'too-long', valid + 'q'.repeat(3_000)),
	raw('endless fields', 'too-long', [
		...whole,
		...Array<Field>(60)
			.fill(field(2, Array<number>(40).fill(0)))
			.flat(),
	]),
	...[0, 6, 7, 30, 59, 60, 90, 120, 160, 200].map(flipped),
	...[0, 10, 40, 51, 52, 80, 102].map((at) => forged(at, 'bad-signature')),
	...prefixes.map(([prefix, code]) => raw(`prefix ${prefix}`, code, whole, prefix)),
	...features.map((bit) => raw(`feature ${bit}`, 'unknown-feature', [...whole, ...featureField(bit)])),
	text('no data', 'too-short', bech32.encode('lnbcrt20n', [], false)),
	text('a signature only', 'too-short', bech32.encode('lnbcrt20n', Array<number>(104).fill(1), false)),
	text(
		'zero signature',
		'bad-signature',
		bech32.encode('lnbcrt20n', [...whole, ...Array<number>(104).fill(0)], false),
	),
	text(
		'all-ones signature',
		'bad-signature',
		bech32.encode('lnbcrt20n', [...whole, ...Array<number>(104).fill(31)], false),
	),
	raw('no hash', 'missing-field', words(memoField, expiryField, secretField)),
	raw('hash of 51 words', 'missing-field', words(field(1, Array<number>(51).fill(1)), memoField)),
	raw('hash of 53 words', 'missing-field', words(field(1, Array<number>(53).fill(1)), memoField)),
	raw('no description', 'missing-field', words(hashField, expiryField)),
	raw(
		'both descriptions',
		'missing-field',
		words(hashField, memoField, field(23, bytesToWords(hexBytes(binding)))),
	),
	raw('two hashes', 'bad-field', words(hashField, hashField, memoField)),
	raw('two descriptions', 'bad-field', words(hashField, memoField, memoField)),
	raw('two expiries', 'bad-field', words(hashField, memoField, expiryField, expiryField)),
	raw('field longer than all', 'bad-field', [...whole, 1, 31, 31]),
	raw('cut in a length', 'bad-field', [...whole, 1, 0]),
	raw('cut in a tag', 'bad-field', [...whole, 1]),
	raw(
		'expiry beyond counting',
		'bad-field',
		words(hashField, memoField, field(6, Array<number>(12).fill(31))),
	),
	raw('expiry of two years', 'bad-field', words(hashField, memoField, field(6, numberToWords(63_072_000)))),
	raw('cltv beyond counting', 'bad-field', [...whole, ...field(24, Array<number>(12).fill(31))]),
	raw('cltv of a year', 'bad-field', [...whole, ...field(24, numberToWords(52_560))]),
	raw('broken UTF-8', 'bad-field', words(hashField, field(13, bytesToWords(new Uint8Array([0xc3, 0x28]))))),
	raw('names another payee', 'bad-signature', [
		...whole,
		...field(19, bytesToWords(hexBytes(nodeKey(secretFrom(fill(8, 48)))))),
	]),
	make('another hash', 'wrong-hash', { hash: toHex(fill(3)) }),
	make('another memo', 'not-bound', { memo: 'coffee' }),
	make('an empty memo', 'not-bound', { memo: '' }),
	make('memo cut', 'not-bound', { memo: memoOf(binding).slice(0, -1) }),
	make('memo lengthened', 'not-bound', { memo: `${memoOf(binding)}0` }),
	make('memo in capitals', 'not-bound', { memo: memoOf(binding).toUpperCase() }),
	make('another description hash', 'not-bound', { descriptionHash: toHex(fill(4)) }),
	make('lock of 145 blocks', 'lock-too-long', { minCltv: 145 }),
	make('lock of two weeks', 'lock-too-long', { minCltv: 2_016 }),
	make('free', 'no-amount', { msat: undefined }),
	make('one msat more', 'wrong-amount', { msat: 2_001 as InvoiceFields['msat'] }),
	make('expired', 'expired', { createdAt: now - 91_000 }),
	make('expires this second', 'expired', { createdAt: now - 90_000 }),
	make('9 seconds left', 'expired', { createdAt: now - 81_000 }),
	make('born with no life', 'expired', { expirySeconds: 0 }),
	make('of 1970', 'expired', { createdAt: 0 }),
	make('from the future', 'lives-too-long', { createdAt: now + 3_600_000 }),
	make('a day to live', 'lives-too-long', { expirySeconds: 86_400 }),
];
