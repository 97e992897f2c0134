import type { Bytes, Hex, Millis, MsgId, PublicKey } from '#lib/core/brand.ts';
import { concat, hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256, taggedHash } from '#lib/core/crypto/hash.ts';
import { sign, type SecretKey, type Verifier } from '#lib/core/crypto/schnorr.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { Writer } from '#lib/core/wire/cursor.ts';
import { decodeRecord, encodeRecord } from '#lib/core/wire/record.ts';
import { jobCore, type JobCore, type MeshFrameOf } from './frames.ts';
import { wireLimits } from '../limits.ts';

export interface JobError {
	readonly type: 'job';
	readonly code: 'unreadable' | 'from-the-future' | 'expired' | 'expires-too-late' | 'expires-before-created';
	readonly detail: string;
}

const refuse = (code: JobError['code'], detail: string) => err({ type: 'job', code, detail } as const);

/** Tagged hash of a job's bytes: its name everywhere. */
export const msgIdOf = (coreBytes: Uint8Array): MsgId => toHex(taggedHash('sweet/1/msg', coreBytes)) as MsgId;

/** First 8 bytes of a MsgId, in hex: enough to say "I have that one". */
export const shortIdOf = (msgId: MsgId): Hex => msgId.slice(0, 16);

/** SHA-256 of a job's bytes, as a Validate frame repeats it. */
export const coreDigestOf = (coreBytes: Uint8Array): Bytes => sha256(coreBytes);

export interface SignedJob {
	readonly msgId: MsgId;
	/** The core's bytes, as they travel and as everybody hashes them. */
	readonly bytes: Bytes;
	readonly signature: Bytes;
}

/** Signs a job with the secret behind `core.replyKey`. The signature is over the MsgId. */
export function signJob(core: JobCore, replySecret: SecretKey): SignedJob {
	const bytes = encodeRecord(jobCore, core);
	const msgId = msgIdOf(bytes);
	return { msgId, bytes, signature: sign(hexBytes(msgId), replySecret) };
}

/**
 * Parses a job's bytes. Times are not judged here: a stored job is read long after it expired.
 * There is one encoding of each value, so bytes and value stand for each other.
 */
export function readJob(coreBytes: Uint8Array): Result<JobCore, JobError> {
	const core = decodeRecord(jobCore, coreBytes);
	return core.ok ? core : refuse('unreadable', `${core.error.code}: ${core.error.detail}`);
}

/** Whether a job may be carried at this node's time `now`. */
export function checkJobTimes(
	core: Pick<JobCore, 'createdAt' | 'expiresAt'>,
	now: Millis,
): Result<undefined, JobError> {
	const { createdAt, expiresAt } = core;
	if (expiresAt <= createdAt) return refuse('expires-before-created', `${expiresAt} <= ${createdAt}`);
	if (expiresAt <= now) return refuse('expired', `${now - expiresAt} ms ago`);
	if (createdAt > now + wireLimits.clockSkew)
		return refuse('from-the-future', `created ${createdAt - now} ms from now`);
	if (expiresAt > now + wireLimits.expiryAhead + wireLimits.clockSkew)
		return refuse('expires-too-late', `in ${expiresAt - now} ms`);
	return ok(undefined);
}

/** Whether `signature` is the reply key's over exactly these bytes. One signature check: do cheaper ones first. */
export const jobSigned = (
	coreBytes: Uint8Array,
	signature: Bytes,
	core: Pick<JobCore, 'replyKey'>,
	verifier: Verifier,
): boolean => verifier(signature, hexBytes(msgIdOf(coreBytes)), core.replyKey);

type Cancel = MeshFrameOf<'CancelJob'>;

function cancelDigest(cancel: Pick<Cancel, 'msgId' | 'at' | 'reason'>): Bytes {
	const at = new Writer();
	at.u64(cancel.at);
	return taggedHash('sweet/1/cancel', concat(hexBytes(cancel.msgId), at.done(), utf8(cancel.reason)));
}

/** The signed withdrawal of a job. */
export const signCancel = (
	cancel: { readonly msgId: MsgId; readonly at: Millis; readonly reason: string },
	replySecret: SecretKey,
): Cancel => ({ kind: 'CancelJob', ...cancel, signature: sign(cancelDigest(cancel), replySecret) });

/** Whether the customer behind `replyKey` really withdrew the job. */
export const cancelSigned = (cancel: Cancel, replyKey: PublicKey, verifier: Verifier): boolean =>
	verifier(cancel.signature, cancelDigest(cancel), replyKey);
