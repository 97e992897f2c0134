import type { Hex, Millis, PeerId, ReplyId } from '#lib/core/brand.ts';
import type { Carriage } from './carriage.ts';

/** One payment out of the owner's wallet, written before the wallet is told. Amounts are whole msat. */
export interface PaymentRecord {
	/** Payment hash: no hash is ever paid twice. */
	readonly hash: Hex;
	/** Who asked for it, to answer after a reload. */
	readonly id: string;
	readonly bolt11: string;
	readonly msat: number;
	readonly feeMsat: number;
	readonly purpose: 'favour' | 'reply' | 'gig';
	/** Paid into a lock. */
	readonly hold: boolean;
	/** Left without asking the person. */
	readonly auto: boolean;
	readonly peer?: PeerId;
	readonly replyId?: ReplyId;
	readonly at: Millis;
	/** When the invoice can be paid no more. */
	readonly expiresAt: Millis;
	/** `started`: it may have left. Only the wallet's word ends it. */
	readonly state: 'started' | 'settled' | 'failed';
	readonly endedAt?: Millis;
	readonly preimage?: Hex;
	readonly cause?: string;
}

export type CarriageRecord = Carriage;

/** Favours that a neighbour was offered for one invoice. */
export interface PackRecord {
	/** Payment hash of the invoice. */
	readonly hash: Hex;
	/** My key on that link: under another one nobody comes for them. */
	readonly self: PeerId;
	readonly peer: PeerId;
	/** The till's name of the bill, and the bill. */
	readonly id: string;
	readonly bolt11: string;
	readonly size: number;
	readonly used: number;
	/** The wallet says so, or its preimage was shown. */
	readonly paid: boolean;
	readonly until: Millis;
}

/** Which wallet is connected and what the owner allows it; its secret is in the vault. Amounts are whole msat. */
export interface WalletRecord {
	readonly id: 'lightning';
	readonly kind: 'none' | 'nwc' | 'webln' | 'manual';
	readonly connectedAt: Millis;
	/** The owner's switch: nothing leaves. */
	readonly stopped: boolean;
	/** The owner's limits and prices as last set, by name; absent names have their defaults. */
	readonly policy: Readonly<Record<string, number | string>>;
}
