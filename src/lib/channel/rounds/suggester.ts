import type { Millis } from '#lib/core/brand.ts';
import { round, type Tally } from '../channel.ts';
import type { Signature } from '../signature.ts';
import type { Message, Offer } from '../typed-data.ts';
import type { ChannelFrameOf } from '../wire/frames.ts';
import { closeOf, contest, lookAtChain } from './dispute.ts';
import { offerMessages, suggestionOf } from './offer.ts';
import {
	adopt,
	after,
	closeMessage,
	hello,
	initFrame,
	initOf,
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
import type { CoSigned, Kept, OfferRecord, Reaction } from './records.ts';

/** The suggester's side of one channel. It answers; what gets lost is repeated by the user. */
export interface SuggesterPlay extends Play {
	/** The one suggestion that waits for an answer. */
	readonly offer: OfferRecord | undefined;
	/** `asked`: the queue is looking for a picture. `out`: it has none that this user has not seen. */
	readonly queue: 'idle' | 'asked' | 'out';
}

export type SuggesterEvent =
	| PlayEvent
	| { readonly kind: 'picture'; readonly offer: Omit<Offer, 'round'>; readonly url?: string }
	| { readonly kind: 'no-picture' }
	/** There are new pictures. */
	| { readonly kind: 'pictures' };

type Step = [SuggesterPlay, PlayEffect[]];

/** The suggester's side as its records tell it. */
export function loadSuggester({ record, offers, states }: Kept): SuggesterPlay {
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
		queue: 'idle',
	};
}

/** What a crash interrupted. */
export function resumeSuggester(play: SuggesterPlay): PlayEffect[] {
	const { offer, record } = play;
	const messages: Message[] = [];
	if (offer && !offer.signed) messages.push(...offerMessages(record.channel, tallyOf(play), offer.offer));
	const { tally, user, suggester } = record.leaving ?? {};
	if (tally && user && !suggester) messages.push(closeMessage(record.channel, tally));
	return messages.length > 0 ? [{ kind: 'sign', messages }] : [];
}

/** When `wake` is due. */
export const suggesterWake = ({ again }: SuggesterPlay): Millis | undefined => again;

export function stepSuggester(play: SuggesterPlay, event: SuggesterEvent, now: Millis, seals: Seals): Step {
	const [next, effects] = react(play, event, now, seals);
	const asking =
		next.link?.met === true && next.record.leaving?.by === 'suggester' && !next.record.leaving.user;
	return [repeating(next, asking, now), effects];
}

function react(play: SuggesterPlay, event: SuggesterEvent, now: Millis, seals: Seals): Step {
	switch (event.kind) {
		case 'link-up':
			return [
				{ ...play, link: { transport: event.transport, mine: undefined, proved: false, met: false } },
				[],
			];
		case 'link-down':
			return [{ ...play, link: undefined }, []];
		case 'frame':
			return read(play, event, now, seals);
		case 'signed':
			return signed(play, event.messages, event.signatures);
		case 'picture':
			return offerPicture(play, event, now);
		case 'no-picture':
			// The user learns that its answer arrived, though nothing builds on it yet.
			return [{ ...play, queue: 'out' }, play.link?.met ? [{ kind: 'send', frame: hello(play) }] : []];
		case 'pictures':
			return serve({ ...play, queue: play.queue === 'out' ? 'idle' : play.queue }, now);
		case 'chain':
			return look(play, event, now);
		case 'leave':
			return leave(play, now);
		case 'contest':
			return contest(play, now);
		case 'wake':
			return play.again !== undefined && now >= play.again
				? [{ ...play, again: undefined }, [askToLeave(play)]]
				: [play, []];
		case 'taken':
			// Only one process serves a channel; what stands is what was answered.
			return [play, [{ kind: 'hang-up', reason: 'another tab serves this channel' }]];
	}
}

