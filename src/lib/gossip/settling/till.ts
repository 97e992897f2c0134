import type { Hex, PeerId, ReplyId } from '#lib/core/brand.ts';

/**
 * What the engine asks of the owner's wallet, and what it hears back. The till behind it checks invoices, keeps the
 * owner's limits, writes down before it pays, and repeats what is safe to repeat. Amounts are whole msat.
 */
export type TillRequest =
	/** A plain invoice to be paid by a neighbour. */
	| {
			readonly do: 'bill';
			readonly id: string;
			readonly msat: number;
			/** 32 bytes in hex that the invoice is bound to. */
			readonly binding: Hex;
			readonly expirySeconds: number;
	  }
	/** An invoice that locks money to a hash. */
	| {
			readonly do: 'hold';
			readonly id: string;
			readonly hash: Hex;
			readonly msat: number;
			readonly expirySeconds: number;
			readonly minCltv: number;
	  }
	/** Tells how a bill or hold of before stands, now and whenever it changes. */
	| { readonly do: 'watch'; readonly id: string; readonly hash: Hex; readonly bolt11: string }
	| { readonly do: 'settle'; readonly id: string; readonly secret: Hex }
	| { readonly do: 'cancel'; readonly id: string; readonly hash: Hex }
	| {
			readonly do: 'pay';
			readonly id: string;
			readonly bolt11: string;
			readonly msat: number;
			readonly purpose: 'favour' | 'reply';
			readonly peer: PeerId;
			readonly replyId?: ReplyId;
			/** What the invoice must be locked to: a conditional payment. */
			readonly hash?: Hex;
			/** What a plain invoice must be bound to. */
			readonly binding?: Hex;
			/** Blocks the payee may keep it locked at most. */
			readonly maxCltv: number;
	  }
	/** Was this begun before, and how did it end? What was never begun has failed. */
	| { readonly do: 'recall'; readonly id: string };

/** Answers repeat the request's id. */
export type TillEvent =
	/** The invoice asked for. */
	| { readonly what: 'made'; readonly id: string; readonly bolt11: string; readonly hash: Hex }
	| { readonly what: 'not-made'; readonly id: string }
	/** A hold invoice is paid and locked. */
	| { readonly what: 'locked'; readonly id: string; readonly settleBy?: number }
	/** A bill was paid, or a lock was taken with its secret. */
	| { readonly what: 'received'; readonly id: string }
	/** A lock is given back, or the invoice can never be paid any more. */
	| { readonly what: 'given-back'; readonly id: string }
	| { readonly what: 'paid'; readonly id: string; readonly preimage: Hex; readonly feeMsat: number }
	/** It never left and never will. */
	| { readonly what: 'unpaid'; readonly id: string; readonly code: string };

/** What the owner's wallet can do and the owner wants, as far as neighbours are concerned. */
export interface TillTerms {
	readonly pays: boolean;
	readonly bills: boolean;
	readonly holds: boolean;
	/** Can pay on with the hash of its own hold invoice. */
	readonly wraps: boolean;
	/** Asked for carrying a job, msat; 0 = only work is taken. */
	readonly favourMsat: number;
	/** My margin on a reply I carry, msat. */
	readonly replyMsat: number;
	/** Asked of whoever replies to a job of mine, msat. */
	readonly ownReplyMsat: number;
	/** Dearest favour and reply paid for, msat. */
	readonly mostMsat: number;
	readonly prefer: 'work' | 'sats' | 'cheaper';
	/** What a second of work is worth, msat; for `cheaper`. */
	readonly secondMsat: number;
}

/** Without a wallet everything is paid in work and credit. */
export const noWallet: TillTerms = {
	pays: false,
	bills: false,
	holds: false,
	wraps: false,
	favourMsat: 0,
	replyMsat: 0,
	ownReplyMsat: 0,
	mostMsat: 0,
	prefer: 'work',
	secondMsat: 0,
};

/** Bits of `Hello.capabilities`. */
export const capabilityBits = { pays: 1, bills: 2, holds: 4, wraps: 8 } as const;

export const capabilitiesOf = (terms: TillTerms): number =>
	(terms.pays ? capabilityBits.pays : 0) |
	(terms.bills ? capabilityBits.bills : 0) |
	(terms.holds ? capabilityBits.holds : 0) |
	(terms.wraps ? capabilityBits.wraps : 0);
