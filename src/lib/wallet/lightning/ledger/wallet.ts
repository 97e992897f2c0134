import type { Hex } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { msat } from '../msat.ts';
import {
	failed,
	walletError,
	type InvoiceName,
	type InvoiceStatus,
	type IssuedInvoice,
	type LightningWallet,
	type PayOutcome,
	type WalletError,
} from '../port.ts';
import type { Account, LedgerInvoice, LedgerPayment } from './account.ts';
import type { Ledger } from './ledger.ts';

/** One account of the ledger as a wallet: for tests, the simulator and headless peers on play money. */
export function createLedgerWallet(ledger: Ledger, account: Account, now: () => number): LightningWallet {
	const outcome = (payment: LedgerPayment): PayOutcome => {
		if (payment.state === 'settled')
			return { state: 'settled', preimage: payment.preimage ?? '', feeMsat: msat(payment.feeMsat) };
		return payment.state === 'pending'
			? { state: 'pending', since: payment.createdAt }
			: failed(payment.code ?? 'payment-failed', 'given back');
	};
	const issued = (made: Result<LedgerInvoice, WalletError>): Result<IssuedInvoice, WalletError> =>
		made.ok
			? ok({
					hash: made.value.hash,
					bolt11: made.value.bolt11,
					msat: msat(made.value.msat),
					expiresAt: made.value.expiresAt,
				})
			: made;
	const status = (invoice: LedgerInvoice): InvoiceStatus => ({
		state: invoice.state === 'open' && invoice.expiresAt <= now() ? 'expired' : invoice.state,
		msat: msat(invoice.msat),
		...(invoice.settleBy === undefined ? {} : { settleBy: invoice.settleBy }),
	});

	return {
		kind: 'ledger',
		capabilities: () =>
			Promise.resolve(
				ok({
					pay: true,
					makeInvoice: true,
					descriptionHash: true,
					expiry: true,
					hold: true,
					holdSameHashMiddleman: account.sameHashOut === 'allow' ? 'yes' : 'no',
					lookup: true,
					notifications: true,
					budget: false,
					balance: true,
					alias: account.id,
					network: ledger.network,
				}),
			),
		pay({ bolt11 }) {
			const paid = ledger.pay(account, bolt11);
			return Promise.resolve(paid.ok ? outcome(paid.value) : failed(paid.error.code, paid.error.detail));
		},
		lookupPayment({ bolt11 }: InvoiceName) {
			const payment = account.payments.get(bolt11);
			return Promise.resolve(ok(payment ? outcome(payment) : ({ state: 'unknown' } as const)));
		},
		lookupInvoice({ bolt11 }: InvoiceName) {
			const invoice = account.invoices.get(bolt11);
			return Promise.resolve(
				invoice ? ok(status(invoice)) : err(walletError('not-found', 'no invoice of this wallet')),
			);
		},
		makeInvoice: (request) => Promise.resolve(issued(ledger.makeInvoice(account, request))),
		hold: {
			make: (request) => Promise.resolve(issued(ledger.makeHold(account, request))),
			settle: (preimage: Hex) => Promise.resolve(ledger.settle(account, preimage)),
			cancel: (hash: Hex) => Promise.resolve(ledger.cancel(account, hash)),
			onAccepted: (receive) =>
				ledger.subscribe(account, (event) => {
					if (event.type === 'hold_invoice_accepted')
						receive({
							hash: event.invoice.hash,
							...(event.invoice.settleBy === undefined ? {} : { settleBy: event.invoice.settleBy }),
						});
				}),
		},
		onReceived: (receive) =>
			ledger.subscribe(account, (event) => {
				if (event.type === 'payment_received') receive(event.invoice.hash);
			}),
		balance: () => Promise.resolve(ok(msat(account.balance))),
		budget: () => Promise.resolve(ok(undefined)),
		close: () => undefined,
	};
}
