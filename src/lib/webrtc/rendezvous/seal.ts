import type { Bytes, PublicKey } from '#lib/core/brand.ts';
import { conversationKey, decrypt, encrypt, type SealError } from '#lib/core/crypto/nip44.ts';
import type { Random } from '#lib/core/random.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { WireError } from '#lib/core/wire/error.ts';
import type { Identity } from '../ports.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { BoundedMap } from '#lib/core/bounded-map.ts';
import { rendezvousLimits, sealedFrames, type SealedFrame, type SealedMessage } from './records.ts';

export interface EnvelopeError {
	readonly type: 'envelope';
	readonly code: 'bad-key' | 'not-base64' | 'wrong-recipient' | 'bad-size';
	readonly detail: string;
}

/** Seals messages between two keys (NIP-44 v2): only they can read one, and only they can have written it. */
export interface Sealer {
	/** Base64 for an event's content. */
	seal(message: SealedMessage, from: Identity): Result<string, EnvelopeError>;
	open(
		content: string,
		to: Identity,
		from: PublicKey,
	): Result<SealedFrame, EnvelopeError | SealError | WireError>;
}

/** Conversations whose key is remembered; computing one costs about as much as a signature. */
const rememberedKeys = 128;

const refuse = (code: EnvelopeError['code'], detail: string) =>
	err({ type: 'envelope', code, detail } as const);

/** Encodes with zeros up to the next of the fixed sizes. */
function padded(message: SealedMessage): Bytes {
	const frame = { ...message, padding: new Uint8Array() } as SealedFrame;
	const bytes = sealedFrames.encode(frame);
	const size = rendezvousLimits.sealedSizes.find((each) => each >= bytes.length) ?? bytes.length;
	return sealedFrames.encode({ ...frame, padding: new Uint8Array(size - bytes.length) });
}

export function createSealer(random: Random): Sealer {
	const keys = new BoundedMap<string, Bytes>(rememberedKeys);
	const keyBetween = (own: Identity, peer: string): Bytes | undefined => {
		const name = `${own.id}${peer}`;
		const key = keys.get(name) ?? conversationKey(own.secret, peer as PublicKey);
		if (key) keys.set(name, key);
		return key;
	};
	return {
		seal(message, from) {
			const key = keyBetween(from, message.to);
			if (!key) return refuse('bad-key', `${message.to} is no public key`);
			return ok(toBase64(encrypt(padded(message), key, random.bytes(32))));
		},
		open(content, to, from) {
			const payload = fromBase64(content);
			if (!payload) return refuse('not-base64', 'content is not base64');
			const key = keyBetween(to, from);
			if (!key) return refuse('bad-key', `${from} is no public key`);
			const plaintext = decrypt(payload, key);
			if (!plaintext.ok) return plaintext;
			const size = plaintext.value.length;
			if (!rendezvousLimits.sealedSizes.some((each) => each === size))
				return refuse('bad-size', `${size} bytes`);
			const frame = sealedFrames.decode(plaintext.value);
			if (!frame.ok) return frame;
			// ECDH gives both ends the same key: without this check one's own message could be sent back to one.
			if (frame.value.to !== to.id) return refuse('wrong-recipient', 'sealed for another key');
			return ok(frame.value);
		},
	};
}