function look(
	play: SuggesterPlay,
	{ standing, time }: Extract<SuggesterEvent, { kind: 'chain' }>,
	now: Millis,
): Step {
	const [next, effects] = lookAtChain(play, { standing, time, at: now });
	// Whoever came before the chain was read waits for this.
	const [served, more] = serve(next, now);
	return [served, [...effects, ...more]];
}

/** Whether a next suggestion may be made: one at a time, never beyond the deposits, never after a loss of data. */
function mayOffer(play: SuggesterPlay, now: Millis): boolean {
	const { link, record, offer } = play;
	return (
		link?.met === true &&
		playable(play, now) === 'open' &&
		!record.recovering &&
		!record.leaving &&
		!offer &&
		round(tallyOf(play)) < record.channel.rounds
	);
}

function serve(play: SuggesterPlay, now: Millis): Step {
	return mayOffer(play, now) && play.queue === 'idle'
		? [{ ...play, queue: 'asked' }, [{ kind: 'next-picture' }]]
		: [play, []];
}

/** The offer is kept before it is signed, so that a round is never offered twice with different pictures. */
function offerPicture(
	play: SuggesterPlay,
	{ offer: picture, url }: Extract<SuggesterEvent, { kind: 'picture' }>,
	now: Millis,
): Step {
	const idle: SuggesterPlay = { ...play, queue: 'idle' };
	if (!mayOffer(idle, now)) return [idle, []];
	const { role, id, channel } = play.record;
	const before = tallyOf(play);
	const offer: OfferRecord = {
		role,
		id,
		round: round(before) + 1,
		offer: { round: round(before) + 1, ...picture },
		...(url === undefined ? {} : { url }),
		at: now,
		mismatch: false,
	};
	return [
		{ ...idle, offer },
		[
			{ kind: 'commit', writes: [{ op: 'add', table: 'offers', value: offer }] },
			{ kind: 'sign', messages: offerMessages(channel, before, offer.offer) },
		],
	];
}

function signed(play: SuggesterPlay, messages: readonly Message[], signatures: readonly Signature[]): Step {
	const [first] = messages;
	let at = play;
	const effects: PlayEffect[] = [];
	if (first?.primaryType === 'Round') {
		const [next, more] = offerSigned(at, messages, signatures);
		at = next;
		effects.push(...more);
	}
	for (const [index, message] of messages.entries()) {
		const signature = signatures[index];
		if (!signature) continue;
		if (message.primaryType === 'Init' && at.link?.transport === message.transport) {
			at = { ...at, link: { ...at.link, mine: signature } };
			effects.push({ kind: 'send', frame: initFrame(at, signature) });
		}
		if (message.primaryType === 'Close') {
			const [next, more] = closeSigned(at, message.tally, signature);
			at = next;
			effects.push(...more);
		}
	}
	return [at, effects];
}

function offerSigned(
	play: SuggesterPlay,
	messages: readonly Message[],
	signatures: readonly Signature[],
): Step {
	const { offer } = play;
	const [reward, burn, content] = signatures;
	const named = messages[2];
	if (!offer || !reward || !burn || !content || named?.primaryType !== 'Offer') return [play, []];
	if (named.offer.round !== offer.round || named.offer.sha256 !== offer.offer.sha256) return [play, []];
	const ready: OfferRecord = { ...offer, signed: { offer: content, reward, burn } };
	const effects: PlayEffect[] = [{ kind: 'commit', writes: [{ op: 'put', table: 'offers', value: ready }] }];
	const next = { ...play, offer: ready };
	return [next, [...effects, ...sendOffer(next)]];
}

function sendOffer({ offer, link }: SuggesterPlay): PlayEffect[] {
	const frame = offer && suggestionOf(offer);
	return frame && link?.met ? [{ kind: 'send', frame }] : [];
}

