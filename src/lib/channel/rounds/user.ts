import type { Millis } from '#lib/core/brand.ts';
import { round, type Tally } from '../channel.ts';
import type { Signature } from '../signature.ts';
import type { Message } from '../typed-data.ts';
import type { ChannelFrameOf } from '../wire/frames.ts';
import { contest, lookAtChain } from './dispute.ts';
import { readOffer } from './offer.ts';
import {
	adopt,
	after,
	closeMessage,
	hello,
	initFrame,
	linkUp,
	playable,
	provesKey,
	readCoSigned,
	repeating,
	roundMessage,
	sameTally,
	saveChannel,
	shownBy,
	tallyOf,
	type Play,
	type PlayEffect,
	type PlayEvent,
	type Seals,
} from './play.ts';
import type { CoSigned, Kept, OfferRecord, Reaction, RoundRecord } from './records.ts';

/** Nothing is signed before this time is over, ms. */
export const undoMs = 5_000;

/** The user's side of one channel. */
export interface UserPlay extends Play {
	/** The suggestion to answer. */
	readonly offer: OfferRecord | undefined;
	/** A reaction that may still be taken back: it is nowhere but here. */
	readonly choosing:
		{ readonly reaction: Reaction; readonly reason: string | undefined; readonly until: Millis } | undefined;
	/** The answer that is written but not signed yet; it will be signed, whatever happens. */
	readonly answered: RoundRecord | undefined;
	/** Why the newest round was answered so. */
	readonly reason: string | undefined;
	/** Newest round the suggester showed to have. */
	readonly acknowledged: number;
}

export type UserEvent =
	| PlayEvent
	| { readonly kind: 'choose'; readonly round: number; readonly reaction: Reaction; readonly reason?: string }
	| { readonly kind: 'undo' }
	/** The person is sure: the time to undo is over. */
	| { readonly kind: 'confirm' }
	/** The suggester consents: the channel may be opened until then. */
	| { readonly kind: 'approved'; readonly expiry: number; readonly signature: Signature }
	/** The content that came has another hash than the offer. */
	| { readonly kind: 'mismatch'; readonly round: number };

type Step = [UserPlay, PlayEffect[]];

/** The user's side as its records tell it. `resumeUser` says what is to be done first. */
export function loadUser({ record, offers, rounds, states }: Kept): UserPlay {
	const newest = states.reduce<CoSigned | undefined>(
		(best, state) => (best && round(best.tally) >= state.round ? best : state),
		undefined,
	);
	const played = newest ? round(newest.tally) : 0;
	return {
		record,
		newest: newest && { tally: newest.tally, user: newest.user, suggester: newest.suggester },
		link: undefined,
		chain: undefined,
		again: undefined,
		offer: offers.find((offer) => offer.round === played + 1),
		choosing: undefined,
		answered: record.recovering ? undefined : rounds.find((answer) => answer.round === played + 1),
		reason: rounds.find((answer) => answer.round === played)?.reason,
		acknowledged: 0,
	};
}

/** What a crash interrupted. */
export function resumeUser(play: UserPlay): PlayEffect[] {
	const { record, answered } = play;
	const messages: Message[] = [];
	if (answered) messages.push(roundMessage(record.channel, answered.tally));
	else if (record.leaving?.tally && !record.leaving.user)
		messages.push(closeMessage(record.channel, record.leaving.tally));
	return messages.length > 0 ? [{ kind: 'sign', messages }] : [];
}

/** When `wake` is due. An answer that waits for a look at the chain is written by that look. */
export const userWake = (play: UserPlay): Millis | undefined => {
	const { choosing, again } = play;
	const decided = choosing && playable(play, choosing.until) !== 'unread' ? choosing.until : undefined;
	const times = [decided, again].filter((time) => time !== undefined);
	return times.length > 0 ? Math.min(...times) : undefined;
};

export function stepUser(play: UserPlay, event: UserEvent, now: Millis, seals: Seals): Step {
	const [next, effects] = react(play, event, now, seals);
	return [repeating(next, wantsAnswer(next, now), now), effects];
}

/** Signed that this tally is the last one. */
const hasSignedClose = ({ record }: UserPlay): boolean => record.leaving?.tally !== undefined;

