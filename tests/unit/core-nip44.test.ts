import { describe, expect, it } from 'vitest';
import type { PublicKey } from '#lib/core/brand.ts';
import { concat, hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { conversationKey, decrypt, encrypt, paddedLength } from '#lib/core/crypto/nip44.ts';
import { compressedKey, publicKey, type SecretKey } from '#lib/core/crypto/schnorr.ts';
import vectors from '../vectors/nip44.json' with { type: 'json' };

const secret = (hex: string) => hexBytes(hex) as SecretKey;
const payloadOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const first = vectors.encrypt_decrypt[0]!;

describe('NIP-44 version 2, official vectors', () => {
	it.each(vectors.get_conversation_key)(
		'derives the conversation key of $sec1',
		({ sec1, pub2, conversation_key }) => {
			expect(toHex(conversationKey(secret(sec1), pub2 as PublicKey)!)).toBe(conversation_key);
		},
	);

	it.each(vectors.invalid_conversation_key)('has no conversation key: $note', ({ sec1, pub2 }) => {
		expect(conversationKey(secret(sec1), pub2 as PublicKey)).toBeUndefined();
	});

	it.each(vectors.calc_padded_len)('pads %i bytes to %i', (length, padded) => {
		expect(paddedLength(length)).toBe(padded);
	});

	it.each(vectors.encrypt_decrypt)('seals and opens $plaintext', (vector) => {
		const { sec1, sec2, conversation_key, nonce, plaintext, payload } = vector;
		const key = conversationKey(secret(sec1), publicKey(secret(sec2)))!;
		expect(toHex(key)).toBe(conversation_key);
		expect(encrypt(utf8(plaintext), key, hexBytes(nonce))).toEqual(payloadOf(payload));
		const theirs = conversationKey(secret(sec2), publicKey(secret(sec1)))!;
		expect(decrypt(payloadOf(payload), theirs)).toEqual({ ok: true, value: utf8(plaintext) });
	});

	it.each(vectors.invalid_decrypt)('refuses $note as $code', ({ conversation_key, payload, code }) => {
		const opened = decrypt(payloadOf(payload), hexBytes(conversation_key));
		expect(opened).toMatchObject({ ok: false, error: { type: 'seal', code } });
	});

	it.each(vectors.invalid_decrypt_lengths)('refuses a payload of %i bytes', (length) => {
		const opened = decrypt(new Uint8Array(length).fill(2), hexBytes(first.conversation_key));
		expect(opened).toMatchObject({ ok: false, error: { code: 'too-short' } });
	});
});

describe('conversation key', () => {
	it('is the same for an x-only key and both compressed forms of it', () => {
		const mine = secret(first.sec1);
		const theirs = secret(first.sec2);
		const compressed = compressedKey(theirs);
		const mirrored = concat(new Uint8Array([compressed[0]! ^ 1]), compressed.subarray(1));
		const key = conversationKey(mine, publicKey(theirs));
		expect(conversationKey(mine, compressed)).toEqual(key);
		expect(conversationKey(mine, mirrored)).toEqual(key);
	});
});

describe('a sealed payload', () => {
	const key = hexBytes(first.conversation_key);

	it('opens for no other key', () => {
		const other = key.slice();
		other[31]! ^= 1;
		const opened = decrypt(payloadOf(first.payload), other);
		expect(opened).toMatchObject({ ok: false, error: { code: 'bad-mac' } });
	});

	it('is refused with any one bit changed', () => {
		const payload = payloadOf(first.payload);
		for (let bit = 0; bit < payload.length * 8; bit++) {
			const altered = payload.slice();
			altered[bit >> 3]! ^= 1 << (bit & 7);
			const code = bit < 8 ? 'unknown-version' : 'bad-mac';
			expect(decrypt(altered, key)).toMatchObject({ ok: false, error: { code } });
		}
	});

	it('has a plaintext of 1..65535 bytes', () => {
		const nonce = new Uint8Array(32);
		expect(() => encrypt(new Uint8Array(0), key, nonce)).toThrow('length');
		expect(() => encrypt(new Uint8Array(65_536), key, nonce)).toThrow('length');
		const longest = new Uint8Array(65_535).fill(7);
		expect(decrypt(encrypt(longest, key, nonce), key)).toEqual({ ok: true, value: longest });
	});
});
