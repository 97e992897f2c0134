import type { Hex, Millis, MsgId, PeerId, ReplyId } from '#lib/core/brand.ts';
import type { Msat } from '#lib/wallet/lightning/msat.ts';
import type { WalletCapabilities, WalletErrorCode, WalletKind } from '#lib/wallet/lightning/port.ts';

/** What the page sees of the Lightning wallet and may ask of it. The connection string never comes back. */

export interface LightningView {
	/**
	 * `none`: no wallet, work and credit only. `connecting`: its first answer is awaited. `ready`: it answers.
	 * `unreachable`: it did not answer lately; what is in flight stays in flight and is looked up again.
	 */
	readonly state: 'none' | 'connecting' | 'ready' | 'unreachable';
	/** The owner's switch: while true nothing leaves, whatever asks. */
	readonly stopped: boolean;
	readonly connection?: ConnectionView;
	readonly sums: Sums;
	readonly policy: SpendingPolicy;
	/** Payments that wait for the person, oldest first. */
	readonly confirmations: readonly ConfirmationView[];
	/** Money in motion, newest first: locked with me, or on its way from me. */
	readonly locks: readonly LockView[];
	/** Everything that ended, newest first. */
	readonly receipts: readonly ReceiptView[];
	/** What neighbours paid for replies, after what carrying them on cost, and for favours. */
	readonly earned: { readonly msat: Msat; readonly replies: number; readonly favours: number };
}

export interface ConnectionView {
	readonly kind: WalletKind;
	/** What the wallet calls itself; hostile text. */
	readonly name: string;
	readonly capabilities: WalletCapabilities;
	/** Hosts of its relays, for the eye; NWC only. */
	readonly relays: readonly string[];
	/** First bytes of the wallet's public key, to compare with the wallet's own screen; NWC only. */
	readonly fingerprint: string;
	readonly connectedAt: Millis;
	/** When it last answered, and what went wrong since. */
	readonly heardAt?: Millis;
	readonly trouble?: WalletErrorCode;
	/** "Available to this app": balance or budget, whichever the wallet tells; undefined when it tells neither. */
	readonly availableMsat?: Msat;
	readonly budget?: { readonly usedMsat: Msat; readonly totalMsat: Msat; readonly renewsAt?: Millis };
}

/** Kept apart, so that no sum mixes what is sure with what is not. All in msat. */
export interface Sums {
	/** Paid into conditional payments, not yet taken nor given back. */
	readonly lockedMsat: Msat;
	/** Sent, and the wallet does not know yet how it went. */
	readonly pendingMsat: Msat;
	/** Locked with me by others: mine only after the thank-you. */
	readonly promisedMsat: Msat;
	readonly earnedMsat: Msat;
	readonly spentMsat: Msat;
	readonly refundedMsat: Msat;
	/** Left of today's limit of this app. */
	readonly leftTodayMsat: Msat;
}

/** What leaves without asking, and what never leaves; amounts in msat, counted with what is in flight. */
export interface SpendingPolicy {
	/** One payment up to this leaves by itself. */
	readonly autoMsat: Msat;
	/** By itself, all together in a minute and in a day. */
	readonly minuteMsat: Msat;
	readonly dayMsat: Msat;
	/** By itself to one neighbour in a day. */
	readonly peerDayMsat: Msat;
	/** In flight at once: sum and number. */
	readonly inFlightMsat: Msat;
	readonly locks: number;
	/** Confirmed with one tap up to this; above, with all details. */
	readonly tapMsat: Msat;
	/** What carrying a stranger's job costs it in sats, beside the price in work; 0 = never for sats. */
	readonly favourMsat: Msat;
	/** My margin on a reply that I carry; 0 = carried for nothing. */
	readonly replyMsat: Msat;
	/** What I ask of whoever replies to a job of mine; 0 = nothing. */
	readonly ownReplyMsat: Msat;
	/** How favours are paid where the neighbour leaves the choice. */
	readonly prefer: 'work' | 'sats' | 'cheaper';
	/** For `cheaper`: so many msat are worth a second of work. */
	readonly secondMsat: Msat;
}

export type PaymentPurpose = 'favour' | 'reply' | 'gig';