function react(play: UserPlay, event: UserEvent, now: Millis, seals: Seals): Step {
	switch (event.kind) {
		case 'link-up':
			return linkUp(play, event.transport);
		case 'link-down':
			return [{ ...play, link: undefined }, []];
		case 'frame':
			return read(play, event, now, seals);
		case 'choose':
			return choose(play, event, now);
		case 'undo':
			return [{ ...play, choosing: undefined }, []];
		case 'confirm':
			return play.choosing ? write(play, { ...play.choosing, until: now }, now) : [play, []];
		case 'approved':
			return approved(play, event);
		case 'mismatch':
			return mismatched(play, event.round);
		case 'taken':
			return [
				{ ...play, answered: event.existing },
				[{ kind: 'sign', messages: [roundMessage(play.record.channel, event.existing.tally)] }],
			];
		case 'signed':
			return event.messages.reduce<Step>(
				([at, effects], message, index) => {
					const signature = event.signatures[index];
					const [next, more] = signature ? signed(at, message, signature) : ([at, []] as Step);
					return [next, [...effects, ...more]];
				},
				[play, []],
			);
		case 'chain':
			return look(play, event, now);
		case 'leave':
			return leave(play, now);
		case 'contest':
			// An answer that is written will be signed: it belongs to the claim.
			return play.answered ? [play, []] : contest({ ...play, choosing: undefined }, now);
		case 'wake':
			return wake(play, now);
	}
}

function look(play: UserPlay, { standing, time }: Extract<UserEvent, { kind: 'chain' }>, now: Millis): Step {
	const [next, effects] = lookAtChain(play, { standing, time, at: now });
	const { choosing } = next;
	if (!choosing || now < choosing.until) return [next, effects];
	const [written, more] = write(next, choosing, now);
	return [written, [...effects, ...more]];
}

function approved(
	play: UserPlay,
	{ expiry, signature }: Pick<Extract<UserEvent, { kind: 'approved' }>, 'expiry' | 'signature'>,
): Step {
	if (play.record.stage !== 'approving' && play.record.stage !== 'opening') return [play, []];
	const record = { ...play.record, stage: 'opening' as const, approval: { expiry, signature } };
	return [{ ...play, record }, [saveChannel(record)]];
}

/** Bait and switch: the offer and what came stay as evidence, and the answer is the person's. */
function mismatched(play: UserPlay, number: number): Step {
	if (play.offer?.round !== number) return [play, []];
	const offer = { ...play.offer, mismatch: true };
	return [{ ...play, offer }, [{ kind: 'commit', writes: [{ op: 'put', table: 'offers', value: offer }] }]];
}

/** What is lost with a frame is repeated by the user alone; the suggester answers. */
function wantsAnswer(play: UserPlay, now: Millis): boolean {
	const { link, record, newest, acknowledged, offer, answered } = play;
	if (!link || record.stage === 'closed' || record.stage === 'cancelled') return false;
	if (!link.met) return true;
	if (newest && round(newest.tally) > acknowledged) return true;
	if (record.leaving?.user) return record.leaving.suggester === undefined;
	const playing = playable(play, now) !== 'over' && round(tallyOf(play)) < record.channel.rounds;
	return playing && !offer && !answered;
}

function wake(play: UserPlay, now: Millis): Step {
	const { choosing, again } = play;
	if (choosing && now >= choosing.until) return write(play, choosing, now);
	if (again === undefined || now < again) return [play, []];
	return [{ ...play, again: undefined }, repeat(play)];
}

function repeat(play: UserPlay): PlayEffect[] {
	const { link, newest, acknowledged, record } = play;
	if (!link) return [];
	if (!link.proved) return link.mine ? [{ kind: 'send', frame: initFrame(play, link.mine) }] : [];
	if (!link.met) return [{ kind: 'send', frame: hello(play) }];
	const effects: PlayEffect[] =
		newest && round(newest.tally) > acknowledged ? [sendChoice(play, newest)] : [];
	// The proof comes along: a suggester that lost its offer cannot know its own hand in a choice.
	effects.push({ kind: 'send', frame: hello(play) });
	if (record.leaving?.user) effects.push(sendBye(play));
	return effects;
}

