import type { Hex, Millis } from '#lib/core/brand.ts';
import type { Result } from '#lib/core/result.ts';
import type { Msat } from './msat.ts';

/**
 * A Lightning wallet as a port. Adapters never throw for what a wallet may do: every failure is a `WalletError` or a
 * `PayOutcome`. Amounts are millisatoshi, hashes and preimages 32 bytes in lower-case hex, times ms since the epoch.
 */
export interface LightningWallet {
	readonly kind: WalletKind;
	/** What this wallet can do; asked again after a reconnect. */
	capabilities(): Promise<Result<WalletCapabilities, WalletError>>;
	/**
	 * Pays an invoice that was decoded and checked before. Pays at most once per payment hash where the wallet keeps
	 * that promise, but the caller must not rely on it: it journals before the call and never calls twice for one hash.
	 * A hold invoice stays `pending` until it is settled or cancelled.
	 */
	pay(request: PayRequest): Promise<PayOutcome>;
	/** How a payment stands; `unknown` when the wallet has never heard of it. Safe to repeat. */
	lookupPayment(
		invoice: InvoiceName,
	): Promise<Result<PayOutcome | { readonly state: 'unknown' }, WalletError>>;
	/** How an invoice of this wallet stands. Safe to repeat. */
	lookupInvoice(invoice: InvoiceName): Promise<Result<InvoiceStatus, WalletError>>;
	/** Present when `capabilities().makeInvoice`. */
	makeInvoice(request: InvoiceRequest): Promise<Result<IssuedInvoice, WalletError>>;
	/** Conditional payments; undefined where the wallet has none. */
	readonly hold?: HoldPort;
	/** Calls back for every payment that came in, until the returned function is called. Notifications may be lost. */
	onReceived?(receive: (hash: Hex) => void): () => void;
	/** What this app may see: a wallet may answer with its budget instead of its balance. */
	balance(): Promise<Result<Msat, WalletError>>;
	/** What this connection may still spend; undefined when the wallet sets no limit or does not tell. */
	budget(): Promise<Result<WalletBudget | undefined, WalletError>>;
	close(): void;
}

export type WalletKind = 'nwc' | 'webln' | 'ledger' | 'manual';

export interface WalletCapabilities {
	readonly pay: boolean;
	readonly makeInvoice: boolean;
	/** Invoices can carry a description hash, so that they are bound without a visible text. */
	readonly descriptionHash: boolean;
	/** Invoices can be made to expire when the caller says. */
	readonly expiry: boolean;
	readonly hold: boolean;
	/** Can pay on with the payment hash of a hold invoice of its own. `unknown` counts as no. */
	readonly holdSameHashMiddleman: 'yes' | 'no' | 'unknown';
	readonly lookup: boolean;
	/** Tells by itself that something was paid or locked. */
	readonly notifications: boolean;
	readonly budget: boolean;
	readonly balance: boolean;
	/** Name the wallet gives itself; hostile text, shown as such. */
	readonly alias: string;
	/** BIP-173 prefix of its network without `ln`: bc, tb, tbs, bcrt. */
	readonly network: LightningNetwork;
}

export type LightningNetwork = 'bc' | 'tb' | 'tbs' | 'bcrt';

export interface InvoiceName {
	readonly hash: Hex;
	readonly bolt11: string;
}

export interface PayRequest extends InvoiceName {
	/** What the invoice asks for, as decoded. */
	readonly msat: Msat;
	/** Routing fee at most, where the wallet can be told. */
	readonly maxFeeMsat?: Msat;
}

/**
 * How a payment went. `pending` is no failure: the money may be locked, may still leave, and must not be paid a
 * second time. Only `failed` says that it never will leave.
 */
export type PayOutcome =
	| { readonly state: 'settled'; readonly preimage: Hex; readonly feeMsat: Msat }
	| {
			readonly state: 'pending';
			readonly since: Millis;
			/** Why the answer does not count, where there was one. */
			readonly cause?: WalletErrorCode;
	  }
	| {
			readonly state: 'failed';
			readonly code: WalletErrorCode;
			readonly detail: string;
			readonly final: true;
	  };

export interface InvoiceRequest {
	readonly msat: Msat;
	readonly expirySeconds: number;
	readonly memo: string;
	/** 32 bytes in hex; used instead of the memo where the wallet can. */
	readonly descriptionHash?: Hex;
}

export interface IssuedInvoice extends InvoiceName {
	readonly msat: Msat;
	readonly expiresAt: Millis;
}

export interface InvoiceStatus {
	/** `accepted`: a hold invoice is paid and locked. */
	readonly state: 'open' | 'accepted' | 'settled' | 'cancelled' | 'expired' | 'unknown';
	readonly msat: Msat;
	/** Block height until which a locked payment must be settled; undefined when the wallet does not tell. */
	readonly settleBy?: number;
}

export interface HoldRequest extends InvoiceRequest {
	/** SHA-256 of a secret that only the thank-you reveals. */
	readonly hash: Hex;
	/** Least blocks between arrival and the end of the lock. */
	readonly minCltv: number;
}

/** Money locked to a hash: taken with the secret, or given back. Every call may be repeated. */
export interface HoldPort {
	make(request: HoldRequest): Promise<Result<IssuedInvoice, WalletError>>;
	/** @param preimage the secret; the invoice must be locked. */
	settle(preimage: Hex): Promise<Result<null, WalletError>>;
	/** Gives a locked payment back, or takes an unpaid invoice from the market. */
	cancel(hash: Hex): Promise<Result<null, WalletError>>;
	/** Calls back when an invoice is locked, until the returned function is called. May be lost: look up as well. */
	onAccepted(receive: (accepted: HoldAccepted) => void): () => void;
}

export interface HoldAccepted {
	readonly hash: Hex;
	readonly settleBy?: number;
}

export interface WalletBudget {
	readonly usedMsat: Msat;
	readonly totalMsat: Msat;
	readonly renewsAt?: Millis;
}

export interface WalletError {
	readonly type: 'wallet';
	readonly code: WalletErrorCode;
	readonly detail: string;
}

export type WalletErrorCode =
	/** No answer in time, or no relay: what was asked may still happen. */
	| 'unreachable'
	/** The connection string, address or answer is not what it should be. */
	| 'malformed'
	/** The wallet's answer contradicts the invoice or itself. */
	| 'lying'
	/** Its lock would end before what is paid on it may have ended. */
	| 'lock-too-short'
	| 'unauthorized'
	| 'restricted'
	| 'quota-exceeded'
	| 'insufficient-balance'
	| 'rate-limited'
	| 'not-implemented'
	| 'not-found'
	| 'payment-failed'
	/** Already paid or being paid; a wallet that cannot be a same-hash middleman says so too. */
	| 'duplicate-payment'
	| 'unsupported-encryption'
	| 'expired'
	| 'internal'
	/** No wallet is connected. */
	| 'no-wallet'
	/** The owner's policy says no. */
	| 'over-budget'
	/** The owner stopped all payments. */
	| 'stopped'
	/** The person said no, or did not answer. */
	| 'refused';

export const walletError = (code: WalletErrorCode, detail: string): WalletError => ({
	type: 'wallet',
	code,
	detail,
});

export const failed = (code: WalletErrorCode, detail: string): PayOutcome => ({
	state: 'failed',
	code,
	detail,
	final: true,
});
