import type { Bytes, ReplyId } from '#lib/core/brand.ts';
import { concat, hexBytes, utf8 } from '#lib/core/bytes.ts';
import { taggedHash } from '#lib/core/crypto/hash.ts';
import type { DirectFrame } from './frames.ts';

type Verdict = Extract<DirectFrame, { kind: 'Ack' }>['verdict'];

/** What both ends of a Validate call know. */
export interface ValidationTranscript {
	readonly replyId: ReplyId;
	readonly verdict: Verdict;
	readonly coreDigest: Bytes;
	readonly replyDigest: Bytes;
	/** 16 random bytes of the customer, fresh for each question. */
	readonly challenge: Bytes;
	/** SHA-256 DTLS fingerprints of the call, the caller's first: an Ack is worth nothing on another link. */
	readonly fingerprints: readonly [Bytes, Bytes];
}

/** What an Ack signs: a tagged hash with each part's length fixed or before it. */
export const ackDigest = (transcript: ValidationTranscript): Bytes => {
	const verdict = utf8(transcript.verdict);
	return taggedHash(
		'sweet/1/ack',
		concat(
			hexBytes(transcript.replyId),
			new Uint8Array([verdict.length]),
			verdict,
			transcript.coreDigest,
			transcript.replyDigest,
			transcript.challenge,
			...transcript.fingerprints.flatMap((print) => [new Uint8Array([print.length]), print]),
		),
	);
};
