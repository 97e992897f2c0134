import type { Hex, Millis } from '#lib/core/brand.ts';
import type { SecretKey } from '#lib/core/crypto/schnorr.ts';
import type { WalletErrorCode } from '../port.ts';

/** One wallet of the ledger. */
export interface Account {
	readonly id: string;
	readonly node: SecretKey;
	/** Spendable; what is locked has left it. */
	balance: number;
	/** Whether it can pay on with the hash of a hold invoice of its own. */
	sameHashOut: 'allow' | 'duplicate';
	/** By bolt11. */
	readonly invoices: Map<string, LedgerInvoice>;
	/** By bolt11. */
	readonly payments: Map<string, LedgerPayment>;
	readonly listeners: Set<(event: LedgerEvent) => void>;
}

export interface LedgerInvoice {
	readonly bolt11: string;
	readonly hash: Hex;
	/** msat. */
	readonly msat: number;
	readonly memo: string;
	readonly descriptionHash?: Hex;
	readonly createdAt: Millis;
	readonly expiresAt: Millis;
	readonly minCltv: number;
	readonly hold: boolean;
	state: 'open' | 'accepted' | 'settled' | 'cancelled';
	/** Known from the start for a plain invoice, from its settling for a hold invoice. */
	preimage?: Hex;
	/** Block height until which an accepted one must be settled. */
	settleBy?: number;
	payer?: { readonly account: Account; readonly payment: LedgerPayment };
}

export interface LedgerPayment {
	readonly bolt11: string;
	readonly hash: Hex;
	readonly msat: number;
	readonly feeMsat: number;
	readonly createdAt: Millis;
	state: 'pending' | 'settled' | 'failed';
	preimage?: Hex;
	code?: WalletErrorCode;
}

/** What a wallet tells its owner by itself. */
export type LedgerEvent =
	| { readonly type: 'payment_received'; readonly invoice: LedgerInvoice }
	| { readonly type: 'payment_sent'; readonly payment: LedgerPayment }
	| { readonly type: 'payment_failed'; readonly payment: LedgerPayment }
	| { readonly type: 'hold_invoice_accepted'; readonly invoice: LedgerInvoice };
