import type { Millis, MsgId, PeerId, ReplyId, Topic } from '#lib/core/brand.ts';
import type { RefusalCode } from './wire/frames.ts';

/**
 * What a person is shown: plain values derived from the engine's state, free of keys and secrets.
 * Codes, not sentences: the interface owns the words.
 */

/** Who acts next, until when, and what happens otherwise: true of every state that is not final. */
export interface Waiting {
	readonly actor: 'you' | 'customer' | 'worker' | 'neighbours' | 'this-device';
	readonly step:
		| 'find-neighbours'
		| 'agree-terms'
		| 'do-work'
		| 'collect-offers'
		| 'open-offer'
		| 'call-worker'
		| 'retry-call'
		| 'send-thanks'
		| 'choose-worker'
		| 'carry-reply'
		| 'validate-offer'
		| 'thank-worker'
		| 'choose-offer'
		| 'do-job'
		| 'confirm-done';
	readonly until?: Millis;
	readonly otherwise: 'job-expires' | 'job-fails' | 'offer-lapses' | 'offer-discarded' | 'retry' | 'nothing';
}

/** Why something ended or went another way. */
export interface Cause {
	readonly code:
		| RefusalCode
		| 'silent'
		| 'no-neighbours'
		| 'all-refused'
		| 'work-too-dear'
		| 'unknown-scheme'
		| 'cancelled-by-you'
		| 'cancelled-by-customer'
		| 'withdrawn-by-worker'
		| 'declined-by-customer'
		| 'expired'
		| 'link-lost'
		| 'worker-unreachable'
		| 'bad-ack'
		| 'job-differs'
		| 'offer-differs'
		| 'unknown-offer'
		| 'not-thanked';
	readonly peer?: PeerId;
	/** The other side's own words, where it gave any. */
	readonly reason?: string;
}

export interface Money {
	readonly amount: number;
	readonly unit: string;
}

/** One neighbour asked to carry my job. */
export interface CarrierView {
	readonly peer: PeerId;
	readonly state:
		| 'asked'
		/** It said no for now, and is asked again when it said it may be. */
		| 'busy'
		| 'terms'
		| 'working'
		| 'sent'
		| 'had-it'
		| 'refused'
		| 'silent'
		| 'declined'
		| 'lost';
	/** Expected hashes of the asked proof; 0 = carried on credit. */
	readonly complexity: number;
	/** Share of the proof found, 0..1. */
	readonly progress: number;
	/** Set where it is paid in sats, not in work. */
	readonly msat?: number;
	readonly cause?: Cause;
}

export interface ChatMessageView {
	readonly id: string;
	readonly mine: boolean;
	readonly at: Millis;
	readonly text: string;
	/** The other side keeps it now. */
	readonly delivered: boolean;
}

/** Customer's side of one offer. */
export interface OfferView {
	readonly replyId: ReplyId;
	readonly msgId: MsgId;
	readonly receivedAt: Millis;
	readonly text: string;
	readonly price?: Money;
	readonly state:
		| 'opened'
		| 'calling'
		| 'unreachable'
		| 'rejected'
		| 'validated'
		| 'thanked'
		| 'chosen'
		| 'declined'
		| 'done'
		| 'withdrawn';
	readonly cause?: Cause;
	/** Hops the reply travelled, 0 = direct neighbour. */
	readonly hops: number;
	/** A direct link to this worker is open now. */
	readonly online: boolean;
	readonly chat: readonly ChatMessageView[];
	readonly unread: number;
	readonly waiting?: Waiting;
}

/** A job I posted. */
export interface JobView {
	readonly msgId: MsgId;
	readonly topic: Topic;
	readonly message: string;
	readonly budget?: Money;
	readonly createdAt: Millis;
	readonly expiresAt: Millis;
	readonly status: 'posting' | 'open' | 'filled' | 'done' | 'cancelled' | 'expired' | 'failed';
	readonly cause?: Cause;
	readonly carriers: readonly CarrierView[];
	/** Expected hashes spent on having it carried, and how many it may take in all. */
	readonly work?: { readonly spent: number; readonly limit: number };
	readonly offers: readonly OfferView[];
	readonly waiting?: Waiting;
	/** MsgId of the job that renewed this one. */
	readonly renewedAs?: MsgId;
}

