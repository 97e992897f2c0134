import type { Bytes, MsgId, ReplyId } from '#lib/core/brand.ts';
import { hexBytes, toHex } from '#lib/core/bytes.ts';
import { hkdf, sha256 } from '#lib/core/crypto/hash.ts';
import { sharedPoint, type SecretKey } from '#lib/core/crypto/schnorr.ts';

/**
 * The thank-you secret of one reply (32 bytes): customer and worker compute the same from `t` and `E`, or `e`
 * and `T`; nobody else can. One secret per reply, because a secret shared by all replies would let a middleman
 * who saw one worker thanked claim from every other. Undefined when the other key is no curve point.
 *
 * @param mySecret `t` of the job or `e` of the offer.
 * @param theirCompressed the other side's key, 33 bytes.
 */
export function thankYouSecret(
	mySecret: SecretKey,
	theirCompressed: Uint8Array,
	msgId: MsgId,
): Bytes | undefined {
	const point = sharedPoint(mySecret, theirCompressed);
	return point && hkdf(point, hexBytes(msgId), 'sweet/1/thankyou', 32);
}

/** SHA-256 of the secret: what travels with the reply, and what a hold invoice can be locked to. */
export const paymentHashOf = (secret: Uint8Array): Bytes => sha256(secret);

/** Name of a reply: first 16 bytes of SHA-256 of its ephemeral key. */
export const replyIdOf = (ephemeralKey: Uint8Array): ReplyId =>
	toHex(sha256(ephemeralKey).subarray(0, 16)) as ReplyId;
