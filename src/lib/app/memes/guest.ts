import type { ChannelFrame } from '#lib/channel/wire/frames.ts';
import type { MemeCall, Talker } from './calls.ts';
import type { SuggesterSeat } from './suggester-seat.ts';

/** Frames that may wait while the chain is asked about a caller; an honest one has two or three on their way. */
const mostWaiting = 32;

/**
 * Somebody who called the studio: a guest, until an `Init` gives it the seat of a channel. What it says is taken one
 * after another, so that nothing overtakes or gets lost behind an `Init` that the chain is still asked about.
 */
export class Guest implements Talker {
	readonly #greet: (call: MemeCall, frame: ChannelFrame) => Promise<SuggesterSeat | undefined>;
	readonly #waiting: ChannelFrame[] = [];
	#call: MemeCall | undefined;
	#seat: SuggesterSeat | undefined;
	#greeting = false;

	/** `greet` answers a guest's frame; with a seat when the frame is good for one. */
	constructor(greet: (call: MemeCall, frame: ChannelFrame) => Promise<SuggesterSeat | undefined>) {
		this.#greet = greet;
	}

	opened(call: MemeCall): void {
		this.#call = call;
	}

	frame(call: MemeCall, frame: ChannelFrame): void {
		if (!this.#call) return;
		if (this.#waiting.length >= mostWaiting) {
			this.#leave();
			call.hangUp('says more than is waited for');
			return;
		}
		this.#waiting.push(frame);
		if (!this.#greeting) void this.#takeAll(call);
	}

	drained(): void {
		if (this.#call) this.#seat?.drained(this.#call);
	}

	ended(): void {
		this.#leave();
	}

	async #takeAll(call: MemeCall): Promise<void> {
		this.#greeting = true;
		for (let frame = this.#waiting.shift(); frame; frame = this.#waiting.shift()) {
			if (!this.#seat || frame.kind === 'Init') {
				const seat = await this.#greet(call, frame);
				if (!seat || !this.#call) continue;
				if (seat !== this.#seat) this.#seat?.detach(call);
				this.#seat = seat;
				seat.attach(call);
			}
			this.#seat.frame(call, frame);
		}
		this.#greeting = false;
	}

	#leave(): void {
		this.#waiting.length = 0;
		if (this.#call) this.#seat?.detach(this.#call);
		this.#call = undefined;
	}
}
