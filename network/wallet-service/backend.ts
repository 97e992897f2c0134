import type { Hex } from '#lib/core/brand.ts';
import type { Result } from '#lib/core/result.ts';

/** Error codes of NIP-47 that a wallet answers with. */
export type WalletErrorCode =
	| 'RATE_LIMITED'
	| 'NOT_IMPLEMENTED'
	| 'INSUFFICIENT_BALANCE'
	| 'QUOTA_EXCEEDED'
	| 'RESTRICTED'
	| 'UNAUTHORIZED'
	| 'INTERNAL'
	| 'UNSUPPORTED_ENCRYPTION'
	| 'PAYMENT_FAILED'
	| 'NOT_FOUND'
	| 'OTHER';

export interface WalletError {
	readonly code: WalletErrorCode;
	/** One line for a person. */
	readonly message: string;
}

/** A payment or an invoice, with the field names of NIP-47. Amounts in msat, times in seconds since the Unix epoch. */
export interface Transaction {
	readonly type: 'incoming' | 'outgoing';
	/** `accepted`: an incoming hold payment is locked and may be settled or cancelled. */
	readonly state: 'pending' | 'accepted' | 'settled' | 'failed';
	readonly invoice: string;
	readonly description?: string;
	readonly description_hash?: Hex;
	readonly preimage?: Hex;
	readonly payment_hash: Hex;
	readonly amount: number;
	readonly fees_paid: number;
	readonly created_at: number;
	readonly expires_at?: number;
	readonly settled_at?: number;
	/** Block height by which an accepted payment must be settled. */
	readonly settle_deadline?: number;
}

export interface NodeInfo {
	readonly alias: string;
	readonly pubkey: Hex;
	readonly network: string;
	readonly block_height: number;
	readonly block_hash: Hex;
}

export interface InvoiceOrder {
	readonly amountMsat: number;
	readonly description?: string;
	readonly descriptionHash?: Hex;
	readonly expirySeconds: number;
	/** A hold invoice on this hash: whoever pays is locked in until `settle` or `cancel`. */
	readonly paymentHash?: Hex;
	/** Blocks the last hop must leave; the node's own minimum without it. */
	readonly minFinalCltvExpiryDelta?: number;
}

export interface Paid {
	readonly preimage: Hex;
	readonly feesPaidMsat: number;
}

export interface BackendEvent {
	readonly type: 'accepted' | 'received' | 'sent' | 'failed';
	readonly transaction: Transaction;
}

/** Which invoice or payment is meant. By hash an incoming one comes first: a forwarder may have both. */
export type Wanted = { readonly paymentHash: Hex } | { readonly invoice: string };

type Outcome<T> = Promise<Result<T, WalletError>>;

/** One wallet's money, whatever holds it: a ledger in memory or a Lightning node. */
export interface Backend {
	info(): Promise<NodeInfo>;
	/** Spendable, msat. */
	balance(): Promise<number>;
	makeInvoice(order: InvoiceOrder): Outcome<Transaction>;
	/** Resolves once the outcome is certain; a payee who holds the payment makes this take as long as it likes. */
	pay(invoice: string, amountMsat?: number): Outcome<Paid>;
	settle(preimage: Hex): Outcome<void>;
	cancel(paymentHash: Hex): Outcome<void>;
	lookup(wanted: Wanted): Outcome<Transaction>;
	/** Newest first. */
	transactions(): Promise<readonly Transaction[]>;
	/** Tells of every change until the returned function is called. */
	watch(listener: (event: BackendEvent) => void): () => void;
}
