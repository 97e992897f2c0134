import type { Hex } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import type { Random } from '#lib/core/random.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Backend, Transaction, WalletError, WalletErrorCode } from './backend.ts';
import type { Budget, BudgetState } from './budget.ts';
import type { WalletFaults } from './faults.ts';
import { isMethod, type Grant, type Method } from './grant.ts';
import {
	hashOf,
	invoiceOrder,
	listing,
	payOrder,
	wanted,
	type Listing,
	type PayOrder,
	type Request,
} from './request.ts';

/** What a wallet must know of an invoice before it pays; undefined when it is none. */
export type ReadInvoice = (
	invoice: string,
) => { readonly paymentHash: Hex; readonly amountMsat: number | undefined } | undefined;

export interface Desk {
	readonly backend: Backend;
	readonly grant: Grant;
	readonly budget: Budget | undefined;
	readonly random: Random;
	/** Seconds since the Unix epoch. */
	now(): number;
	faults(): WalletFaults;
	readInvoice: ReadInvoice;
}

type Answer = Result<unknown, WalletError>;

const refuse = (code: WalletErrorCode, message: string) => err({ code, message } as const);

/** Routing may cost this much on top, which the budget must reach for: as Alby Hub, 1 % and at least 10 sats. */
const feeReserve = (msat: number): number => Math.max(Math.ceil(msat / 100), 10_000);

/** Does what a client asks, within what it may. */
export async function answer(desk: Desk, { method, params }: Request): Promise<Answer> {
	if (!isMethod(method)) return refuse('NOT_IMPLEMENTED', `${method} is not known here`);
	const { expiresAt } = desk.grant;
	if (expiresAt !== undefined && desk.now() >= expiresAt)
		return refuse('UNAUTHORIZED', 'this connection has expired');
	if (!desk.grant.methods.includes(method)) return refuse('RESTRICTED', `${method} is not permitted`);
	const refusal = desk.faults().refuse[method];
	return refusal ? err(refusal) : perform(desk, method, params);
}

function perform(desk: Desk, method: Method, params: Request['params']): Promise<Answer> | Answer {
	const { backend } = desk;
	switch (method) {
		case 'get_info':
			return info(desk);
		case 'get_balance':
			return backend.balance().then((balance) => ok({ balance }));
		case 'get_budget':
			return ok(desk.budget ? budgetAnswer(desk.budget.state()) : {});
		case 'make_invoice':
		case 'make_hold_invoice':
			return then(invoiceOrder(params, method === 'make_hold_invoice'), (order) =>
				backend.makeInvoice(order),
			);
		case 'pay_invoice':
			return then(payOrder(params), (order) => pay(desk, order));
		case 'lookup_invoice':
			return then(wanted(params), (which) => backend.lookup(which));
		case 'list_transactions':
			return then(listing(params), (which) => list(backend, which));
		case 'settle_hold_invoice':
			return then(hashOf(params, 'preimage'), (preimage) => empty(backend.settle(preimage)));
		case 'cancel_hold_invoice':
			return then(hashOf(params, 'payment_hash'), (hash) => empty(backend.cancel(hash)));
	}
}

const then = <T>(
	parsed: Result<T, WalletError>,
	act: (value: T) => Promise<Answer>,
): Promise<Answer> | Answer => (parsed.ok ? act(parsed.value) : parsed);

async function empty(done: Promise<Result<void, WalletError>>): Promise<Answer> {
	const result = await done;
	return result.ok ? ok({}) : result;
}

async function info(desk: Desk): Promise<Answer> {
	const { methods, notifications } = desk.grant;
	// No word of NIP-47: whether an incoming hold payment can be paid on under its own hash.
	const sameHash = { same_hash_forward: !desk.faults().duplicateHash };
	return ok({ ...(await desk.backend.info()), color: '#c2410c', methods, notifications, ...sameHash });
}

const budgetAnswer = ({ usedMsat, totalMsat, renewal, renewsAt }: BudgetState) => ({
	used_budget: usedMsat,
	total_budget: totalMsat,
	renewal_period: renewal,
	...(renewsAt === undefined ? {} : { renews_at: renewsAt }),
});

async function pay(desk: Desk, { invoice, amountMsat }: PayOrder): Promise<Answer> {
	const { backend, budget } = desk;
	const faults = desk.faults();
	const read = desk.readInvoice(invoice);
	const msat = amountMsat ?? read?.amountMsat;
	if (!read || msat === undefined) return refuse('OTHER', 'invoice: not a BOLT11 invoice with an amount');
	if (faults.lyingPreimage) return ok({ preimage: toHex(desk.random.bytes(32)), fees_paid: 0 });
	if (faults.duplicateHash && (await hasInvoice(backend, read.paymentHash)))
		return refuse('OTHER', 'DuplicatePayment: a payment with this hash already exists');
	const reservation = budget?.reserve(msat + feeReserve(msat));
	if (budget && !reservation) return refuse('QUOTA_EXCEEDED', 'the budget of this connection does not reach');
	const paid = await backend.pay(invoice, amountMsat);
	if (!paid.ok) {
		reservation?.release();
		return paid;
	}
	const { preimage, feesPaidMsat } = paid.value;
	reservation?.spent(msat + feesPaidMsat);
	return ok({ preimage, fees_paid: feesPaidMsat });
}

async function hasInvoice(backend: Backend, paymentHash: Hex): Promise<boolean> {
	const found = await backend.lookup({ paymentHash });
	return found.ok && found.value.type === 'incoming';
}

async function list(backend: Backend, which: Listing): Promise<Answer> {
	const asked = (await backend.transactions()).filter(
		({ type, state, created_at }) =>
			(which.type === undefined || type === which.type) &&
			(which.unpaid || state === 'settled') &&
			created_at >= which.from &&
			created_at <= which.until,
	);
	const transactions: readonly Transaction[] = asked.slice(which.offset, which.offset + which.limit);
	return ok({ transactions, total_count: asked.length });
}