function choose(
	play: UserPlay,
	{ round: number, reaction, reason }: Extract<UserEvent, { kind: 'choose' }>,
	now: Millis,
): Step {
	const { record, offer, answered } = play;
	// A wallet that was asked to sign a round and did not is asked again, for the same answer only.
	if (answered) return [play, resumeUser(play)];
	const playing = playable(play, now) !== 'over' && !record.recovering && !hasSignedClose(play);
	return playing && offer?.round === number
		? [{ ...play, choosing: { reaction, reason, until: now + undoMs } }, []]
		: [play, []];
}

/** The undo time is over: the answer is written, once and for all, and only then signed. */
function write(play: UserPlay, choosing: NonNullable<UserPlay['choosing']>, now: Millis): Step {
	const { record, offer } = play;
	const { reaction, reason } = choosing;
	const idle = { ...play, choosing: undefined };
	const playing = playable(play, now);
	if (!offer || playing === 'over' || record.recovering) return [idle, []];
	if (playing === 'unread') return [{ ...play, choosing }, []];
	const { role, id } = record;
	const tally = after(tallyOf(play), reaction);
	const answered: RoundRecord = {
		role,
		id,
		round: offer.round,
		kind: reaction,
		tally,
		at: now,
		...(reason === undefined ? {} : { reason }),
	};
	return [
		{ ...idle, answered },
		[
			{ kind: 'commit', writes: [{ op: 'add', table: 'rounds', value: answered }] },
			{ kind: 'sign', messages: [roundMessage(record.channel, tally)] },
		],
	];
}

function signed(play: UserPlay, message: Message, signature: Signature): Step {
	if (message.primaryType === 'Init') {
		const { link } = play;
		if (link?.transport !== message.transport) return [play, []];
		return [
			{ ...play, link: { ...link, mine: signature } },
			[{ kind: 'send', frame: initFrame(play, signature) }],
		];
	}
	if (message.primaryType === 'Round') return roundSigned(play, message.tally, signature);
	if (message.primaryType === 'Close') return closeSigned(play, message.tally, signature);
	return [play, []];
}

function roundSigned(play: UserPlay, tally: Tally, user: Signature): Step {
	const { answered, offer, record } = play;
	const suggester = answered && offer?.signed?.[answered.kind];
	if (!suggester || offer.round !== answered.round || !sameTally(tally, answered.tally)) return [play, []];
	const { role, id } = record;
	const newest: CoSigned = { tally, user, suggester };
	const next: UserPlay = { ...play, newest, answered: undefined, offer: undefined, reason: answered.reason };
	const effects: PlayEffect[] = [
		{
			kind: 'commit',
			writes: [{ op: 'put', table: 'states', value: { role, id, round: answered.round, ...newest } }],
		},
	];
	if (play.link?.met) effects.push(sendChoice(next, newest));
	const [closing, more] = signClose(next);
	return [closing, [...effects, ...more]];
}

function sendChoice({ reason }: UserPlay, { tally, user }: CoSigned): PlayEffect {
	return {
		kind: 'send',
		frame: {
			kind: 'Choice',
			rewarded: tally.rewarded,
			burned: tally.burned,
			signature: user,
			...(reason === undefined ? {} : { reason }),
		},
	};
}

/** The person wants to leave, or agrees that the suggester leaves. */
function leave(play: UserPlay, now: Millis): Step {
	const { record } = play;
	if (record.stage !== 'open' || record.leaving?.tally) return [play, []];
	const leaving = record.leaving ?? { by: 'user' as const, since: now, agreed: true };
	const next: UserPlay = {
		...play,
		choosing: undefined,
		record: { ...record, leaving: { ...leaving, agreed: true } },
	};
	const [closing, effects] = signClose(next);
	return [closing, [saveChannel(closing.record), ...effects]];
}

/**
 * Signs the newest state as the last one, as soon as it is known for sure: an answer that is written is signed
 * first, and after a loss of data the suggester says where the channel stands.
 */
function signClose(play: UserPlay): Step {
	const { record, answered, link } = play;
	const { leaving, channel } = record;
	if (!leaving?.agreed || answered || (record.recovering && !link?.met)) return [play, []];
	const tally = tallyOf(play);
	if (leaving.tally && sameTally(leaving.tally, tally)) return [play, []];
	const { by, since } = leaving;
	const next = { ...record, leaving: { by, since, agreed: true, tally } };
	return [
		{ ...play, record: next },
		[saveChannel(next), { kind: 'sign', messages: [closeMessage(channel, tally)] }],
	];
}

