import { round, type Party, type Tally } from '#lib/channel/channel.ts';
import type { RoundRecord } from '#lib/channel/rounds/records.ts';
import type { Message } from '#lib/channel/typed-data.ts';

/** Sees every signature that is made and every answer that a person was told is kept. */
export class Observer {
	/** The user's signature of each round: a second, different one is what must never be. */
	readonly #rounds = new Map<number, string>();
	readonly #offers = new Map<number, string>();
	readonly #closes: Record<Party, Tally[]> = { user: [], suggester: [] };
	/** Answers on the user's disk. */
	readonly acknowledged = new Map<number, RoundRecord>();
	doubleSigned = 0;
	userRestored = false;

	signed(by: Party, message: Message): void {
		switch (message.primaryType) {
			case 'Round':
				if (by === 'user') this.#once(this.#rounds, round(message.tally), `${message.tally.rewarded}`);
				// Nothing is played after consent to a last state.
				if (by === 'user' && this.#closes.user.some((last) => round(last) < round(message.tally)))
					this.doubleSigned += 1;
				return;
			case 'Offer':
				this.#once(this.#offers, message.offer.round, message.offer.sha256);
				return;
			case 'Close': {
				const before = this.#closes[by].at(-1);
				const other = before && JSON.stringify(before) !== JSON.stringify(message.tally);
				// A user that lost data may learn of a newer state after it agreed to an older one.
				if (other && !this.userRestored) this.doubleSigned += 1;
				this.#closes[by].push(message.tally);
				return;
			}
			case 'Init':
			case 'Approval':
				return;
		}
	}

	#once(kept: Map<number, string>, number: number, what: string): void {
		const before = kept.get(number);
		if (before !== undefined && before !== what) this.doubleSigned += 1;
		kept.set(number, what);
	}

	/** Acknowledged answers that a settled state does not contain. */
	lostIn(settled: Tally): number {
		const told = [...this.acknowledged.values()];
		const beyond = told.filter((answer) => answer.round > round(settled)).length;
		const burned = told.filter(
			({ kind, round: number }) => kind === 'burn' && number <= round(settled),
		).length;
		// Every round up to the settled one was answered by the user, so that the counts must agree.
		const complete = told.length - beyond === round(settled);
		return beyond + (complete && burned !== settled.burned ? 1 : 0);
	}
}
