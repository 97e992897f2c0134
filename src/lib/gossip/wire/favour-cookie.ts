import type { Bytes, Hex, Millis, PeerId, Topic } from '#lib/core/brand.ts';
import { concat, equalBytes, hexBytes, fromHex, toHex, utf8 } from '#lib/core/bytes.ts';
import { hmacSha256, sha256 } from '#lib/core/crypto/hash.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { Writer } from '#lib/core/wire/cursor.ts';
import { powSeed } from '#lib/pow/scheme.ts';

/**
 * A favour is `number:timestamp`. The number is a MAC over the terms, so that granting one keeps no state:
 * whoever comes back with it proves what was asked and when, and can use it for nothing else.
 */

/** How long one epoch key issues, ms: longer than a favour lives, so that the key before it can be forgotten then. */
export const favourEpoch = 10 * 60_000;

export interface FavourTerms {
	readonly asker: PeerId;
	readonly topic: Topic;
	/** Bytes of the job it is for: the price depends on them. */
	readonly size: number;
	readonly scheme: string;
	/** Expected hashes asked for; 0 = carried on credit. */
	readonly complexity: number;
	/** Issuer's clock when it was granted, ms. */
	readonly timestamp: Millis;
	/** How long it is good, ms by the issuer's clock. */
	readonly validForMs: number;
}

/** The issuer's secret MAC keys, 32 random bytes each. */
export interface EpochKeys {
	readonly current: Bytes;
	/** Key of the epoch before, whose favours are still good for a while. */
	readonly previous?: Bytes;
	/** When `current` began to issue, issuer's clock. */
	readonly since: Millis;
}

/** The keys to use from `now` on: the same, or rotated with `fresh` (32 random bytes) as the new current key. */
export const rotateEpoch = (keys: EpochKeys, now: Millis, fresh: () => Bytes): EpochKeys =>
	now >= keys.since && now - keys.since < favourEpoch
		? keys
		: { current: fresh(), previous: keys.current, since: now };

/** The favour's number: 64 bits of HMAC-SHA256 over asker, timestamp, validity, complexity, size, scheme and topic. */
export function issueFavour(epochKey: Bytes, terms: FavourTerms): Hex {
	const scheme = utf8(terms.scheme);
	const message = new Writer();
	message.bytes(hexBytes(terms.asker));
	message.u64(terms.timestamp);
	message.u64(terms.validForMs);
	message.u64(terms.complexity);
	message.u16(terms.size);
	message.u8(scheme.length);
	message.bytes(scheme);
	message.bytes(sha256(utf8(terms.topic)));
	return toHex(hmacSha256(epochKey, message.done()).subarray(0, 8));
}

/**
 * Favours granted within one millisecond get moments of their own, up to so much ahead of the clock, ms: the same
 * asker, topic and moment would make the same number, which can be used only once.
 */
export const grantAhead = 1_000;

export interface FavourError {
	readonly type: 'favour';
	readonly code: 'favour-unknown' | 'favour-expired';
	readonly detail: string;
}

/** Whether this node granted `number` on exactly these terms and it is still good. Single use is the caller's memory. */
export function checkFavour(
	keys: EpochKeys,
	number: Hex,
	terms: FavourTerms,
	now: Millis,
): Result<undefined, FavourError> {
	const age = now - terms.timestamp;
	// An own timestamp lies further in the future only when the clock was set back: nobody can tell how old it is.
	if (age < -grantAhead || age > terms.validForMs)
		return err({ type: 'favour', code: 'favour-expired', detail: `granted ${age} ms ago` });
	const given = fromHex(number, 8);
	const candidates = keys.previous ? [keys.current, keys.previous] : [keys.current];
	if (given && candidates.some((key) => equalBytes(hexBytes(issueFavour(key, terms)), given)))
		return ok(undefined);
	return err({ type: 'favour', code: 'favour-unknown', detail: 'not granted by this node on these terms' });
}

/** Where `proof` stands in an encoded Broadcast: after version, type, favour number, timestamp and complexity. */
const proofAt = 2 + 8 + 8 + 8;

/**
 * SHA-256 of an encoded Broadcast with its proof taken out (its length set to 0): what the proof binds. The same
 * before solving and after, and over the bytes as sent, so that it covers fields this version does not know.
 */
export function broadcastDigest(frame: Uint8Array): Bytes {
	const proofLength = new DataView(frame.buffer, frame.byteOffset).getUint16(proofAt);
	return sha256(
		concat(frame.subarray(0, proofAt), new Uint8Array(2), frame.subarray(proofAt + 2 + proofLength)),
	);
}

/**
 * Seed of the proof that pays for a favour: bound to the favour, both ends of the link and every byte of the broadcast.
 *
 * @param number the favour's number. @param peer who granted it. @param frame the encoded Broadcast, proven or not yet.
 */
export const favourSeed = (
	number: Hex,
	terms: Omit<FavourTerms, 'size'>,
	peer: PeerId,
	frame: Uint8Array,
): Bytes =>
	powSeed({
		scheme: terms.scheme,
		favourNumber: number,
		favourTimestamp: terms.timestamp,
		complexity: terms.complexity,
		expiresAt: terms.timestamp + terms.validForMs,
		asker: terms.asker,
		peer,
		topic: terms.topic,
		digest: broadcastDigest(frame),
	});
