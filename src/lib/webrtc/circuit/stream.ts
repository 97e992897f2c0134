import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { Bytes } from '#lib/core/brand.ts';
import { concat } from '#lib/core/bytes.ts';
import { hkdf } from '#lib/core/crypto/hash.ts';
import type { Side } from './frames.ts';

/** What a sealed piece holds: a message's part, its last part, or how much has arrived. */
export const pieceKinds = { part: 0, last: 1, arrived: 2 } as const;
export type PieceKind = keyof typeof pieceKinds;

export interface Piece {
	readonly kind: PieceKind;
	readonly body: Bytes;
}

/** Why a piece cannot be read: not sealed by the other end, seen before, or one before it is missing. */
export type PieceFault = 'forged' | 'repeated' | 'gap';

/** Seals and opens the pieces of one circuit: numbered, so that none is repeated, dropped or moved unnoticed. */
export class SealedStream {
	readonly #tag: Bytes;
	readonly #outKey: Bytes;
	readonly #inKey: Bytes;
	#out = 0;
	#in = 0;

	/** `shared` is the ECDH point of both ends' keys, made for this circuit only. */
	constructor(shared: Bytes, tag: Bytes, side: Side) {
		const keys = hkdf(shared, tag, 'sweet/circuit/1', 64);
		const [toCallee, toCaller] = [keys.slice(0, 32), keys.slice(32)];
		[this.#outKey, this.#inKey] = side === 'caller' ? [toCallee, toCaller] : [toCaller, toCallee];
		this.#tag = tag;
	}

	seal({ kind, body }: Piece): Bytes {
		const number = numberBytes(this.#out++);
		const plain = concat(new Uint8Array([pieceKinds[kind]]), body);
		return concat(number, chacha20poly1305(this.#outKey, nonceOf(number), this.#tag).encrypt(plain));
	}

	open(sealed: Bytes): Piece | PieceFault {
		if (sealed.length < 8 + 1 + 16) return 'forged';
		const number = sealed.slice(0, 8);
		let plain: Uint8Array;
		try {
			plain = chacha20poly1305(this.#inKey, nonceOf(number), this.#tag).decrypt(sealed.subarray(8));
		} catch {
			return 'forged';
		}
		const at = Number(new DataView(number.buffer).getBigUint64(0));
		if (at < this.#in) return 'repeated';
		if (at > this.#in) return 'gap';
		this.#in += 1;
		const kind = (Object.keys(pieceKinds) as PieceKind[]).find((name) => pieceKinds[name] === plain[0]);
		return kind ? { kind, body: new Uint8Array(plain.subarray(1)) } : 'forged';
	}
}

function numberBytes(value: number): Bytes {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
	return bytes;
}

const nonceOf = (number: Bytes): Bytes => concat(new Uint8Array(4), number);