function closeSigned(play: UserPlay, tally: Tally, user: Signature): Step {
	const { record, link } = play;
	if (!record.leaving?.tally || !sameTally(record.leaving.tally, tally)) return [play, []];
	const next = { ...play, record: { ...record, leaving: { ...record.leaving, user } } };
	return [next, [saveChannel(next.record), ...(link?.met ? [sendBye(next)] : [])]];
}

function sendBye({ record }: UserPlay): PlayEffect {
	const { tally = { rewarded: 0, burned: 0 }, user } = record.leaving ?? {};
	return { kind: 'send', frame: { kind: 'ChannelBye', ...tally, ...(user ? { signature: user } : {}) } };
}

function read(
	play: UserPlay,
	{ frame }: Extract<UserEvent, { kind: 'frame' }>,
	now: Millis,
	seals: Seals,
): Step {
	const { link, record } = play;
	if (!link) return [play, []];
	if (frame.kind === 'Init') {
		if (!provesKey(play, frame.signature, seals))
			return [play, [{ kind: 'hang-up', reason: 'its init is not for this channel on this link' }]];
		if (link.proved) return [play, []];
		return [{ ...play, link: { ...link, proved: true } }, [{ kind: 'send', frame: hello(play) }]];
	}
	if (!link.proved) return [play, []];
	switch (frame.kind) {
		case 'ChannelHello':
			return readHello(play, frame, seals);
		case 'Suggestion': {
			const playing = playable(play, now) !== 'over' && !record.recovering && !hasSignedClose(play);
			if (!link.met || !playing) return [play, []];
			const [offer, effects] = readOffer(play, frame, now, seals);
			if (!offer) return [play, effects];
			// It builds on the newest state, so that the suggester has it.
			return [{ ...play, offer, acknowledged: frame.round - 1 }, effects];
		}
		case 'ChannelBye': {
			if (record.leaving || record.stage !== 'open') return [play, []];
			const next = { ...record, leaving: { by: 'suggester' as const, since: now, agreed: false } };
			return [{ ...play, record: next }, [saveChannel(next)]];
		}
		case 'Closed':
			return readClosed(play, frame, seals);
		default:
			return [play, []];
	}
}

function readHello(play: UserPlay, frame: ChannelFrameOf<'ChannelHello'>, seals: Seals): Step {
	const { link, newest, answered, offer, record } = play;
	if (!link) return [play, []];
	const shown = shownBy(frame);
	const theirs = shown && readCoSigned(seals, record.channel, shown);
	const known = theirs ? round(theirs.tally) : 0;
	const met: UserPlay = { ...play, link: { ...link, met: true } };
	if (theirs && known > round(tallyOf(play))) {
		const [adopted, effects] = adopt(met, theirs);
		const forgotten: UserPlay = {
			...adopted,
			acknowledged: known,
			choosing: undefined,
			answered: answered && answered.round > known ? answered : undefined,
			offer: offer && offer.round > known ? offer : undefined,
		};
		const [closing, more] = signClose(forgotten);
		return [closing, [...effects, ...more]];
	}
	const next: UserPlay = { ...met, acknowledged: Math.max(play.acknowledged, known) };
	const effects = newest && round(newest.tally) > next.acknowledged ? [sendChoice(next, newest)] : [];
	if (link.met) return [next, effects];
	if (record.leaving?.user) effects.push(sendBye(next));
	const [closing, more] = signClose(next);
	return [closing, [...effects, ...more]];
}

function readClosed(play: UserPlay, frame: ChannelFrameOf<'Closed'>, seals: Seals): Step {
	const { record } = play;
	const { leaving, channel } = record;
	const { rewarded, burned, signature } = frame;
	if (!leaving?.tally || leaving.suggester || !sameTally(leaving.tally, { rewarded, burned }))
		return [play, []];
	if (!seals.signedBy(channel.suggesterKey, closeMessage(channel, leaving.tally), signature))
		return [play, []];
	const next = { ...record, leaving: { ...leaving, suggester: signature } };
	return [{ ...play, record: next }, [saveChannel(next)]];
}