/** A stranger's job that matches my topics. */
export interface LeadView {
	readonly msgId: MsgId;
	readonly topic: Topic;
	readonly message: string;
	readonly budget?: Money;
	readonly createdAt: Millis;
	readonly expiresAt: Millis;
	readonly heardAt: Millis;
	readonly status: 'open' | 'offered' | 'cancelled' | 'expired' | 'hidden';
	readonly cause?: Cause;
	/** What an offer costs once it is thanked for, msat; nothing when absent. */
	readonly replyMsat?: number;
}

/** Worker's side of one offer. */
export interface MyOfferView {
	readonly replyId: ReplyId;
	readonly msgId: MsgId;
	readonly topic: Topic;
	readonly message: string;
	readonly budget?: Money;
	readonly jobExpiresAt: Millis;
	readonly text: string;
	readonly price?: Money;
	readonly sentAt: Millis;
	readonly state:
		| 'sent'
		| 'refused'
		| 'validated'
		| 'thanked'
		| 'chosen'
		| 'declined'
		| 'done'
		| 'cancelled'
		| 'expired'
		| 'withdrawn';
	readonly cause?: Cause;
	readonly online: boolean;
	readonly chat: readonly ChatMessageView[];
	readonly unread: number;
	readonly waiting?: Waiting;
}

/** What this node remembers of a neighbour and what it would ask of it for a favour now. */
export interface LedgerView {
	readonly peer: PeerId;
	readonly linked: boolean;
	/** Favours they did for me minus favours I did for them, decayed. */
	readonly balance: number;
	readonly creditLimit: number;
	/** Multiplies the price of work, 1..256. */
	readonly factor: number;
	/** Expected hashes asked for a favour on a deep topic now; 0 = on credit. */
	readonly complexity: number;
	readonly priceBecause: 'credit' | 'newcomer' | 'missing-thanks' | 'thanked' | 'busy';
	readonly thanks: number;
	readonly misses: number;
	readonly carriedForMe: number;
	readonly carriedForThem: number;
	readonly interests: readonly Topic[];
}

/** An entry of the notification centre. */
export interface ActivityView {
	readonly id: string;
	readonly at: Millis;
	readonly kind:
		| 'job-posted'
		| 'job-failed'
		| 'job-expired'
		| 'job-cancelled'
		| 'offer-received'
		| 'offer-validated'
		| 'offer-rejected'
		| 'offer-refused'
		| 'offer-thanked'
		| 'chosen'
		| 'declined'
		| 'chat'
		| 'job-done'
		| 'offer-withdrawn'
		| 'lead-cancelled';
	readonly msgId: MsgId;
	readonly replyId?: ReplyId;
	/** The job's or message's first words. */
	readonly excerpt: string;
	readonly cause?: Cause;
	readonly read: boolean;
}

/** Counters since this node started. */
export interface TrafficView {
	readonly framesIn: Readonly<Record<string, number>>;
	readonly framesOut: Readonly<Record<string, number>>;
	readonly refused: Readonly<Partial<Record<RefusalCode, number>>>;
	readonly hashesDone: number;
	readonly broadcastsSeen: number;
	readonly duplicates: number;
	readonly repliesCarried: number;
	readonly thanksSeen: number;
}

/** What posting on a topic would cost now. */
export interface EstimateView {
	/** Neighbours that would be asked. */
	readonly neighbours: number;
	/** Of them, those that carry on credit. */
	readonly onCredit: number;
	/** Expected hashes for the others together. */
	readonly hashes: number;
	/** Expected and 95th-percentile time at this device's measured rate, ms. */
	readonly expectedMs: number;
	readonly p95Ms: number;
	/** The same in sats, where the wallet pays and every one of them named such a price last, msat. */
	readonly msat?: number;
}
