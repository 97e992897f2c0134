import type { Word } from '#lib/channel/address.ts';
import { round, type Party } from '#lib/channel/channel.ts';
import { affirmOf, closeOf } from '#lib/channel/rounds/dispute.ts';
import type { ChainCall, Standing } from '#lib/channel/ports.ts';
import type { ChannelRecord } from '#lib/channel/rounds/records.ts';
import type { ChannelFrame } from '#lib/channel/wire/frames.ts';
import { createDice, type Dice } from '../../kit/dice.ts';
import { ChainModel } from './chain.ts';
import { freshDisk, playedOn, restored } from './disk.ts';
import { Observer } from './observer.ts';
import { SimSuggester, SimUser, type Bug, type World } from './party.ts';
import { channelOf, domain, idOf } from './seals.ts';

export interface SeedResult {
	readonly lost: number;
	readonly doubleSigned: number;
	readonly stuck: number;
	readonly rounds: number;
	readonly restored: boolean;
	readonly contested: boolean;
}

const roundsOf = 12;
const start = 1_800_000_000_000;

/** One channel from its first round to its last coin, with everything going wrong that the dice choose. */
class Run implements World {
	readonly dice: Dice;
	readonly channel = channelOf(roundsOf);
	readonly observer: Observer = new Observer();
	readonly bug: Bug | undefined;
	readonly chain = new ChainModel(this.channel);
	readonly user: SimUser;
	readonly suggester: SimSuggester;
	now = start;
	#wire: { readonly to: Party; readonly frame: ChannelFrame }[] = [];
	#up = false;
	#links = 0;
	#looked = start;
	#pictures = 0;
	#restored = false;
	#contested = false;
	/** Leaving is thought of only after some rounds. */
	#late = false;
	/** Chances of the link of this seed, in percent. */
	readonly #loss: number;
	readonly #copies: number;

	constructor(seed: number, bug: Bug | undefined) {
		this.dice = createDice(seed);
		this.bug = bug;
		this.#loss = this.dice.below(30);
		this.#copies = this.dice.below(30);
		const record = (role: Party): ChannelRecord => ({
			role,
			id: idOf(this.channel),
			domain,
			channel: this.channel,
			createdAt: start,
			stage: 'open',
			recovering: false,
		});
		this.user = new SimUser(this, freshDisk(record('user')));
		this.suggester = new SimSuggester(this, freshDisk(record('suggester')));
	}

	send(from: Party, frame: ChannelFrame): void {
		if (this.#up) this.#wire.push({ to: from === 'user' ? 'suggester' : 'user', frame });
	}

	submit(from: Party, call: ChainCall): void {
		this.chain.submit(call, from, Math.floor(this.now / 1_000));
	}

	hangUp(): void {
		this.#cut();
	}

	fresh(): Word {
		return `0x${(++this.#pictures).toString(16).padStart(64, '0')}`;
	}

	#cut(): void {
		this.#up = false;
		this.#wire = [];
		this.user.dispatch({ kind: 'link-down' });
		this.suggester.dispatch({ kind: 'link-down' });
	}

	#connect(): void {
		if (this.#up) this.#cut();
		this.#up = true;
		const transport: Word = `0x${(++this.#links).toString(16).padStart(64, '0')}`;
		this.suggester.dispatch({ kind: 'link-up', transport });
		this.user.dispatch({ kind: 'link-up', transport });
	}