export interface ConfirmationView {
	readonly paymentId: string;
	readonly purpose: PaymentPurpose;
	readonly msat: Msat;
	/** Node key of the payee as the invoice's signature proves it. */
	readonly payee: Hex;
	/** The invoice's text; hostile. */
	readonly memo: string;
	readonly peer?: PeerId;
	readonly replyId?: ReplyId;
	/** `tap`: one tap is enough. `full`: show everything. */
	readonly level: 'tap' | 'full';
	/** Paid into a lock that the other side may hold for long. */
	readonly hold: boolean;
	readonly expiresAt: Millis;
	/** Set for a wallet that the person pays from by hand: shown as QR; its preimage is pasted. */
	readonly bolt11?: string;
}

export interface LockView {
	readonly id: string;
	readonly direction: 'in' | 'out';
	readonly state: 'waiting' | 'locked' | 'pending' | 'settling' | 'refunding' | 'owed';
	readonly kind: 'hold' | 'iou' | 'plain';
	readonly purpose: PaymentPurpose;
	readonly msat: Msat;
	readonly peer?: PeerId;
	readonly msgId?: MsgId;
	readonly replyId?: ReplyId;
	readonly since: Millis;
	/** When it should end by the protocol's own clock; a lock may last longer. */
	readonly dueAt?: Millis;
	/** Block height at which the network itself gives it back. */
	readonly settleBy?: number;
}

export interface ReceiptView {
	readonly id: string;
	readonly direction: 'in' | 'out';
	readonly outcome: 'paid' | 'refunded' | 'failed';
	readonly purpose: PaymentPurpose;
	readonly msat: Msat;
	/** Routing fee paid on top, out only. */
	readonly feeMsat: Msat;
	readonly at: Millis;
	readonly hash: Hex;
	/** Proof of payment. */
	readonly preimage?: Hex;
	readonly peer?: PeerId;
	readonly replyId?: ReplyId;
	readonly cause?: WalletErrorCode;
}

export type WalletSource =
	/** A pasted `nostr+walletconnect://` string. */
	| { readonly kind: 'nwc'; readonly uri: string }
	/** The page's WebLN provider. */
	| { readonly kind: 'webln' }
	/** The person pays by hand. */
	| { readonly kind: 'manual' };

export interface WalletCommands {
	/** Keeps the connection and asks what it can do; a second one takes the first one's place. */
	connectWallet: { args: WalletSource; answer: null };
	/** Forgets the connection here. What is in flight stays in the wallet: revoke it there as well. */
	disconnectWallet: { args: Readonly<Record<string, never>>; answer: null };
	setSpending: { args: SpendingPolicy; answer: null };
	/** The kill switch. */
	stopPayments: { args: { stopped: boolean }; answer: null };
	confirmPayment: { args: { paymentId: string; yes: boolean }; answer: null };
	/** For a payment made by hand: proves it. */
	enterPreimage: { args: { paymentId: string; preimage: string }; answer: null };
	/** Pays an invoice for a gig, always with confirmation; answered once it waits for the person. */
	payInvoice: { args: { replyId: ReplyId; bolt11: string }; answer: { paymentId: string } };
	/** Makes an invoice and says it in the chat. */
	requestPayment: { args: { replyId: ReplyId; msat: Msat; memo: string }; answer: { bolt11: string } };
	/** Asks the wallet anew: balance, budget, everything in flight. */
	refreshWallet: { args: Readonly<Record<string, never>>; answer: null };
}

/** A refused wallet command. */
export type WalletCommandCode = WalletErrorCode | 'bad-invoice' | 'not-found' | 'wrong-state' | 'not-ready';

export type WalletCommandName = keyof WalletCommands;

const walletCommands: { readonly [K in WalletCommandName]: true } = {
	connectWallet: true,
	disconnectWallet: true,
	setSpending: true,
	stopPayments: true,
	confirmPayment: true,
	enterPreimage: true,
	payInvoice: true,
	requestPayment: true,
	refreshWallet: true,
};

export const isWalletCommand = (name: string): name is WalletCommandName =>
	Object.hasOwn(walletCommands, name);