function closeSigned(play: SuggesterPlay, tally: Tally, suggester: Signature): Step {
	const { leaving } = play.record;
	if (!leaving?.tally || !sameTally(leaving.tally, tally)) return [play, []];
	const next = { ...play, record: { ...play.record, leaving: { ...leaving, suggester } } };
	const effects: PlayEffect[] = [saveChannel(next.record), ...sendClosed(next)];
	const call = closeOf(next);
	if (call) effects.push({ kind: 'submit', call });
	return [next, effects];
}

function sendClosed({ record, link }: SuggesterPlay): PlayEffect[] {
	const { tally, suggester } = record.leaving ?? {};
	if (!tally || !suggester || !link?.met) return [];
	return [{ kind: 'send', frame: { kind: 'Closed', ...tally, signature: suggester } }];
}

function leave(play: SuggesterPlay, now: Millis): Step {
	const { record } = play;
	if (record.stage !== 'open' || record.leaving) return [play, []];
	const next: SuggesterPlay = {
		...play,
		record: { ...record, leaving: { by: 'suggester', since: now, agreed: true } },
	};
	return [next, [saveChannel(next.record), ...(play.link?.met ? [askToLeave(next)] : [])]];
}

/** Unsigned: an answer may be on its way, so that only the user knows which state is the last. */
function askToLeave(play: SuggesterPlay): PlayEffect {
	return { kind: 'send', frame: { kind: 'ChannelBye', ...tallyOf(play) } };
}

function read(
	play: SuggesterPlay,
	{ frame }: Extract<SuggesterEvent, { kind: 'frame' }>,
	now: Millis,
	seals: Seals,
): Step {
	const { link, record } = play;
	if (!link) return [play, []];
	if (frame.kind === 'Init') {
		if (!provesKey(play, frame.signature, seals))
			return [play, [{ kind: 'hang-up', reason: 'its init is not for this channel on this link' }]];
		const proved = { ...play, link: { ...link, proved: true } };
		const answer: PlayEffect = link.mine
			? { kind: 'send', frame: initFrame(play, link.mine) }
			: { kind: 'sign', messages: [initOf(record.channel, link.transport)] };
		return [proved, [answer]];
	}
	if (!link.proved) return [play, []];
	if (frame.kind === 'ChannelHello') return readHello(play, frame, now, seals);
	if (!link.met) return [play, []];
	if (frame.kind === 'Choice') return readChoice(play, frame, now, seals);
	if (frame.kind === 'ChannelBye') return readBye(play, frame, now, seals);
	return [play, []];
}

/** The user says where it stands; it is told the same, and then gets what it waits for. */
function readHello(
	play: SuggesterPlay,
	frame: ChannelFrameOf<'ChannelHello'>,
	now: Millis,
	seals: Seals,
): Step {
	const { link, record, offer } = play;
	if (!link) return [play, []];
	const shown = shownBy(frame);
	const theirs = shown && readCoSigned(seals, record.channel, shown);
	let at: SuggesterPlay = { ...play, link: { ...link, met: true } };
	const effects: PlayEffect[] = [];
	if (theirs && round(theirs.tally) > round(tallyOf(play))) {
		const [next, more] = answers(play, theirs.tally) ? take(at, theirs, undefined, now) : adopt(at, theirs);
		at = { ...next, offer: offer && offer.round > round(theirs.tally) ? offer : undefined };
		effects.push(...more);
	} else if (theirs) {
		const [next, more] = compare(at, theirs);
		at = next;
		effects.push(...more);
	}
	effects.push({ kind: 'send', frame: hello(at) });
	if (at.record.leaving) {
		effects.push(
			...(at.record.leaving.suggester ? sendClosed(at) : at.record.leaving.user ? [] : [askToLeave(at)]),
		);
		return [at, effects];
	}
	if (at.offer) return [at, [...effects, ...sendOffer(at)]];
	const [next, more] = serve(at, now);
	return [next, [...effects, ...more]];
}