	#deliver(at: number): void {
		const [message] = this.#wire.splice(at, 1);
		if (!message) return;
		const event = { kind: 'frame', frame: message.frame } as const;
		if (message.to === 'user') this.user.dispatch(event);
		else this.suggester.dispatch(event);
	}

	#deliverBadly(): void {
		if (this.#wire.length === 0) return;
		const at = this.dice.below(this.#wire.length);
		const luck = this.dice.below(100);
		if (luck < this.#loss) this.#wire.splice(at, 1);
		else {
			const copy = this.#wire[at];
			if (copy && luck < this.#loss + this.#copies) this.#wire.push(copy);
			this.#deliver(at);
		}
	}

	/** Virtual time goes on, and what is due happens. */
	#pass(ms: number): void {
		this.now += ms;
		if (this.dice.below(3) === 0) this.suggester.dispatch({ kind: 'pictures' });
		if (this.now - this.#looked > 15_000) this.#look();
		if ((this.user.wakeAt() ?? Infinity) <= this.now) this.user.dispatch({ kind: 'wake' });
		if ((this.suggester.wakeAt() ?? Infinity) <= this.now) this.suggester.dispatch({ kind: 'wake' });
	}

	/** Both look often enough to meet every window; who does not is not protected by any channel. */
	#look(): void {
		this.#looked = this.now;
		const time = Math.floor(this.now / 1_000);
		const event = { kind: 'chain', standing: this.chain.standing, time } as const;
		this.user.dispatch(event);
		this.suggester.dispatch(event);
	}

	/** A crash may come after any of the effects that wait. */
	#work(side: SimUser | SimSuggester): void {
		for (let left = 1 + this.dice.below(6); left > 0; left--) side.work();
	}

	#answer(): void {
		const { offer, choosing, answered } = this.user.play;
		if (!offer || choosing || answered) return;
		const reaction = this.dice.below(3) === 0 ? 'burn' : 'reward';
		this.user.dispatch({ kind: 'choose', round: offer.round, reaction });
	}

	/** At most one side of a channel loses data: nobody could know what both forgot. */
	#restore(): void {
		if (this.#restored) return;
		this.#restored = true;
		this.#cut();
		const side = this.dice.below(2) === 0 ? this.user : this.suggester;
		side.disk = this.bug === 'restore-unmarked' ? side.backup : restored(side.backup);
		if (side === this.user) {
			this.observer.userRestored = true;
			// What neither the backup nor the suggester's disk has is gone with the disk, and nobody can be blamed.
			const known = Math.max(playedOn(side.disk), playedOn(this.suggester.disk));
			for (const number of this.observer.acknowledged.keys())
				if (number > known) this.observer.acknowledged.delete(number);
		}
		side.start();
	}

	#accident(): void {
		const { dice } = this;
		switch (dice.below(14)) {
			case 0:
				this.#cut();
				{
					this.user.crash();
					return;
				}
			case 1:
				this.#cut();
				{
					this.suggester.crash();
					return;
				}
			case 2:
			case 3: {
				this.#cut();
				return;
			}
			case 4:
				this.user.backup = this.user.disk;
				return;
			case 5:
				this.suggester.backup = this.suggester.disk;
				return;
			case 6:
				if (dice.below(4) === 0) this.#restore();
				return;
			case 7:
				if (this.#late && dice.below(4) === 0) this.user.dispatch({ kind: 'leave' });
				return;
			case 8:
				if (this.#late && dice.below(4) === 0) this.suggester.dispatch({ kind: 'leave' });
				return;
			case 9:
				if (this.#late && dice.below(4) === 0) this.#contest(dice.below(2) === 0 ? 'user' : 'suggester');
				return;
			case 10:
				if (dice.below(6) === 0) this.user.dispatch({ kind: 'undo' });
				return;
			default:
				this.#look();
		}
	}

	#contest(by: Party): void {
		const side = by === 'user' ? this.user : this.suggester;
		const before = this.chain.standing.phase;
		side.contest();
		if (before === 'open' && this.chain.standing.phase === 'closing') this.#contested = true;
	}

	#act(): void {
		const { dice } = this;
		const luck = dice.below(100);
		if (luck < 34) this.#deliverBadly();
		else if (luck < 48) this.#work(this.user);
		else if (luck < 62) this.#work(this.suggester);
		else if (luck < 70) this.#answer();
		else if (luck < 88) this.#pass(dice.below(8_000));
		else if (luck < 97) {
			if (!this.#up) this.#connect();
		} else this.#accident();
	}

	/** Everything works from now on: both sides say goodbye, and the money must come out. */
	#settleDown(): boolean {
		const survivor = !this.#restored && this.dice.below(5) === 0;
		if (survivor) return this.#leaveAlone(this.dice.below(2) === 0 ? 'user' : 'suggester');
		for (let turn = 0; turn < 80 && !this.#over(); turn++) {
			if (!this.#up) this.#connect();
			this.#calm();
			this.#look();
			this.#calm();
			if (turn === 3) this.user.dispatch({ kind: 'leave' });
			if (turn < 3) this.#answer();
			for (const side of [this.user, this.suggester]) {
				const call = closeOf(side.play) ?? affirmOf(side.play);
				if (call) this.submit(side.role, call);
			}
			this.#pass(this.chain.standing.phase === 'closing' ? 400_000 : 6_000);
			this.#calm();
		}
		return this.#over();
	}

	#over(): boolean {
		return this.chain.standing.phase === 'closed';
	}

	/** The other side never comes back: the bond and the window let this one out. */
	#leaveAlone(by: Party): boolean {
		this.#cut();
		const side = by === 'user' ? this.user : this.suggester;
		// An answer that never arrived, or after the claim, is gone with the user who never comes back to show it.
		const { phase, closer, tally } = this.chain.standing;
		const claimed = phase === 'closing' && closer === by ? round(tally) : Infinity;
		if (by === 'suggester')
			for (const number of this.observer.acknowledged.keys())
				if (number > Math.min(playedOn(side.disk), claimed)) this.observer.acknowledged.delete(number);
		for (let turn = 0; turn < 12 && !this.#over(); turn++) {
			side.finish();
			this.#look();
			side.finish();
			this.#contest(by);
			const call = closeOf(side.play) ?? affirmOf(side.play);
			if (call) this.submit(by, call);
			this.#pass(400_000);
		}
		return this.#over();
	}

	/** Works off everything that waits, in order. */
	#calm(): void {
		for (let turn = 0; turn < 400; turn++) {
			this.user.finish();
			this.suggester.finish();
			if (this.#wire.length === 0) return;
			this.#deliver(0);
		}
	}

	result(): SeedResult {
		const steps = 200 + this.dice.below(800);
		for (let step = 0; step < steps; step++) {
			this.#late = step > steps / 2;
			this.#act();
		}
		const out = this.#settleDown();
		const standing: Standing = this.chain.standing;
		const honestAtFault = standing.faulty ? 1 : 0;
		return {
			lost: (out ? this.observer.lostIn(standing.tally) : 0) + honestAtFault,
			doubleSigned: this.observer.doubleSigned,
			stuck: out ? 0 : 1,
			rounds: round(standing.tally),
			restored: this.#restored,
			contested: this.#contested,
		};
	}
}

/** Plays one seed. The same seed is the same play. */
export const runSeed = (seed: number, bug?: Bug): SeedResult => new Run(seed, bug).result();
