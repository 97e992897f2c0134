import type { Millis } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { ChainCall } from '#lib/channel/ports.ts';
import type { Play, PlayEffect, PlayEvent } from '#lib/channel/rounds/play.ts';
import type { RoundRecord, RoundWrite } from '#lib/channel/rounds/records.ts';
import type { Message } from '#lib/channel/typed-data.ts';
import type { ChannelFrame } from '#lib/channel/wire/frames.ts';

/** One side of one channel: its pure machine (channel/rounds). */
export interface Machine<P extends Play, E> {
	step(play: P, event: E | PlayEvent, now: Millis): [P, PlayEffect[]];
	resume(play: P): PlayEffect[];
	wake(play: P): Millis | undefined;
}

export interface PlayerPorts {
	readonly clock: Clock;
	/** `taken` with the answer that stands, or `failed`: the store is lost and the node stops. */
	commit(
		writes: readonly RoundWrite[],
	): Promise<'done' | 'failed' | { readonly taken: RoundRecord | undefined }>;
	send(frame: ChannelFrame): void;
	/** The player hears of the signatures by a `signed` event. */
	sign(messages: readonly Message[]): void;
	submit(call: ChainCall): void;
	nextPicture(): void;
	wantContent(): void;
	hangUp(reason: string): void;
	changed(): void;
}

/**
 * Runs a machine. Its effects are executed one after another in the order they were decided, across events: what is
 * written is on disk before anything that was decided later is signed or sent.
 */
export class Player<P extends Play, E> {
	readonly #machine: Machine<P, E>;
	readonly #ports: PlayerPorts;
	readonly #queue: PlayEffect[] = [];
	#play: P;
	#running = false;
	#stopped = false;
	#cancelWake = () => {};

	constructor(machine: Machine<P, E>, play: P, ports: PlayerPorts) {
		this.#machine = machine;
		this.#play = play;
		this.#ports = ports;
		this.#queue.push(...machine.resume(play));
		// Later: whoever made this player does not hold it yet.
		void Promise.resolve().then(() => this.#run());
	}

	get play(): P {
		return this.#play;
	}

	dispatch(event: E | PlayEvent): void {
		if (this.#stopped) return;
		const [next, effects] = this.#machine.step(this.#play, event, this.#ports.clock.now());
		this.#play = next;
		this.#queue.push(...effects);
		this.#schedule();
		this.#ports.changed();
		void this.#run();
	}

	stop(): void {
		this.#stopped = true;
		this.#queue.length = 0;
		this.#cancelWake();
	}

	#schedule(): void {
		this.#cancelWake();
		const at = this.#machine.wake(this.#play);
		if (at === undefined) return;
		const wait = Math.max(0, at - this.#ports.clock.now());
		this.#cancelWake = this.#ports.clock.after(wait, () => this.dispatch({ kind: 'wake' }));
	}

	async #run(): Promise<void> {
		if (this.#running) return;
		this.#running = true;
		for (let effect = this.#queue.shift(); effect && !this.#stopped; effect = this.#queue.shift()) {
			if (effect.kind === 'commit') await this.#commit(effect.writes);
			else this.#perform(effect);
		}
		this.#running = false;
		this.#ports.changed();
	}

	async #commit(writes: readonly RoundWrite[]): Promise<void> {
		const outcome = await this.#ports.commit(writes);
		if (outcome === 'done') return;
		// What was decided on the strength of this write must not happen.
		this.#queue.length = 0;
		if (outcome === 'failed') this.stop();
		else if (outcome.taken) this.dispatch({ kind: 'taken', existing: outcome.taken });
	}

	#perform(effect: Exclude<PlayEffect, { kind: 'commit' }>): void {
		switch (effect.kind) {
			case 'send': {
				this.#ports.send(effect.frame);
				return;
			}
			case 'sign': {
				this.#ports.sign(effect.messages);
				return;
			}
			case 'submit': {
				this.#ports.submit(effect.call);
				return;
			}
			case 'next-picture': {
				this.#ports.nextPicture();
				return;
			}
			case 'want-content': {
				this.#ports.wantContent();
				return;
			}
			case 'hang-up': {
				this.#ports.hangUp(effect.reason);
				return;
			}
		}
	}
}