/** Whether a tally is one of the two outcomes of the open offer. */
const answers = (play: SuggesterPlay, tally: Tally): Reaction | undefined =>
	play.offer?.signed === undefined
		? undefined
		: (['reward', 'burn'] as const).find((kind) => sameTally(after(tallyOf(play), kind), tally));

/** The answer is in: kept before anything builds on it. */
function take(play: SuggesterPlay, state: CoSigned, reason: string | undefined, now: Millis): Step {
	const { role, id } = play.record;
	const kind = answers(play, state.tally);
	if (!kind) return [play, []];
	const number = round(state.tally);
	const told = reason === undefined ? {} : { reason };
	return [
		{ ...play, newest: state, offer: undefined },
		[
			{
				kind: 'commit',
				writes: [
					{
						op: 'add',
						table: 'rounds',
						value: { role, id, round: number, kind, tally: state.tally, at: now, ...told },
					},
					{ op: 'put', table: 'states', value: { role, id, round: number, ...state } },
				],
			},
		],
	];
}

/** Another answer to the newest round is kept: shown on chain it costs the user its bond. */
function compare(play: SuggesterPlay, { tally, user }: Pick<CoSigned, 'tally' | 'user'>): Step {
	const mine = tallyOf(play);
	if (round(tally) !== round(mine) || sameTally(tally, mine)) return [play, []];
	if (play.record.conflict) return [play, []];
	const record = { ...play.record, conflict: { tally, user } };
	return [{ ...play, record }, [saveChannel(record)]];
}

function readChoice(
	play: SuggesterPlay,
	{ rewarded, burned, signature: user, reason }: ChannelFrameOf<'Choice'>,
	now: Millis,
	seals: Seals,
): Step {
	const { record, offer, newest } = play;
	const tally = { rewarded, burned };
	const number = round(tally);
	if (newest && number === round(newest.tally)) {
		if (sameTally(tally, newest.tally)) return [play, [{ kind: 'send', frame: hello(play) }]];
		const message = roundMessage(record.channel, tally);
		// Only one of two outcomes this side signed itself can be a conflict.
		return seals.signedBy(record.channel.userKey, message, user)
			? compare(play, { tally, user })
			: [play, []];
	}
	const kind = answers(play, tally);
	if (!kind || !offer?.signed) return [play, []];
	if (!seals.signedBy(record.channel.userKey, roundMessage(record.channel, tally), user))
		return [play, [{ kind: 'hang-up', reason: 'a choice with a wrong signature' }]];
	const [taken, effects] = take(play, { tally, user, suggester: offer.signed[kind] }, reason, now);
	const [next, more] = serve({ ...taken, queue: 'idle' }, now);
	return [next, [...effects, ...(more.length > 0 ? more : [{ kind: 'send' as const, frame: hello(next) }])]];
}

function readBye(
	play: SuggesterPlay,
	{ rewarded, burned, signature: user }: ChannelFrameOf<'ChannelBye'>,
	now: Millis,
	seals: Seals,
): Step {
	const { record } = play;
	const { channel, leaving } = record;
	const tally = { rewarded, burned };
	if (!user || record.stage !== 'open') return [play, []];
	// One of the two is behind: it says so, and the user's answer or its better memory follows.
	if (!sameTally(tally, tallyOf(play))) return [play, [{ kind: 'send', frame: hello(play) }]];
	if (leaving?.tally && leaving.suggester && sameTally(leaving.tally, tally)) return [play, sendClosed(play)];
	const message = closeMessage(channel, tally);
	if (!seals.signedBy(channel.userKey, message, user)) return [play, []];
	const next = {
		...record,
		leaving: {
			by: leaving?.by ?? ('user' as const),
			since: leaving?.since ?? now,
			agreed: true,
			tally,
			user,
		},
	};
	return [{ ...play, record: next }, [saveChannel(next), { kind: 'sign', messages: [message] }]];
}
