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
		const value = this.#view.getBigUint64(this.#advance(8));
		if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new WireFault('bad-value', 'integer over 2^53 - 1');
		return Number(value);
	}

	/** A copy, so that a small field does not keep a whole frame alive. */
	bytes(length: number): Bytes {
		const at = this.#advance(length);
		return new Uint8Array(this.#bytes.subarray(at, at + length));
	}
}

/** Grows as it writes; values were checked by the field codecs. */
export class Writer {
	#bytes: Bytes = new Uint8Array(256);
	#length = 0;

	#room(length: number): DataView {
		if (this.#length + length > this.#bytes.length) {
			const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + length));
			grown.set(this.#bytes);
			this.#bytes = grown;
		}
		const view = new DataView(this.#bytes.buffer, this.#length, length);
		this.#length += length;
		return view;
	}

	u8(value: number): void {
		this.#room(1).setUint8(0, value);
	}

	u16(value: number): void {
		this.#room(2).setUint16(0, value);
	}

	u32(value: number): void {
		this.#room(4).setUint32(0, value);
	}

	u64(value: number): void {
		this.#room(8).setBigUint64(0, BigInt(value));
	}

	bytes(value: Uint8Array): void {
		this.#room(value.length);
		this.#bytes.set(value, this.#length - value.length);
	}

	done(): Bytes {
		return this.#bytes.slice(0, this.#length);
	}
}
