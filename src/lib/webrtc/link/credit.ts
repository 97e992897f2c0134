import type { Millis } from '#lib/core/brand.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';

export interface Window {
	readonly windowFrames: number;
	readonly windowBytes: number;
}

/** What we may still send: totals since the link opened, so that a repeated or late grant changes nothing. */
export class SendCredit {
	#frames: number;
	#bytes: number;
	#sentFrames = 0;
	#sentBytes = 0;

	constructor({ windowFrames, windowBytes }: Window) {
		this.#frames = windowFrames;
		this.#bytes = windowBytes;
	}

	covers(length: number): boolean {
		return this.#sentFrames < this.#frames && this.#sentBytes + length <= this.#bytes;
	}

	spend(length: number): void {
		this.#sentFrames += 1;
		this.#sentBytes += length;
	}

	grant(frames: number, bytes: number): void {
		this.#frames = Math.max(this.#frames, frames);
		this.#bytes = Math.max(this.#bytes, bytes);
	}
}

/** What the peer may still send. Frames are granted at the pace of a token bucket, so a flood waits at its source. */
export class ReceiveCredit {
	readonly #window: Window;
	readonly #bucket: TokenBucket;
	#frames: number;
	#bytes: number;
	#receivedFrames = 0;
	#receivedBytes = 0;

	constructor(
		window: Window & { readonly framesPerSecond: number; readonly frameBurst: number },
		now: Millis,
	) {
		this.#window = window;
		this.#bucket = new TokenBucket(window.framesPerSecond, window.frameBurst, now);
		this.#frames = window.windowFrames;
		this.#bytes = window.windowBytes;
	}

	/** Counts a frame; false when it was not covered by a grant. */
	take(length: number): boolean {
		this.#receivedFrames += 1;
		this.#receivedBytes += length;
		return this.#receivedFrames <= this.#frames && this.#receivedBytes <= this.#bytes;
	}

	#wanted(): number {
		return this.#receivedFrames + this.#window.windowFrames - this.#frames;
	}

	#bytesWanted(): number {
		return this.#receivedBytes + this.#window.windowBytes - this.#bytes;
	}

	/** Half a window is used up: worth a frame that says so. */
	get #due(): boolean {
		return (
			this.#wanted() >= this.#window.windowFrames / 2 || this.#bytesWanted() >= this.#window.windowBytes / 2
		);
	}

	/** The totals to announce now; undefined when nothing is due or the peer's pace allows no more yet. */
	grant(now: Millis): { readonly frames: number; readonly bytes: number } | undefined {
		if (!this.#due || !this.#bucket.take(now, this.#wanted())) return undefined;
		this.#frames += this.#wanted();
		this.#bytes += this.#bytesWanted();
		return { frames: this.#frames, bytes: this.#bytes };
	}

	/** When `grant` is worth asking again; undefined when nothing is due. */
	nextWake(now: Millis): Millis | undefined {
		return this.#due ? this.#bucket.readyAt(this.#wanted(), now) : undefined;
	}
}
