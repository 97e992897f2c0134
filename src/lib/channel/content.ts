import type { Bytes } from '#lib/core/brand.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { hex0x, type Word } from './address.ts';
import type { ChannelFrame, ChannelFrameOf } from './wire/frames.ts';
import { pictureLimits } from './wire/limits.ts';

/**
 * The content of one suggestion on its way. The reader asks for a window at a time, so that the sender never has
 * more on its way than the link takes, and goes on where it was after a new link.
 */
export class Assembly {
	readonly sha256: Word;
	readonly #bytes: Bytes;
	#received = 0;
	/** End of what was asked for. */
	#asked = 0;

	/** `size` was checked against the limit when the offer was read. */
	constructor(hash: Word, size: number) {
		this.sha256 = hash;
		this.#bytes = new Uint8Array(size);
	}

	get received(): number {
		return this.#received;
	}

	get complete(): boolean {
		return this.#received === this.#bytes.length;
	}

	/** The request for the next window, while none is on its way. `again`: a new link, ask anew. */
	request(again = false): ChannelFrame | undefined {
		if (this.complete || (!again && this.#asked > this.#received)) return undefined;
		const length = Math.min(pictureLimits.window, this.#bytes.length - this.#received);
		this.#asked = this.#received + length;
		return { kind: 'ContentRequest', sha256: this.sha256.slice(2), offset: this.#received, length };
	}

	/** Takes a piece in if it is the next one. False for what was not asked for. */
	take({ sha256: hash, offset, bytes }: ChannelFrameOf<'Content'>): boolean {
		const wanted = `0x${hash}` === this.sha256 && offset === this.#received;
		if (!wanted || offset + bytes.length > this.#asked) return false;
		this.#bytes.set(bytes, offset);
		this.#received += bytes.length;
		return true;
	}

	/** The whole, and the hash it really has. */
	finish(): { readonly bytes: Bytes; readonly actual: Word } {
		return { bytes: this.#bytes, actual: hex0x(sha256(this.#bytes)) };
	}
}

/** The pieces that answer a request; empty for what lies outside of the content. */
export function piecesOf(
	content: Bytes,
	{ sha256: hash, offset, length }: ChannelFrameOf<'ContentRequest'>,
): ChannelFrame[] {
	const end = Math.min(content.length, offset + length);
	const pieces: ChannelFrame[] = [];
	for (let at = offset; at < end; at += pictureLimits.chunk)
		pieces.push({
			kind: 'Content',
			sha256: hash,
			offset: at,
			bytes: content.slice(at, Math.min(end, at + pictureLimits.chunk)),
		});
	return pieces;
}
