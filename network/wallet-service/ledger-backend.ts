import type { Hex } from '#lib/core/brand.ts';
import { toHex, utf8 } from '#lib/core/bytes.ts';
import { compressedKey } from '#lib/core/crypto/schnorr.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type {
	Account,
	LedgerEvent,
	LedgerInvoice,
	LedgerPayment,
} from '#lib/wallet/lightning/ledger/account.ts';
import type { Ledger } from '#lib/wallet/lightning/ledger/ledger.ts';
import { msat } from '#lib/wallet/lightning/msat.ts';
import type { WalletError as PortError } from '#lib/wallet/lightning/port.ts';
import type {
	Backend,
	BackendEvent,
	InvoiceOrder,
	Paid,
	Transaction,
	WalletError,
	WalletErrorCode,
} from './backend.ts';

/** Blocks the last hop leaves when nobody asks for more: what LDK's default is. */
const defaultCltv = 24;

const codes: Partial<Record<PortError['code'], WalletErrorCode>> = {
	'insufficient-balance': 'INSUFFICIENT_BALANCE',
	'payment-failed': 'PAYMENT_FAILED',
	'not-found': 'NOT_FOUND',
};

const refusal = ({ code, detail }: PortError): WalletError => ({
	code: codes[code] ?? 'OTHER',
	message: code === 'duplicate-payment' ? `DuplicatePayment: ${detail}` : detail,
});

const seconds = (ms: number): number => Math.floor(ms / 1_000);

/** An account of the play-money ledger as a wallet: exact to the msat, and every hold a lock in the ledger. */
export function createLedgerBackend(ledger: Ledger, account: Account): Backend {
	/** Whoever waits for a payment to end, by its hash. */
	const waiting = new Map<Hex, (outcome: Result<Paid, WalletError>) => void>();
	const listeners = new Set<(event: BackendEvent) => void>();

	ledger.subscribe(account, (event) => {
		for (const listener of listeners) listener(translate(event));
		if (event.type === 'payment_sent' || event.type === 'payment_failed') {
			waiting.get(event.payment.hash)?.(outcome(event.payment));
			waiting.delete(event.payment.hash);
		}
	});

	function translate(event: LedgerEvent): BackendEvent {
		switch (event.type) {
			case 'payment_received':
				return { type: 'received', transaction: incoming(event.invoice) };
			case 'hold_invoice_accepted':
				return { type: 'accepted', transaction: incoming(event.invoice) };
			case 'payment_sent':
				return { type: 'sent', transaction: outgoing(event.payment) };
			case 'payment_failed':
				return { type: 'failed', transaction: outgoing(event.payment) };
		}
	}

	function incoming(invoice: LedgerInvoice): Transaction {
		const { state, descriptionHash, settleBy, preimage } = invoice;
		const states = {
			open: 'pending',
			accepted: 'accepted',
			settled: 'settled',
			cancelled: 'failed',
		} as const;
		return {
			type: 'incoming',
			state: states[state],
			invoice: invoice.bolt11,
			description: invoice.memo,
			payment_hash: invoice.hash,
			amount: invoice.msat,
			fees_paid: 0,
			created_at: seconds(invoice.createdAt),
			expires_at: seconds(invoice.expiresAt),
			...(descriptionHash === undefined ? {} : { description_hash: descriptionHash }),
			...(settleBy === undefined ? {} : { settle_deadline: settleBy }),
			...(state === 'settled' && preimage !== undefined ? { preimage } : {}),
		};
	}

	const outgoing = (payment: LedgerPayment): Transaction => ({
		type: 'outgoing',
		state: payment.state,
		invoice: payment.bolt11,
		payment_hash: payment.hash,
		amount: payment.msat,
		fees_paid: payment.feeMsat,
		created_at: seconds(payment.createdAt),
		...(payment.preimage === undefined ? {} : { preimage: payment.preimage }),
	});

	const outcome = ({ state, preimage, feeMsat }: LedgerPayment): Result<Paid, WalletError> =>
		state === 'settled' && preimage !== undefined
			? ok({ preimage, feesPaidMsat: feeMsat })
			: err({ code: 'PAYMENT_FAILED', message: 'the payment came back' });

	function makeInvoice(order: InvoiceOrder): Result<Transaction, WalletError> {
		const request = {
			msat: msat(order.amountMsat),
			memo: order.description ?? '',
			expirySeconds: order.expirySeconds,
			...(order.descriptionHash === undefined ? {} : { descriptionHash: order.descriptionHash }),
		};
		const made =
			order.paymentHash === undefined
				? ledger.makeInvoice(account, request)
				: ledger.makeHold(account, {
						...request,
						hash: order.paymentHash,
						minCltv: order.minFinalCltvExpiryDelta ?? defaultCltv,
					});
		return made.ok ? ok(incoming(made.value)) : err(refusal(made.error));
	}

	function pay(invoice: string): Promise<Result<Paid, WalletError>> {
		const started = ledger.pay(account, invoice);
		if (!started.ok) return Promise.resolve(err(refusal(started.error)));
		const payment = started.value;
		if (payment.state !== 'pending') return Promise.resolve(outcome(payment));
		return new Promise((resolve) => waiting.set(payment.hash, resolve));
	}

	const none = (done: Result<null, PortError>): Promise<Result<void, WalletError>> =>
		Promise.resolve(done.ok ? ok(undefined) : err(refusal(done.error)));

	const all = (): Transaction[] => [
		...[...account.invoices.values()].map(incoming),
		...[...account.payments.values()].map(outgoing),
	];

	return {
		info: () =>
			Promise.resolve({
				alias: account.id,
				pubkey: toHex(compressedKey(account.node)),
				network: ledger.network === 'bcrt' ? 'regtest' : ledger.network,
				block_height: ledger.height,
				block_hash: toHex(sha256(utf8(`block ${ledger.height}`))),
			}),
		balance: () => Promise.resolve(account.balance),
		makeInvoice: (order) => Promise.resolve(makeInvoice(order)),
		pay,
		settle: (preimage) => none(ledger.settle(account, preimage)),
		cancel: (hash) => none(ledger.cancel(account, hash)),
		lookup(wanted) {
			const found = all().find((transaction) =>
				'invoice' in wanted
					? transaction.invoice === wanted.invoice
					: transaction.payment_hash === wanted.paymentHash,
			);
			return Promise.resolve(
				found ? ok(found) : err({ code: 'NOT_FOUND', message: 'no such invoice or payment' } as const),
			);
		},
		transactions: () => Promise.resolve(all().sort((a, b) => b.created_at - a.created_at)),
		watch(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
