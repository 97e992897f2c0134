import { bech32 } from '@scure/base';
import type { Bytes, Hex, Millis } from '#lib/core/brand.ts';
import { hexBytes, utf8 } from '#lib/core/bytes.ts';
import type { SecretKey } from '#lib/core/crypto/schnorr.ts';
import type { Msat } from '../msat.ts';
import type { LightningNetwork } from '../port.ts';
import { formatAmount } from './amount.ts';
import { tags, timestampWords } from './invoice.ts';
import { signData } from './signature.ts';
import { bytesToWords, numberToWords } from './words.ts';

/** What an invoice of the play-money ledger says. */
export interface InvoiceFields {
	readonly network: LightningNetwork;
	readonly msat: Msat | undefined;
	readonly hash: Hex;
	readonly createdAt: Millis;
	readonly expirySeconds: number;
	readonly minCltv: number;
	readonly memo: string;
	/** Instead of the memo. */
	readonly descriptionHash?: Hex;
	readonly paymentSecret: Bytes;
}

/** var_onion_optin and payment_secret, both mandatory. */
const features = [8, 14];

const field = (tag: number, words: readonly number[]): number[] => [
	tag,
	Math.floor(words.length / 32),
	words.length % 32,
	...words,
];

/** Writes and signs a BOLT 11 invoice with a node's secret key. */
export function encodeInvoice(invoice: InvoiceFields, node: SecretKey): string {
	const amount = invoice.msat === undefined ? '' : formatAmount(invoice.msat);
	const words = [
		...numberToWords(Math.floor(invoice.createdAt / 1_000), timestampWords),
		...field(tags.paymentHash, bytesToWords(hexBytes(invoice.hash))),
		...field(tags.paymentSecret, bytesToWords(invoice.paymentSecret)),
		...(invoice.descriptionHash === undefined
			? field(tags.description, bytesToWords(utf8(invoice.memo)))
			: field(tags.descriptionHash, bytesToWords(hexBytes(invoice.descriptionHash)))),
		...field(tags.expiry, numberToWords(invoice.expirySeconds)),
		...field(tags.minCltv, numberToWords(invoice.minCltv)),
		...field(tags.features, numberToWords(features.reduce((sum, bit) => sum + 2 ** bit, 0))),
	];
	return signedInvoice(`ln${invoice.network}${amount}`, words, node);
}

/** Signs any data under any prefix: what a careless or hostile payee might write. */
export const signedInvoice = (prefix: string, words: readonly number[], node: SecretKey): string =>
	bech32.encode(prefix, [...words, ...signData(prefix, words, node)], false);
