import type { Millis } from '#lib/core/brand.ts';
import { round, type Channel, type Tally } from '../channel.ts';
import type { Message, Offer } from '../typed-data.ts';
import type { ChannelFrame, ChannelFrameOf } from '../wire/frames.ts';
import { after, roundMessage, tallyOf, type Play, type PlayEffect, type Seals } from './play.ts';
import type { OfferRecord } from './records.ts';

/** The three messages an offer is signed by: both outcomes, and the content. In this order. */
export const offerMessages = (channel: Channel, before: Tally, offer: Offer): readonly Message[] => [
	roundMessage(channel, after(before, 'reward')),
	roundMessage(channel, after(before, 'burn')),
	{ primaryType: 'Offer', channel, offer },
];

const offerOf = ({ round: number, sha256, size, mime }: ChannelFrameOf<'Suggestion'>): Offer => ({
	round: number,
	sha256: `0x${sha256}`,
	size,
	mime,
});

/**
 * Takes a suggestion in if it continues the newest state and everything in it is signed by the suggester's key.
 * The first one of a round stays: a second would be another offer for an answer that may be given already.
 */
export function readOffer(
	play: Play & { readonly offer: OfferRecord | undefined },
	frame: ChannelFrameOf<'Suggestion'>,
	now: Millis,
	seals: Seals,
): [OfferRecord | undefined, PlayEffect[]] {
	const { channel, role, id } = play.record;
	const before = tallyOf(play);
	if (frame.round !== round(before) + 1 || frame.round > channel.rounds) return [undefined, []];
	if (play.offer) return [undefined, []];
	const offer = offerOf(frame);
	const signatures = [frame.reward, frame.burn, frame.signature];
	const messages = offerMessages(channel, before, offer);
	const sound = messages.every((message, index) => {
		const signature = signatures[index];
		return signature !== undefined && seals.signedBy(channel.suggesterKey, message, signature);
	});
	if (!sound) return [undefined, [{ kind: 'hang-up', reason: 'an offer with a wrong signature' }]];
	const record: OfferRecord = {
		role,
		id,
		round: frame.round,
		offer,
		...(frame.url === undefined ? {} : { url: frame.url }),
		signed: { offer: frame.signature, reward: frame.reward, burn: frame.burn },
		at: now,
		mismatch: false,
	};
	return [
		record,
		[{ kind: 'commit', writes: [{ op: 'put', table: 'offers', value: record }] }, { kind: 'want-content' }],
	];
}

/** The frame of an offer of one's own, once it is signed. */
export function suggestionOf({ offer, url, signed }: OfferRecord): ChannelFrame | undefined {
	if (!signed) return undefined;
	return {
		kind: 'Suggestion',
		round: offer.round,
		sha256: offer.sha256.slice(2),
		size: offer.size,
		mime: offer.mime as ChannelFrameOf<'Suggestion'>['mime'],
		signature: signed.offer,
		reward: signed.reward,
		burn: signed.burn,
		...(url === undefined ? {} : { url }),
	};
}
