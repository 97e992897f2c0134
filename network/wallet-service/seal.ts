import type { Bytes, PublicKey } from '#lib/core/brand.ts';
import { fromUtf8, utf8 } from '#lib/core/bytes.ts';
import { conversationKey, decrypt, encrypt } from '#lib/core/crypto/nip44.ts';
import type { SecretKey } from '#lib/core/crypto/schnorr.ts';
import type { Random } from '#lib/core/random.ts';
import { fromBase64, toBase64 } from '#lib/webrtc/rendezvous/base64.ts';

/** Seals and opens NIP-47 contents between a wallet and one client: NIP-44 v2, as base64 text of JSON. */
export interface Sealer {
	seal(value: unknown): string;
	/** `undefined` when it is not sealed to us by the client, or is no JSON. */
	open(content: string): unknown;
}

export function createSealer(secret: SecretKey, client: PublicKey, random: Random): Sealer | undefined {
	const key: Bytes | undefined = conversationKey(secret, client);
	if (!key) return undefined;
	return {
		seal: (value) => toBase64(encrypt(utf8(JSON.stringify(value)), key, random.bytes(32))),
		open(content) {
			const payload = fromBase64(content);
			const plain = payload && decrypt(payload, key);
			const text = plain?.ok ? fromUtf8(plain.value) : undefined;
			if (text === undefined) return undefined;
			try {
				return JSON.parse(text) as unknown;
			} catch {
				return undefined;
			}
		},
	};
}
