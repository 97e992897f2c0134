import { chacha20 } from '@noble/ciphers/chacha.js';
import type { Bytes, PublicKey } from '../brand.ts';
import { concat, equalBytes, utf8 } from '../bytes.ts';
import { err, ok, type Result } from '../result.ts';
import { hkdfExpand, hkdfExtract, hmacSha256 } from './hash.ts';
import { lift, sharedPoint, type SecretKey } from './schnorr.ts';

/**
 * NIP-44 version 2 over raw bytes: no base64, no text. ChaCha20 and HMAC-SHA256, encrypt then MAC, with the
 * message padded to hide its exact length. Associated data has no place in it: bind a context inside.
 */

const version = 2;
const nonceBytes = 32;
const macBytes = 32;
/** Version, nonce, the smallest padded message (length prefix and 32 bytes), MAC. */
const minPayload = 1 + nonceBytes + 2 + 32 + macBytes;
const maxPlaintext = 65_535;

export interface SealError {
	readonly type: 'seal';
	readonly code: 'too-short' | 'unknown-version' | 'bad-mac' | 'bad-padding';
	readonly detail: string;
}

const refuse = (code: SealError['code'], detail: string) => err({ type: 'seal', code, detail } as const);

/**
 * The key both sides of an ECDH share (32 bytes). `peer` is an x-only key or a 33-byte compressed one: only the
 * x coordinate of the shared point counts, so both forms of one key agree. Undefined when it is no curve point.
 */
export function conversationKey(secret: SecretKey, peer: PublicKey | Uint8Array): Bytes | undefined {
	const point = sharedPoint(secret, typeof peer === 'string' ? lift(peer) : peer);
	return point && hkdfExtract(point.subarray(1), utf8('nip44-v2'));
}

/** Length a plaintext of `length` bytes is padded to: 32-byte steps at first, then eighths of the next power of two. */
export function paddedLength(length: number): number {
	if (length <= 32) return 32;
	const nextPower = 2 ** Math.ceil(Math.log2(length));
	const step = nextPower <= 256 ? 32 : nextPower / 8;
	return step * Math.ceil(length / step);
}

function messageKeys(key: Uint8Array, nonce: Uint8Array) {
	const keys = hkdfExpand(key, nonce, 76);
	return { cipher: keys.subarray(0, 32), iv: keys.subarray(32, 44), mac: keys.subarray(44) };
}

/** Seals 1..65535 bytes; `nonce` is 32 fresh random bytes. Result: version, nonce, ciphertext, MAC. */
export function encrypt(plaintext: Uint8Array, key: Uint8Array, nonce: Uint8Array): Bytes {
	if (plaintext.length < 1 || plaintext.length > maxPlaintext) throw new Error('plaintext length');
	if (nonce.length !== nonceBytes) throw new Error('nonce length');
	const keys = messageKeys(key, nonce);
	const padded = new Uint8Array(2 + paddedLength(plaintext.length));
	new DataView(padded.buffer).setUint16(0, plaintext.length);
	padded.set(plaintext, 2);
	const ciphertext = chacha20(keys.cipher, keys.iv, padded);
	const mac = hmacSha256(keys.mac, concat(nonce, ciphertext));
	return concat(new Uint8Array([version]), nonce, ciphertext, mac);
}

/** Opens a payload; whoever does not know `key` can neither read nor alter it. */
export function decrypt(payload: Uint8Array, key: Uint8Array): Result<Bytes, SealError> {
	if (payload.length < minPayload) return refuse('too-short', `${payload.length} bytes`);
	if (payload[0] !== version) return refuse('unknown-version', `version ${payload[0] ?? 0}`);
	const nonce = payload.subarray(1, 1 + nonceBytes);
	const ciphertext = payload.subarray(1 + nonceBytes, -macBytes);
	const keys = messageKeys(key, nonce);
	if (!equalBytes(hmacSha256(keys.mac, concat(nonce, ciphertext)), payload.subarray(-macBytes)))
		return refuse('bad-mac', 'altered, or sealed to another key');
	const padded = chacha20(keys.cipher, keys.iv, ciphertext);
	const length = new DataView(padded.buffer, padded.byteOffset).getUint16(0);
	if (length === 0 || padded.length !== 2 + paddedLength(length))
		return refuse('bad-padding', `length ${length} in ${padded.length} bytes`);
	return ok(new Uint8Array(padded.subarray(2, 2 + length)));
}
