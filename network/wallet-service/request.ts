import { fromHex } from '#lib/core/bytes.ts';
import type { Hex } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { InvoiceOrder, Wanted, WalletError } from './backend.ts';

/** What came out of a sealed request: a method and its parameters, not yet looked at. */
export interface Request {
	readonly method: string;
	readonly params: Readonly<Record<string, unknown>>;
}

type Params = Request['params'];

const isObject = (value: unknown): value is Params =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export function parseRequest(value: unknown): Request | undefined {
	if (!isObject(value)) return undefined;
	const { method, params = {} } = value;
	return typeof method === 'string' && method.length <= 64 && isObject(params)
		? { method, params }
		: undefined;
}

const limits = {
	/** 21 million coins. */
	amountMsat: 21e6 * 1e8 * 1e3,
	expirySeconds: 30 * 86_400,
	descriptionChars: 639,
	invoiceChars: 4_096,
	cltv: 1_008,
} as const;

const defaultExpirySeconds = 3_600;

const refuse = (message: string): Result<never, WalletError> => err({ code: 'OTHER', message });

const isWhole = (value: unknown, min: number, max: number): value is number =>
	Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
const isHash = (value: unknown): value is Hex =>
	typeof value === 'string' && fromHex(value, 32) !== undefined;
const isInvoice = (value: unknown): value is string =>
	typeof value === 'string' && value.length > 0 && value.length <= limits.invoiceChars;

/** `make_invoice` and `make_hold_invoice`. */
export function invoiceOrder(params: Params, hold: boolean): Result<InvoiceOrder, WalletError> {
	const {
		amount,
		description,
		description_hash: descriptionHash,
		expiry,
		payment_hash: paymentHash,
		min_cltv_expiry_delta: cltv,
	} = params;
	if (!isWhole(amount, 1, limits.amountMsat)) return refuse('amount: msat, at least 1');
	if (description !== undefined && typeof description !== 'string') return refuse('description: text');
	if (description !== undefined && description.length > limits.descriptionChars)
		return refuse(`description: at most ${limits.descriptionChars} characters`);
	// Clients send an empty hash for none.
	if (descriptionHash !== undefined && descriptionHash !== '' && !isHash(descriptionHash))
		return refuse('description_hash: 32 bytes of hex');
	if (expiry !== undefined && !isWhole(expiry, 1, limits.expirySeconds)) return refuse('expiry: seconds');
	if (hold && !isHash(paymentHash)) return refuse('payment_hash: 32 bytes of hex');
	if (cltv !== undefined && !isWhole(cltv, 1, limits.cltv)) return refuse('min_cltv_expiry_delta: blocks');
	return ok({
		amountMsat: amount,
		expirySeconds: expiry ?? defaultExpirySeconds,
		...(description === undefined ? {} : { description }),
		...(isHash(descriptionHash) ? { descriptionHash } : {}),
		...(hold && isHash(paymentHash) ? { paymentHash } : {}),
		...(cltv === undefined ? {} : { minFinalCltvExpiryDelta: cltv }),
	});
}

export interface PayOrder {
	readonly invoice: string;
	readonly amountMsat?: number;
}

export function payOrder({ invoice, amount }: Params): Result<PayOrder, WalletError> {
	if (!isInvoice(invoice)) return refuse('invoice: a BOLT11 invoice');
	if (amount === undefined) return ok({ invoice });
	return isWhole(amount, 1, limits.amountMsat) ? ok({ invoice, amountMsat: amount }) : refuse('amount: msat');
}

export function wanted({ payment_hash: paymentHash, invoice }: Params): Result<Wanted, WalletError> {
	if (isInvoice(invoice)) return ok({ invoice });
	return isHash(paymentHash) ? ok({ paymentHash }) : refuse('payment_hash or invoice');
}

export const hashOf = (params: Params, name: 'preimage' | 'payment_hash'): Result<Hex, WalletError> =>
	isHash(params[name]) ? ok(params[name]) : refuse(`${name}: 32 bytes of hex`);

export interface Listing {
	readonly from: number;
	readonly until: number;
	readonly limit: number;
	readonly offset: number;
	readonly unpaid: boolean;
	readonly type?: 'incoming' | 'outgoing';
}

/** As many as surely fit into one event. */
const longestList = 20;

export function listing(params: Params): Result<Listing, WalletError> {
	const number = (name: string, otherwise: number) => {
		const value = params[name];
		return value === undefined ? otherwise : isWhole(value, 0, Number.MAX_SAFE_INTEGER) ? value : undefined;
	};
	const from = number('from', 0);
	const until = number('until', Number.MAX_SAFE_INTEGER);
	const limit = number('limit', longestList);
	const offset = number('offset', 0);
	const { type, unpaid = false } = params;
	if (from === undefined || until === undefined || limit === undefined || offset === undefined)
		return refuse('from, until, limit, offset: whole numbers');
	if (type !== undefined && type !== 'incoming' && type !== 'outgoing') return refuse('type');
	if (typeof unpaid !== 'boolean') return refuse('unpaid: true or false');
	const clipped = Math.min(limit, longestList);
	return ok({ from, until, limit: clipped, offset, unpaid, ...(type === undefined ? {} : { type }) });
}
