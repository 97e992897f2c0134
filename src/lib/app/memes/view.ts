import type { Address } from '#lib/channel/address.ts';
import { round, type Party } from '#lib/channel/channel.ts';
import { tallyOf, type Play } from '#lib/channel/rounds/play.ts';
import type { OfferRecord, RoundRecord } from '#lib/channel/rounds/records.ts';
import { suggesterWaiting, userWaiting, type ChannelWaiting } from '#lib/channel/rounds/waiting.ts';
import { split } from '#lib/channel/settlement.ts';
import type { ChannelState, ChannelView, RoundView, TransactionView } from './protocol.ts';
import type { SuggesterSeat } from './suggester-seat.ts';
import type { UserSeat } from './user-seat.ts';

/** What was played, which only grows: kept beside the machines, which know the newest round only. */
export class History {
	readonly #offers = new Map<string, OfferRecord>();
	readonly #rounds = new Map<string, RoundRecord[]>();

	add(offers: readonly OfferRecord[], rounds: readonly RoundRecord[]): void {
		for (const offer of offers) this.#offers.set(`${offer.role} ${offer.id} ${offer.round}`, offer);
		for (const row of rounds) {
			const list = this.#rounds.get(`${row.role} ${row.id}`) ?? [];
			if (!list.some((known) => known.round === row.round)) list.push(row);
			this.#rounds.set(`${row.role} ${row.id}`, list);
		}
	}

	rounds(role: Party, id: string): readonly RoundRecord[] {
		return this.#rounds.get(`${role} ${id}`) ?? [];
	}

	offer(role: Party, id: string, number: number): OfferRecord | undefined {
		return this.#offers.get(`${role} ${id} ${number}`);
	}

	views(role: Party, id: string, acknowledged: number): RoundView[] {
		return this.rounds(role, id).map(({ round: number, kind, at, reason }) => {
			const offer = this.offer(role, id, number);
			return {
				round: number,
				kind,
				at,
				...(reason === undefined ? {} : { reason }),
				sha256: offer?.offer.sha256 ?? '0x',
				mime: offer?.offer.mime ?? '',
				kept: offer !== undefined && !offer.mismatch,
				mismatch: offer?.mismatch ?? false,
				acknowledged: number <= acknowledged,
			};
		});
	}
}

function stateOf({ record, chain }: Play, refused: boolean): ChannelState {
	if (record.stage === 'approving') return refused ? 'refused' : 'approving';
	if (record.stage !== 'open') return record.stage;
	if (chain?.standing.phase === 'closing') return 'closing';
	return record.leaving ? 'leaving' : 'open';
}

function common(play: Play, transaction: TransactionView | undefined, refused = false) {
	const { record, chain } = play;
	const tally = record.settled ?? tallyOf(play);
	const { leaving, channel } = record;
	const mine = record.role === 'user' ? leaving?.user : leaving?.suggester;
	const theirs = record.role === 'user' ? leaving?.suggester : leaving?.user;
	return {
		id: record.id,
		role: record.role,
		channel,
		createdAt: record.createdAt,
		state: stateOf(play, refused),
		tally,
		roundsLeft: channel.rounds - round(tally),
		recovering: record.recovering,
		equivocated: record.conflict !== undefined,
		...(leaving
			? {
					leaving: {
						by: leaving.by,
						tally: leaving.tally ?? tally,
						mine: mine !== undefined,
						theirs: theirs !== undefined,
					},
				}
			: {}),
		...(chain ? { standing: chain.standing } : {}),
		...(transaction ? { transaction } : {}),
	};
}

/** Before the channel is open: approval, wallet, block. */
function openingWaiting(
	{ record }: Play,
	refusal: UserSeat['refusal'],
	transaction: TransactionView | undefined,
	linked: boolean,
): ChannelWaiting | undefined {
	switch (record.stage) {
		case 'approving':
			if (refusal)
				return refusal.retryAt === undefined
					? { actor: 'nobody', step: 'give-approval', otherwise: 'nothing' }
					: { actor: 'suggester', step: 'give-approval', until: refusal.retryAt, otherwise: 'ask-again' };
			return linked
				? { actor: 'suggester', step: 'give-approval', otherwise: 'nothing' }
				: { actor: 'suggester', step: 'reach-suggester', otherwise: 'retry' };
		case 'opening': {
			if (transaction?.state === 'sent') return { actor: 'chain', step: 'mine-open', otherwise: 'nothing' };
			const until = (record.approval?.expiry ?? 0) * 1_000;
			return {
				actor: transaction?.state === 'asking' ? 'wallet' : 'you',
				step: 'confirm-open',
				until,
				otherwise: 'ask-again',
			};
		}
		case 'requested':
			return { actor: 'suggester', step: 'approve-request', otherwise: 'nothing' };
		default:
			return undefined;
	}
}

const sending = (transaction: TransactionView | undefined): ChannelWaiting | undefined => {
	if (!transaction || transaction.state === 'failed' || transaction.call === 'open') return undefined;
	return transaction.state === 'asking'
		? { actor: 'wallet', step: 'submit-close', otherwise: 'nothing' }
		: { actor: 'chain', step: 'mine-close', otherwise: 'nothing' };
};

export function userView(
	seat: UserSeat,
	history: History,
	transaction: TransactionView | undefined,
): ChannelView {
	const { play, content, refusal } = seat;
	const { offer, choosing, record } = play;
	const waiting =
		sending(transaction) ??
		openingWaiting(play, refusal, transaction, seat.peer !== 'offline') ??
		userWaiting(play, content.ready);
	const state = offer?.mismatch
		? 'mismatch'
		: content.ready
			? 'ready'
			: offer?.url !== undefined
				? 'elsewhere'
				: 'coming';
	return {
		...common(play, transaction, refusal !== undefined),
		peer: seat.peer,
		...(waiting ? { waiting } : {}),
		...(offer
			? {
					offer: {
						...offer.offer,
						...(offer.url === undefined ? {} : { url: offer.url }),
						content: state,
						received: content.received,
					},
				}
			: {}),
		...(choosing ? { choosing: { kind: choosing.reaction, until: choosing.until } } : {}),
		...(refusal ? { refusal } : {}),
		history: history.views('user', record.id, play.acknowledged),
	};
}

export function suggesterView(
	seat: SuggesterSeat,
	history: History,
	transaction: TransactionView | undefined,
): ChannelView {
	const { play } = seat;
	const waiting = sending(transaction) ?? suggesterWaiting(play);
	return {
		...common(play, transaction),
		peer: seat.peer,
		...(waiting ? { waiting } : {}),
		...(play.offer
			? { offer: { ...play.offer.offer, content: 'ready', received: play.offer.offer.size } }
			: {}),
		history: history.views('suggester', play.record.id, round(tallyOf(play))),
	};
}

/** What the sessions of an account brought and cost so far, in the smallest unit: rewards less the fee, and burns. */
export function takings(seats: Iterable<SuggesterSeat>, account: Address | undefined) {
	let earned = 0n;
	let burned = 0n;
	for (const { play } of seats) {
		const { channel, settled } = play.record;
		if (channel.suggester !== account) continue;
		const tally = settled ?? tallyOf(play);
		const parts = split(channel, tally);
		earned += BigInt(tally.rewarded) * channel.reward - parts.fee;
		burned += parts.slashed;
	}
	return { earned, burned };
}
