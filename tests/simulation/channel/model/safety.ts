import { round, type Party, type Tally } from '#lib/channel/channel.ts';
import { sameTally } from '#lib/channel/rounds/play.ts';
import type { Message } from '#lib/channel/typed-data.ts';
import type { ChannelFrame } from '#lib/channel/wire/frames.ts';
import type { Disk } from '../disk.ts';
import type { ModelState } from './state.ts';

/**
 * What must hold at every step; each returns what is wrong, or nothing. Only what is on disk is signed, and what is on
 * disk never changes: so nothing is ever signed twice, whatever is forgotten.
 */

export function signedWrongly(
	by: Party,
	message: Message,
	{ rounds, offers, record }: Disk,
): string | undefined {
	switch (message.primaryType) {
		case 'Round':
			// The suggester signs both outcomes of its offer, and is held to the offer.
			return by === 'suggester' || same(rounds.get(round(message.tally))?.tally, message.tally)
				? undefined
				: `an answer to round ${round(message.tally)} is signed that is not on disk`;
		case 'Offer':
			return offers.get(message.offer.round)?.offer.sha256 === message.offer.sha256
				? undefined
				: `an offer of round ${message.offer.round} is signed that is not on disk`;
		case 'Close':
			return same(record.leaving?.tally, message.tally)
				? undefined
				: 'a last state is signed that is not on disk';
		case 'Init':
		case 'Approval':
			return undefined;
	}
}

/** A frame leaves: only with signatures that are on disk. */
export function sentEarly(frame: ChannelFrame, { states, offers, record }: Disk): string | undefined {
	if (frame.kind === 'Choice' && !states.has(round(frame))) return 'an answer leaves that is not on disk';
	if (frame.kind === 'Suggestion' && !offers.get(frame.round)?.signed)
		return 'a suggestion leaves that is not on disk';
	if (frame.kind === 'Closed' && !record.leaving?.suggester) return 'a last state leaves that is not on disk';
	if (frame.kind === 'ChannelBye' && frame.signature && !record.leaving?.user)
		return 'consent leaves that is not on disk';
	return undefined;
}

/** A disk before and after a step: answers, offers, states and the last state stay as they were written. */
export function overwritten(before: Disk, after: Disk): string | undefined {
	for (const [number, { tally }] of before.rounds)
		if (!same(after.rounds.get(number)?.tally, tally)) return `the answer to round ${number} is overwritten`;
	for (const [number, { tally }] of before.states)
		if (!same(after.states.get(number)?.tally, tally)) return `the state of round ${number} is overwritten`;
	for (const [number, { offer }] of before.offers)
		if (after.offers.get(number)?.offer.sha256 !== offer.sha256)
			return `the offer of round ${number} is overwritten`;
	const last = before.record.leaving?.tally;
	return last && !same(after.record.leaving?.tally, last) ? 'the last state is overwritten' : undefined;
}

/** Both disks together: every round adds one answer, and nobody knows another state of a round than the other. */
export function countedWrongly({ user, suggester, closed }: ModelState): string | undefined {
	for (const { disk } of [user, suggester]) {
		for (const [number, { tally }] of disk.states) {
			if (round(tally) !== number) return `the state of round ${number} counts ${round(tally)}`;
			const before = disk.states.get(number - 1)?.tally;
			if (before && (before.rewarded > tally.rewarded || before.burned > tally.burned))
				return `round ${number} takes back what was answered`;
		}
		if (disk.record.conflict) return 'the user is shown to have answered a round twice';
	}
	for (const [number, { tally }] of user.disk.states) {
		const theirs = suggester.disk.states.get(number)?.tally;
		if (theirs && !sameTally(theirs, tally)) return `both sides know another round ${number}`;
		if (!same(user.disk.rounds.get(number)?.tally, tally)) return `round ${number} is not what was answered`;
	}
	const last = user.disk.record.leaving?.tally;
	return closed && last && round(last) < Math.max(0, ...user.disk.rounds.keys())
		? 'the channel ends before an answer that is on disk'
		: undefined;
}

const same = (tally: Tally | undefined, other: Tally): boolean =>
	tally !== undefined && sameTally(tally, other);
