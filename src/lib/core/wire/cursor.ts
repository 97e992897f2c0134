import type { Bytes } from '../brand.ts';
import { WireFault } from './error.ts';

/** Reads big-endian values from bytes of an outsider; every read is bounds-checked. */
export class Reader {
	readonly #bytes: Uint8Array;
	readonly #view: DataView;
	#offset = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	get left(): number {
		return this.#bytes.length - this.#offset;
	}

	#advance(length: number): number {
		if (length > this.left) throw new WireFault('truncated', `${length} bytes wanted, ${this.left} left`);
		const at = this.#offset;
		this.#offset += length;
		return at;
	}

	u8(): number {
		return this.#view.getUint8(this.#advance(1));
	}

	u16(): number {
		return this.#view.getUint16(this.#advance(2));
	}

	u32(): number {
		return this.#view.getUint32(this.#advance(4));
	}

	/** 64 bits that must fit a JavaScript integer (<= 2^53 - 1). */
	u64(): number {
		const at = this.#advance(8);
		const high = this.#view.getUint32(at);
		if (high > 0x1f_ffff) throw new WireFault('bad-value', 'integer over 2^53 - 1');
		return high * 0x1_0000_0000 + this.#view.getUint32(at + 4);
	}

	/** A copy, so that a small field does not keep a whole frame alive. */
	bytes(length: number): Bytes {
		const at = this.#advance(length);
		return new Uint8Array(this.#bytes.subarray(at, at + length));
	}
}

/** Grows as it writes; values were checked by the field codecs. */
export class Writer {
	#bytes: Bytes = new Uint8Array(512);
	#view = new DataView(this.#bytes.buffer);
	#length = 0;

	/** Makes room for `length` more bytes and returns where they start. */
	#room(length: number): number {
		const at = this.#length;
		this.#length += length;
		if (this.#length > this.#bytes.length) {
			const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length));
			grown.set(this.#bytes);
			this.#bytes = grown;
			this.#view = new DataView(grown.buffer);
		}
		return at;
	}

	u8(value: number): void {
		const at = this.#room(1);
		this.#view.setUint8(at, value);
	}

	u16(value: number): void {
		const at = this.#room(2);
		this.#view.setUint16(at, value);
	}

	u32(value: number): void {
		const at = this.#room(4);
		this.#view.setUint32(at, value);
	}

	/** An integer of at most 2^53 - 1 as 64 bits. */
	u64(value: number): void {
		const at = this.#room(8);
		this.#view.setUint32(at, Math.floor(value / 0x1_0000_0000));
		this.#view.setUint32(at + 4, value % 0x1_0000_0000);
	}

	bytes(value: Uint8Array): void {
		const at = this.#room(value.length);
		this.#bytes.set(value, at);
	}

	/** A u16 length, then whatever `write` writes. */
	sized(write: () => void): void {
		const at = this.#room(2);
		write();
		this.#view.setUint16(at, this.#length - at - 2);
	}

	done(): Bytes {
		return this.#bytes.slice(0, this.#length);
	}
}
