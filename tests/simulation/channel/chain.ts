import { round, type Channel, type Party, type Tally } from '#lib/channel/channel.ts';
import { judge } from '#lib/channel/contest.ts';
import type { ChainCall, Standing } from '#lib/channel/ports.ts';

export const openStanding: Standing = {
	phase: 'open',
	closer: 'user',
	faulty: false,
	deadline: 0,
	claimed: 0,
	tally: { rewarded: 0, burned: 0 },
};

/** The contract as far as an open channel goes, by the rule the contract shares (channel/contest.ts). */
export class ChainModel {
	readonly #channel: Channel;
	standing: Standing = openStanding;

	constructor(channel: Channel) {
		this.#channel = channel;
	}

	/** `time` in Unix seconds. A call the contract would revert changes nothing. */
	submit(call: ChainCall, by: Party, time: number): void {
		const { phase, closer, deadline, claimed, tally } = this.standing;
		if (call.call === 'close' && (phase === 'open' || phase === 'closing')) this.#settle(call.tally, false);
		if (call.call === 'startClose' && phase === 'open')
			this.standing = {
				phase: 'closing',
				closer: by,
				faulty: false,
				deadline: time + this.#channel.window,
				claimed: round(call.tally),
				tally: call.tally,
			};
		if (phase !== 'closing') return;
		if (call.call === 'challenge' && time <= deadline) {
			const party = by === closer ? 'anyone' : 'counterparty';
			const verdict = judge({ closer, deadline, claimed, standing: tally }, call.tally, party);
			if (verdict.effect === 'settles') this.#settle(call.tally, verdict.faulty);
			if (verdict.effect === 'corrects')
				this.standing = { ...this.standing, tally: call.tally, faulty: verdict.faulty };
		}
		if (call.call === 'affirm' && by !== closer) this.#settle(tally, this.standing.faulty);
		if (call.call === 'finish' && time > deadline) this.#settle(tally, this.standing.faulty);
	}

	#settle(tally: Tally, faulty: boolean): void {
		this.standing = { ...this.standing, phase: 'closed', tally, faulty };
	}
}
