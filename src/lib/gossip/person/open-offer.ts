import type { ReplyId } from '#lib/core/brand.ts';
import { equalBytes } from '#lib/core/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { encodeRecord } from '#lib/core/wire/record.ts';
import type { Context } from '../context.ts';
import { inetAddr, type MeshFrameOf } from '../wire/frames.ts';
import type { OwnJob } from './jobs.ts';
import type { ReceivedOfferRecord } from '../records.ts';
import { openReply, replyDigestOf, type ReplyError } from '../wire/sealed.ts';
import { paymentHashOf, thankYouSecret } from '../wire/thank-you.ts';

const settled: readonly ReceivedOfferRecord['state'][] = [
	'validated',
	'thanked',
	'chosen',
	'declined',
	'done',
];

/** Whether its worker has answered for it: it may be chosen and talked to, and is thanked. */
export const isValidated = (offer: ReceivedOfferRecord): boolean =>
	// Declined without a word: it was declined before its worker could be asked.
	settled.includes(offer.state) && (offer.state !== 'declined' || offer.announcement !== undefined);

export const isUnvalidated = (offer: ReceivedOfferRecord): boolean =>
	offer.state === 'opened' || offer.state === 'calling';

/** Opens a reply to a job of mine; what is not right in every way is no offer. */
export function openOffer(
	own: OwnJob,
	replyId: ReplyId,
	frame: MeshFrameOf<'ReplyRequest'>,
	context: Context,
): Result<Omit<ReceivedOfferRecord, 'path'>, ReplyError['code'] | 'bad-hash' | 'bad-price'> {
	const { msgId, ephemeralKey, sealed, hops } = frame;
	const opened = openReply({
		sealed,
		ephemeralKey,
		replySecret: own.keys.reply,
		msgId,
		coreBytes: own.record.core,
		verifier: context.verify,
	});
	if (!opened.ok) return err(opened.error.code);
	const secret = thankYouSecret(own.keys.thankYou, ephemeralKey, msgId);
	// With another hash nobody on the way could recognise the thank-you.
	if (!secret || !equalBytes(paymentHashOf(secret), frame.paymentHash)) return err('bad-hash');
	const { reply, priceAmount, priceUnit, replierKey, inetAddr: address } = opened.value;
	if ((priceAmount === undefined) !== (priceUnit === undefined)) return err('bad-price');
	return ok({
		replyId,
		msgId,
		receivedAt: context.now(),
		hops,
		ephemeralKey,
		text: reply,
		...(priceAmount === undefined || priceUnit === undefined
			? {}
			: { price: { amount: priceAmount, unit: priceUnit } }),
		replierKey,
		address,
		state: 'opened',
		workerDone: false,
		thanksConfirmed: false,
	});
}

/** The secret that thanks for the offer; undefined when its ephemeral key is no curve point. */
export const offerSecret = (own: OwnJob, offer: ReceivedOfferRecord) =>
	thankYouSecret(own.keys.thankYou, offer.ephemeralKey, offer.msgId);

/** Digest of what was offered, as the worker computes it too. */
export const offerDigest = ({ text, price, address }: ReceivedOfferRecord) =>
	replyDigestOf({
		reply: text,
		inetAddr: encodeRecord(inetAddr, address),
		...(price ? { priceAmount: price.amount, priceUnit: price.unit } : {}),
	});
