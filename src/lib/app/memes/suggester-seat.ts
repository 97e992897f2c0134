import type { Word } from '#lib/channel/address.ts';
import { piecesOf } from '#lib/channel/content.ts';
import { suggesterKeys } from '#lib/channel/keys.ts';
import type { ChainCall } from '#lib/channel/ports.ts';
import type { Kept } from '#lib/channel/rounds/records.ts';
import {
	loadSuggester,
	resumeSuggester,
	stepSuggester,
	suggesterWake,
	type SuggesterEvent,
	type SuggesterPlay,
} from '#lib/channel/rounds/suggester.ts';
import { signDigest } from '#lib/channel/signature.ts';
import { digest, type Message } from '#lib/channel/typed-data.ts';
import type { ChannelFrame, ChannelFrameOf } from '#lib/channel/wire/frames.ts';
import type { MemeCall } from './calls.ts';
import { sealsOf, type Desk } from './desk.ts';
import { Player } from './player.ts';

export interface SuggesterSeatPorts {
	/** A picture this user has not seen; undefined when there is none. */
	pick(
		seat: SuggesterSeat,
	): { readonly sha256: Word; readonly size: number; readonly mime: string } | undefined;
	/** None is left for this user. */
	out(seat: SuggesterSeat): void;
	/** Whether a mutual close may be sent by itself now; counts it. */
	mayClose(): boolean;
}

/** A suggester's side of one channel: its player, and the pictures it hands out. */
export class SuggesterSeat {
	readonly #desk: Desk;
	readonly #ports: SuggesterSeatPorts;
	readonly #player: Player<SuggesterPlay, SuggesterEvent>;
	/** Pictures offered in this channel. */
	readonly shown = new Set<Word>();
	#call: MemeCall | undefined;
	/** Pieces that wait for room on the link. */
	#pieces: ChannelFrame[] = [];

	constructor(desk: Desk, kept: Kept, ports: SuggesterSeatPorts) {
		this.#desk = desk;
		this.#ports = ports;
		for (const { offer } of kept.offers) this.shown.add(offer.sha256);
		const seals = sealsOf(kept.record.domain);
		this.#player = new Player<SuggesterPlay, SuggesterEvent>(
			{
				step: (play, event, now) => stepSuggester(play, event, now, seals),
				resume: resumeSuggester,
				wake: suggesterWake,
			},
			loadSuggester(kept),
			{
				clock: desk.clock,
				commit: async (writes) => {
					const outcome = await desk.commit(writes);
					return outcome === 'taken' ? { taken: undefined } : outcome;
				},
				send: (frame) => void this.#call?.send(frame),
				sign: (messages) => this.#sign(messages),
				submit: (call) => this.submit(call, call.call !== 'startClose'),
				nextPicture: () => this.#nextPicture(),
				wantContent: () => undefined,
				hangUp: (reason) => this.#call?.hangUp(reason),
				changed: () => desk.changed('studio'),
			},
		);
	}

	get play(): SuggesterPlay {
		return this.#player.play;
	}

	get peer(): 'offline' | 'calling' | 'online' {
		if (this.play.link?.met) return 'online';
		return this.#call ? 'calling' : 'offline';
	}

	dispatch(event: Parameters<Player<SuggesterPlay, SuggesterEvent>['dispatch']>[0]): void {
		this.#player.dispatch(event);
	}

	stop(): void {
		this.#player.stop();
		this.#call?.hangUp('leaving');
	}

	hangUp(reason: string): void {
		this.#call?.hangUp(reason);
	}

	submit(call: ChainCall, automatic: boolean): boolean {
		const { id, channel } = this.play.record;
		if (automatic && call.call === 'close' && !this.#ports.mayClose()) return false;
		return this.#desk.transactions.submit(id, call, channel.suggester, automatic);
	}

	/** The user plays this channel over this call from now on. */
	attach(call: MemeCall): void {
		if (this.#call?.id === call.id) return;
		this.#call = call;
		this.#pieces = [];
		this.dispatch({ kind: 'link-up', transport: call.transport });
	}

	detach(call: MemeCall): void {
		if (this.#call?.id !== call.id) return;
		this.#call = undefined;
		this.#pieces = [];
		this.dispatch({ kind: 'link-down' });
	}

	/** Of several calls about this channel only the one that was attached last counts. */
	frame(call: MemeCall, frame: ChannelFrame): void {
		if (this.#call?.id !== call.id) return;
		if (frame.kind === 'ContentRequest') void this.#onContentRequest(frame);
		else this.dispatch({ kind: 'frame', frame });
	}

	drained(call: MemeCall): void {
		if (this.#call?.id === call.id) this.#sendPieces();
	}

	#sendPieces(): void {
		while (this.#pieces[0] && this.#call?.send(this.#pieces[0], 2)) this.#pieces.shift();
	}

	#sign(messages: readonly Message[]): void {
		const { domain } = this.play.record;
		const { sign } = suggesterKeys(this.#desk.seed);
		const signatures = messages.map((message) => signDigest(digest(domain, message), sign));
		this.dispatch({ kind: 'signed', messages, signatures });
	}

	#nextPicture(): void {
		const picture = this.#ports.pick(this);
		if (!picture) {
			this.dispatch({ kind: 'no-picture' });
			this.#ports.out(this);
			return;
		}
		this.shown.add(picture.sha256);
		this.dispatch({ kind: 'picture', offer: picture });
	}

	/** Only the picture of the open offer is handed out, and only to who plays this channel. */
	async #onContentRequest(frame: ChannelFrameOf<'ContentRequest'>): Promise<void> {
		const { offer, link } = this.play;
		if (!link?.met || offer?.offer.sha256 !== `0x${frame.sha256}`) return;
		const content = await this.#desk.store.content(offer.offer.sha256);
		if (!content.ok || !content.value) {
			this.#desk.log('error', 'memes', `the picture ${offer.offer.sha256} is not kept any more`);
			return;
		}
		this.#pieces = piecesOf(content.value.bytes, frame);
		this.#sendPieces();
	}
}
