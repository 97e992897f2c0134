import type { Bytes, Hex, Millis } from '#lib/core/brand.ts';
import { fromHex, toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { secretFrom } from '#lib/core/crypto/schnorr.ts';
import type { Random } from '#lib/core/random.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { encodeInvoice } from '../bolt11/encode.ts';
import { msat as asMsat } from '../msat.ts';
import {
	walletError,
	type HoldRequest,
	type InvoiceRequest,
	type LightningNetwork,
	type WalletError,
	type WalletErrorCode,
} from '../port.ts';
import type { Account, LedgerEvent, LedgerInvoice, LedgerPayment } from './account.ts';

/**
 * Play money that behaves as Lightning does: real invoices, locks that end with the secret, a cancel or a block
 * height, and no msat made or lost. All wallets of one ledger can pay each other.
 */
export class Ledger {
	readonly #now: () => Millis;
	readonly #random: Random;
	readonly network: LightningNetwork;
	/** Routing fee of every payment, msat. */
	readonly #feeMsat: number;
	readonly #encode: typeof encodeInvoice;
	readonly #accounts = new Map<string, Account>();
	readonly #byInvoice = new Map<string, { readonly account: Account; readonly invoice: LedgerInvoice }>();
	#height = 800_000;
	#feesTaken = 0;

	constructor(deps: {
		readonly now: () => Millis;
		readonly random: Random;
		readonly network?: LightningNetwork;
		readonly feeMsat?: number;
		/** Real invoices unless given; a simulation of very many needs no signatures. */
		readonly encode?: typeof encodeInvoice;
	}) {
		this.#now = deps.now;
		this.#random = deps.random;
		this.network = deps.network ?? 'bcrt';
		this.#feeMsat = deps.feeMsat ?? 0;
		this.#encode = deps.encode ?? encodeInvoice;
	}

	get height(): number {
		return this.#height;
	}

	/** Everything there is: balances, locks and fees. Never changes but by `open`. */
	get total(): number {
		let sum = this.#feesTaken;
		for (const account of this.#accounts.values()) {
			sum += account.balance;
			for (const payment of account.payments.values())
				if (payment.state === 'pending') sum += payment.msat + payment.feeMsat;
		}
		return sum;
	}

	/** A new wallet with so many msat. */
	open(id: string, balance: number): Account {
		const account: Account = {
			id,
			node: secretFrom(this.#random.bytes(48)),
			balance,
			sameHashOut: 'allow',
			invoices: new Map(),
			payments: new Map(),
			listeners: new Set(),
		};
		this.#accounts.set(id, account);
		return account;
	}

	account(id: string): Account | undefined {
		return this.#accounts.get(id);
	}

	subscribe(account: Account, listener: (event: LedgerEvent) => void): () => void {
		account.listeners.add(listener);
		return () => account.listeners.delete(listener);
	}

	makeInvoice(account: Account, request: InvoiceRequest): Result<LedgerInvoice, WalletError> {
		const preimage = toHex(this.#random.bytes(32));
		const hash = toHex(sha256(fromHex(preimage, 32) as Bytes));
		return this.#issue(account, { ...request, hash, minCltv: 18 }, preimage);
	}

	/** A second invoice with one hash is refused, as by every wallet. */
	makeHold(account: Account, request: HoldRequest): Result<LedgerInvoice, WalletError> {
		return this.#issue(account, request);
	}

	/** Pays at once, or locks the money for a hold invoice. A payment that is pending or settled is not made again. */
	pay(account: Account, bolt11: string): Result<LedgerPayment, WalletError> {
		const found = this.#byInvoice.get(bolt11);
		if (!found) return refuse('payment-failed', 'no route');
		const { account: payee, invoice } = found;
		if (payee === account) return refuse('payment-failed', 'pays itself');
		const earlier = [...account.payments.values()].find(
			(payment) => payment.hash === invoice.hash && payment.state !== 'failed',
		);
		if (earlier) return refuse('duplicate-payment', 'this payment hash is paid or being paid');
		const wrapped = [...account.invoices.values()].some((own) => own.hash === invoice.hash);
		if (wrapped && account.sameHashOut === 'duplicate')
			return refuse('duplicate-payment', 'an invoice of this wallet has this payment hash');
		if (invoice.state !== 'open' || invoice.expiresAt <= this.#now())
			return refuse('payment-failed', 'the invoice cannot be paid any more');
		const feeMsat = this.#feeMsat;
		if (account.balance < invoice.msat + feeMsat) return refuse('insufficient-balance', `${account.balance}`);

		account.balance -= invoice.msat + feeMsat;
		const payment: LedgerPayment = {
			bolt11,
			hash: invoice.hash,
			msat: invoice.msat,
			feeMsat,
			createdAt: this.#now(),
			state: 'pending',
		};
		account.payments.set(bolt11, payment);
		invoice.payer = { account, payment };
		invoice.state = 'accepted';
		if (invoice.hold) {
			invoice.settleBy = this.#height + invoice.minCltv;
			tell(payee, { type: 'hold_invoice_accepted', invoice });
		} else {
			this.#take(payee, invoice, invoice.preimage ?? '');
		}
		return ok(payment);
	}

	/** Takes what is locked to the secret's hash. May be repeated. */
	settle(account: Account, preimage: Hex): Result<null, WalletError> {
		const bytes = fromHex(preimage, 32);
		const hash = bytes && toHex(sha256(bytes));
		const invoice = [...account.invoices.values()].find((own) => own.hold && own.hash === hash);
		if (!invoice) return refuse('not-found', 'no hold invoice with its hash');
		if (invoice.state === 'settled') return ok(null);
		if (invoice.state !== 'accepted') return refuse('payment-failed', `it is ${invoice.state}`);
		this.#take(account, invoice, preimage);
		return ok(null);
	}

	/** Gives back what is locked, or lets nobody pay any more. May be repeated. */
	cancel(account: Account, hash: Hex): Result<null, WalletError> {
		const invoice = [...account.invoices.values()].find((own) => own.hold && own.hash === hash);
		if (!invoice) return refuse('not-found', 'no hold invoice with this hash');
		if (invoice.state === 'settled') return refuse('payment-failed', 'it is settled');
		this.#giveBack(invoice);
		return ok(null);
	}

	/** Blocks pass: what nobody settled in time goes back by itself. */
	mine(blocks: number): void {
		this.#height += blocks;
		for (const { invoices } of this.#accounts.values())
			for (const invoice of invoices.values())
				if (invoice.state === 'accepted' && (invoice.settleBy ?? Infinity) <= this.#height)
					this.#giveBack(invoice);
	}

	#issue(account: Account, request: HoldRequest, preimage?: Hex): Result<LedgerInvoice, WalletError> {
		if ([...account.invoices.values()].some((own) => own.hash === request.hash))
			return refuse('duplicate-payment', 'an invoice with this payment hash exists');
		const createdAt = this.#now();
		const bolt11 = this.#encode(
			{
				...request,
				network: this.network,
				createdAt,
				paymentSecret: this.#random.bytes(32),
			},
			account.node,
		);
		const invoice: LedgerInvoice = {
			bolt11,
			hash: request.hash,
			msat: request.msat,
			memo: request.memo,
			...(request.descriptionHash === undefined ? {} : { descriptionHash: request.descriptionHash }),
			createdAt,
			expiresAt: Math.floor(createdAt / 1_000) * 1_000 + request.expirySeconds * 1_000,
			minCltv: request.minCltv,
			hold: preimage === undefined,
			state: 'open',
			...(preimage === undefined ? {} : { preimage }),
		};
		account.invoices.set(bolt11, invoice);
		this.#byInvoice.set(bolt11, { account, invoice });
		return ok(invoice);
	}

	#take(account: Account, invoice: LedgerInvoice, preimage: Hex): void {
		const { payer } = invoice;
		if (!payer) return;
		invoice.state = 'settled';
		invoice.preimage = preimage;
		account.balance = asMsat(account.balance + invoice.msat);
		this.#feesTaken += payer.payment.feeMsat;
		payer.payment.state = 'settled';
		payer.payment.preimage = preimage;
		tell(account, { type: 'payment_received', invoice });
		tell(payer.account, { type: 'payment_sent', payment: payer.payment });
	}

	#giveBack(invoice: LedgerInvoice): void {
		const { payer } = invoice;
		const locked = invoice.state === 'accepted';
		invoice.state = 'cancelled';
		if (!payer || !locked) return;
		payer.account.balance += payer.payment.msat + payer.payment.feeMsat;
		payer.payment.state = 'failed';
		payer.payment.code = 'payment-failed';
		tell(payer.account, { type: 'payment_failed', payment: payer.payment });
	}
}

const refuse = (code: WalletErrorCode, detail: string) => err(walletError(code, detail));

function tell(account: Account, event: LedgerEvent): void {
	for (const listener of account.listeners) listener(event);
}
