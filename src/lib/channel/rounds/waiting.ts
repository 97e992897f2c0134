import type { Millis } from '#lib/core/brand.ts';
import { round } from '../channel.ts';
import { challengeOf, closeOf, finishOf } from './dispute.ts';
import { playable, tallyOf, type Play } from './play.ts';
import type { SuggesterPlay } from './suggester.ts';
import type { UserPlay } from './user.ts';

/** Who acts next, until when, and what happens if nobody does. Codes: the interface owns the words. */
export interface ChannelWaiting {
	readonly actor: 'you' | 'suggester' | 'user' | 'wallet' | 'chain' | 'this-device' | 'nobody';
	readonly step:
		| 'reach-suggester'
		| 'give-approval'
		| 'confirm-open'
		| 'mine-open'
		| 'approve-request'
		| 'connect'
		| 'send-offer'
		| 'send-picture'
		| 'choose'
		| 'undo'
		| 'read-chain'
		| 'confirm-round'
		| 'take-choice'
		| 'add-pictures'
		| 'sign-close'
		| 'submit-close'
		| 'mine-close'
		| 'challenge'
		| 'affirm'
		| 'wait-window'
		| 'finish'
		| 'send-proof'
		| 'leave';
	readonly until?: Millis;
	readonly otherwise:
		| 'nothing'
		| 'retry'
		| 'forgotten'
		| 'ask-again'
		/** Leave alone, with the bond. */
		| 'leave-alone'
		| 'signed'
		| 'claim-stands'
		| 'offline-risk';
}

/** After this long without an answer, leaving alone is the better way, ms. */
export const patienceMs = 10 * 60_000;

/** A contested close: the same for both sides. */
function disputed(play: Play): ChannelWaiting | undefined {
	const { chain, record } = play;
	if (chain?.standing.phase !== 'closing') return undefined;
	const { closer, deadline } = chain.standing;
	const until = deadline * 1_000;
	if (finishOf(play)) return { actor: 'you', step: 'finish', otherwise: 'nothing' };
	if (closer === record.role)
		return {
			actor: closer === 'user' ? 'suggester' : 'user',
			step: 'wait-window',
			until,
			otherwise: 'claim-stands',
		};
	return challengeOf(play)
		? { actor: 'you', step: 'challenge', until, otherwise: 'claim-stands' }
		: { actor: 'you', step: 'affirm', until, otherwise: 'claim-stands' };
}

export function userWaiting(play: UserPlay, contentReady: boolean): ChannelWaiting | undefined {
	const { record, link, offer, choosing, answered, newest, acknowledged } = play;
	if (record.stage !== 'open') return undefined;
	const dispute = disputed(play);
	if (dispute) return dispute;
	if (closeOf(play)) return { actor: 'suggester', step: 'submit-close', otherwise: 'nothing' };
	const { leaving } = record;
	if (leaving?.tally)
		return leaving.user
			? {
					actor: 'suggester',
					step: 'sign-close',
					until: leaving.since + patienceMs,
					otherwise: 'leave-alone',
				}
			: { actor: 'wallet', step: 'sign-close', otherwise: 'retry' };
	if (leaving?.agreed) return { actor: 'suggester', step: 'send-proof', otherwise: 'leave-alone' };
	if (record.recovering)
		return link?.met
			? { actor: 'you', step: 'leave', otherwise: 'nothing' }
			: { actor: 'suggester', step: 'send-proof', otherwise: 'retry' };
	if (choosing && playable(play, choosing.until) === 'unread')
		return { actor: 'chain', step: 'read-chain', otherwise: 'retry' };
	if (choosing) return { actor: 'you', step: 'undo', until: choosing.until, otherwise: 'signed' };
	if (answered) return { actor: 'wallet', step: 'confirm-round', otherwise: 'retry' };
	if (leaving && !offer) return { actor: 'you', step: 'sign-close', otherwise: 'nothing' };
	if (offer) {
		if (contentReady || offer.mismatch) return { actor: 'you', step: 'choose', otherwise: 'nothing' };
		return { actor: 'suggester', step: 'send-picture', otherwise: link ? 'nothing' : 'retry' };
	}
	if (!link) return { actor: 'suggester', step: 'connect', otherwise: 'retry' };
	if (newest && round(newest.tally) > acknowledged)
		return { actor: 'suggester', step: 'take-choice', otherwise: 'retry' };
	if (round(tallyOf(play)) >= record.channel.rounds)
		return { actor: 'you', step: 'leave', otherwise: 'nothing' };
	return { actor: 'suggester', step: 'send-offer', otherwise: 'nothing' };
}

export function suggesterWaiting(play: SuggesterPlay): ChannelWaiting | undefined {
	const { record, link, offer, queue } = play;
	if (record.stage !== 'open') return undefined;
	const dispute = disputed(play);
	if (dispute) return dispute;
	if (closeOf(play)) return { actor: 'this-device', step: 'submit-close', otherwise: 'nothing' };
	const { leaving } = record;
	if (leaving?.by === 'suggester' && !leaving.user)
		return { actor: 'user', step: 'sign-close', until: leaving.since + patienceMs, otherwise: 'leave-alone' };
	if (record.recovering)
		return link?.met
			? { actor: 'you', step: 'leave', otherwise: 'nothing' }
			: { actor: 'user', step: 'send-proof', otherwise: 'retry' };
	if (!link) return { actor: 'user', step: 'connect', otherwise: 'nothing' };
	if (offer) return { actor: 'user', step: 'choose', otherwise: 'nothing' };
	if (round(tallyOf(play)) >= record.channel.rounds)
		return { actor: 'you', step: 'leave', otherwise: 'nothing' };
	if (!play.chain) return { actor: 'chain', step: 'read-chain', otherwise: 'retry' };
	return queue === 'out'
		? { actor: 'you', step: 'add-pictures', otherwise: 'nothing' }
		: { actor: 'this-device', step: 'send-offer', otherwise: 'retry' };
}
