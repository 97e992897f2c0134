import type { PublicKey } from '#lib/core/brand.ts';
import { equalBytes } from '#lib/core/bytes.ts';
import { encodeRecord } from '#lib/core/wire/record.ts';
import { inetAddr, type DirectFrame, type JobCore, type RefusalCode } from '../wire/frames.ts';
import { coreDigestOf } from '../wire/job.ts';
import type { OfferKeys } from '../wire/keys.ts';
import type { SentOfferRecord } from '../records.ts';
import { replyDigestOf } from '../wire/sealed.ts';

/** An offer of mine with what is derived from its record. */
export interface OwnOffer {
	record: SentOfferRecord;
	readonly core: JobCore;
	readonly keys: OfferKeys;
	/** Public half of the replier key. */
	readonly key: PublicKey;
	/** A neighbour took it. */
	handedOn: boolean;
	notes: number;
	cancelTimers: (() => void)[];
	cancelNote: () => void;
}

/** States in which the customer knows of the offer, in the order in which they can follow each other. */
const progress: readonly SentOfferRecord['state'][] = ['validated', 'thanked', 'chosen', 'done'];

/** The customer has called for it: both may talk. */
export const isKnown = ({ record }: OwnOffer): boolean =>
	progress.includes(record.state) || record.state === 'declined';

/** The customer may still take it. */
export const isPending = ({ record }: OwnOffer): boolean =>
	record.state === 'sent' || record.state === 'validated' || record.state === 'thanked';

/** Whether `state` would be news: the customer's word outranks expiry, refusals and cancels by others. */
export function isBefore({ record }: OwnOffer, state: SentOfferRecord['state']): boolean {
	if (record.state === 'withdrawn') return false;
	if (record.state === 'declined') return state === 'chosen';
	return progress.indexOf(record.state) < progress.indexOf(state);
}

/** Refusals that end an offer; for any other the rendezvous may still carry it. */
export const conclusive: ReadonlySet<RefusalCode> = new Set([
	'job-expired',
	'job-cancelled',
	'bad-reply',
	'no-wallet',
	'price-too-high',
]);

/** The worker's answer to whether this offer, to this job, is its own. */
export function verdictOn(
	{ record, key }: OwnOffer,
	question: Extract<DirectFrame, { kind: 'Validate' }>,
): Extract<DirectFrame, { kind: 'Ack' }>['verdict'] {
	if (record.state === 'withdrawn') return 'withdrawn';
	if (question.msgId !== record.msgId || !equalBytes(question.coreDigest, coreDigestOf(record.core)))
		return 'job-differs';
	const { text, price, relays, secret } = record;
	const offer = replyDigestOf({
		reply: text,
		inetAddr: encodeRecord(inetAddr, { key, relays, secret }),
		...(price ? { priceAmount: price.amount, priceUnit: price.unit } : {}),
	});
	return equalBytes(question.replyDigest, offer) ? 'ok' : 'offer-differs';
}
