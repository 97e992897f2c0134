import type { Bytes, Hex, Millis } from '#lib/core/brand.ts';
import type { Msat } from '../msat.ts';
import type { LightningNetwork } from '../port.ts';

/** A BOLT 11 invoice that was decoded and whose signature names its payee. */
export interface Invoice {
	readonly bolt11: string;
	readonly network: LightningNetwork;
	/** Undefined: the payer chooses. Such an invoice is never paid here. */
	readonly msat: Msat | undefined;
	readonly hash: Hex;
	/** Payee's node key, 33 bytes compressed, recovered from the signature or checked against it. */
	readonly payee: Hex;
	readonly createdAt: Millis;
	readonly expiresAt: Millis;
	/** Blocks the payee wants between a payment's arrival and the end of its lock. */
	readonly minCltv: number;
	/** Hostile text of whoever made the invoice. */
	readonly description: string | undefined;
	readonly descriptionHash: Hex | undefined;
	readonly paymentSecret: Bytes | undefined;
}

/** `unknown-feature`: it demands something no payer known here can do. */
export type InvoiceErrorCode =
	| 'too-long'
	| 'not-bech32'
	| 'bad-prefix'
	| 'unknown-network'
	| 'bad-amount'
	| 'too-short'
	| 'bad-field'
	| 'missing-field'
	| 'unknown-feature'
	| 'bad-signature';

export interface InvoiceError {
	readonly type: 'invoice';
	readonly code: InvoiceErrorCode;
	readonly detail: string;
}

/** Tags of the fields read here; every other is skipped, as BOLT 11 demands. */
export const tags = {
	paymentHash: 1,
	expiry: 6,
	features: 5,
	description: 13,
	paymentSecret: 16,
	payee: 19,
	descriptionHash: 23,
	minCltv: 24,
} as const;

/** Where the standard leaves a field out: seconds, and blocks. */
export const defaultExpiry = 3_600;
export const defaultMinCltv = 18;

/** 65-byte recoverable signature at the end, in 5-bit words. */
export const signatureWords = 104;
/** Seconds since the epoch, in 5-bit words. */
export const timestampWords = 7;
