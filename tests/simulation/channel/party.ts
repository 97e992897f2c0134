import type { Word } from '#lib/channel/address.ts';
import type { Channel, Party, Tally } from '#lib/channel/channel.ts';
import type { ChainCall } from '#lib/channel/ports.ts';
import type { PlayEffect } from '#lib/channel/rounds/play.ts';
import type { RoundRecord } from '#lib/channel/rounds/records.ts';
import {
	loadSuggester,
	resumeSuggester,
	stepSuggester,
	suggesterWake,
	type SuggesterEvent,
	type SuggesterPlay,
} from '#lib/channel/rounds/suggester.ts';
import {
	loadUser,
	resumeUser,
	stepUser,
	userWake,
	type UserEvent,
	type UserPlay,
} from '#lib/channel/rounds/user.ts';
import type { Message } from '#lib/channel/typed-data.ts';
import type { ChannelFrame } from '#lib/channel/wire/frames.ts';
import type { Dice } from '../../kit/dice.ts';
import { applyWrites, kept, type Disk } from './disk.ts';
import { fakeSeals, signFake } from './seals.ts';

/** Mistakes that the simulation must find; each is one wrong line of a runner or a machine. */
export const bugs = [
	/** Signs and sends while the write is still on its way to the disk. */
	'send-before-commit',
	/** Keeps the answer where a second one replaces it, and looks at it no more after a crash. */
	'answer-overwritten',
	/** Puts an old backup back as if it were the newest state. */
	'restore-unmarked',
	/** Starts a contested close after a loss of data. */
	'contest-after-loss',
	/** Leaves with the tally that the other side names, not with the newest one it signed. */
	'number-trusted',
] as const;
export type Bug = (typeof bugs)[number];

/** Hears of every signature, and of every answer that is on the user's disk. */
export interface Witness {
	signed(by: Party, message: Message): void;
	readonly acknowledged: Map<number, RoundRecord>;
}

export interface World {
	readonly dice: Pick<Dice, 'below'>;
	readonly channel: Channel;
	readonly observer: Witness;
	readonly bug: Bug | undefined;
	now: number;
	send(from: Party, frame: ChannelFrame): void;
	submit(from: Party, call: ChainCall): void;
	hangUp(): void;
	/** A picture that was never shown in this world. */
	fresh(): Word;
}

/** One side: its machine, the effects that wait, its disk. A crash leaves only the disk. */
export abstract class Side<P extends UserPlay | SuggesterPlay, E> {
	readonly role: Party;
	readonly world: World;
	disk: Disk;
	backup: Disk;
	play: P;
	protected queue: PlayEffect[] = [];

	constructor(role: Party, world: World, disk: Disk, play: P) {
		this.role = role;
		this.world = world;
		this.disk = disk;
		this.backup = disk;
		this.play = play;
	}

	protected abstract step(event: E): [P, PlayEffect[]];
	protected abstract reload(): [P, PlayEffect[]];
	protected abstract signedEvent(messages: Extract<PlayEffect, { kind: 'sign' }>['messages']): E;
	abstract wakeAt(): number | undefined;

	dispatch(event: E): void {
		const [next, effects] = this.step(event);
		this.play = next;
		this.queue.push(...effects);
	}

	/** Effects that wait, the next one first. */
	get waiting(): readonly PlayEffect[] {
		return this.queue;
	}

	/** Goes on from a state of before. */
	resume(disk: Disk, play: P, queue: readonly PlayEffect[]): void {
		this.disk = disk;
		this.play = play;
		this.queue = [...queue];
	}

	/** Executes everything that waits. */
	finish(): void {
		while (this.queue.length > 0) this.work();
	}

	/** Executes the next effect. */
	work(): void {
		const early = this.world.bug === 'send-before-commit' && this.queue[0]?.kind === 'commit';
		const at = early ? this.queue.findIndex(({ kind }) => kind !== 'commit') : 0;
		const [effect] = this.queue.splice(Math.max(0, at), 1);
		if (!effect) return;
		const { world, role } = this;
		switch (effect.kind) {
			case 'commit': {
				const outcome = applyWrites(this.disk, this.#planted(effect.writes));
				if ('taken' in outcome) {
					this.queue = [];
					if (outcome.taken) this.dispatch({ kind: 'taken', existing: outcome.taken as RoundRecord } as E);
					return;
				}
				this.disk = outcome;
				for (const { table, value } of effect.writes)
					if (table === 'rounds' && role === 'user') world.observer.acknowledged.set(value.round, value);
				return;
			}
			case 'sign':
				for (const message of effect.messages) world.observer.signed(role, message);
				this.dispatch(this.signedEvent(effect.messages));
				return;
			case 'send':
				world.send(role, effect.frame);
				return;
			case 'submit':
				world.submit(role, effect.call);
				return;
			case 'next-picture':
				this.nextPicture();
				return;
			case 'want-content':
				return;
			case 'hang-up':
				world.hangUp();
		}
	}

	#planted(writes: Extract<PlayEffect, { kind: 'commit' }>['writes']) {
		return this.world.bug === 'answer-overwritten'
			? writes.filter(({ table }) => table !== 'rounds')
			: writes;
	}

	protected nextPicture(): void {}

	/** The process ends. A write on its way may have reached the disk or not. */
	crash(): void {
		const [head] = this.queue;
		if (head?.kind === 'commit' && this.world.dice.below(2) === 0) {
			this.queue = [head];
			this.work();
		}
		this.queue = [];
		this.start();
	}

	start(): void {
		const [play, effects] = this.reload();
		this.play = play;
		this.queue = [...effects];
	}

	contest(): void {
		if (this.world.bug === 'contest-after-loss')
			this.play = { ...this.play, record: { ...this.play.record, recovering: false } };
		this.dispatch({ kind: 'contest' } as E);
		this.finish();
	}
}

export class SimUser extends Side<UserPlay, UserEvent> {
	constructor(world: World, disk: Disk) {
		super('user', world, disk, loadUser(kept(disk)));
	}

	protected step(event: UserEvent): [UserPlay, PlayEffect[]] {
		if (this.world.bug === 'number-trusted' && event.kind === 'frame' && event.frame.kind === 'ChannelBye')
			this.#agreeBlindly(event.frame);
		return stepUser(this.play, event, this.world.now, fakeSeals);
	}

	/** The planted mistake: both sign what the suggester happens to know. */
	#agreeBlindly({ rewarded, burned }: Tally): void {
		const { channel } = this.world;
		const tally = { rewarded, burned };
		const message = { primaryType: 'Close', channel, tally } as const;
		const user = signFake(channel.userKey, message);
		const suggester = signFake(channel.suggesterKey, message);
		this.world.submit('user', { call: 'close', channel, tally, user, suggester });
	}

	protected reload(): [UserPlay, PlayEffect[]] {
		const play = loadUser(kept(this.disk));
		return [play, resumeUser(play)];
	}

	protected signedEvent(messages: Parameters<Side<UserPlay, UserEvent>['signedEvent']>[0]): UserEvent {
		const { userKey } = this.world.channel;
		return { kind: 'signed', messages, signatures: messages.map((message) => signFake(userKey, message)) };
	}

	wakeAt(): number | undefined {
		return userWake(this.play);
	}
}

export class SimSuggester extends Side<SuggesterPlay, SuggesterEvent> {
	constructor(world: World, disk: Disk) {
		super('suggester', world, disk, loadSuggester(kept(disk)));
	}

	protected step(event: SuggesterEvent): [SuggesterPlay, PlayEffect[]] {
		return stepSuggester(this.play, event, this.world.now, fakeSeals);
	}

	protected reload(): [SuggesterPlay, PlayEffect[]] {
		const play = loadSuggester(kept(this.disk));
		return [play, resumeSuggester(play)];
	}

	protected signedEvent(
		messages: Parameters<Side<SuggesterPlay, SuggesterEvent>['signedEvent']>[0],
	): SuggesterEvent {
		const { suggesterKey } = this.world.channel;
		return {
			kind: 'signed',
			messages,
			signatures: messages.map((message) => signFake(suggesterKey, message)),
		};
	}

	protected override nextPicture(): void {
		if (this.world.dice.below(10) === 0) this.dispatch({ kind: 'no-picture' });
		else
			this.dispatch({
				kind: 'picture',
				offer: { sha256: this.world.fresh(), size: 1_000, mime: 'image/png' },
			});
	}

	wakeAt(): number | undefined {
		return suggesterWake(this.play);
	}
}
