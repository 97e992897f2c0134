import { describe, expect, it, vi } from 'vitest';
import type { Millis, MsgId, PublicKey } from '#lib/core/brand.ts';
import { concat, toHex } from '#lib/core/bytes.ts';
import { compressedKey, publicKey, verify } from '#lib/core/crypto/schnorr.ts';
import {
	cancelSigned,
	checkJobTimes,
	coreDigestOf,
	jobSigned,
	msgIdOf,
	readJob,
	shortIdOf,
	signCancel,
	signJob,
} from '#lib/gossip/wire/job.ts';
import { jobKeys, offerKeys } from '#lib/gossip/wire/keys.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { bytesOf, customerJob, noon } from '../kit/actors.ts';

describe('a job', () => {
	const job = customerJob();

	it('is read back from its bytes, and its bytes name it', () => {
		expect(readJob(job.bytes)).toEqual({ ok: true, value: job.core });
		expect(msgIdOf(job.bytes)).toBe(job.msgId);
		expect(shortIdOf(job.msgId)).toBe(job.msgId.slice(0, 16));
		expect(toHex(coreDigestOf(job.bytes))).not.toBe(job.msgId);
	});

	it('carries the signature of its reply key', () => {
		expect(jobSigned(job.bytes, job.signature, job.core, verify)).toBe(true);
	});

	it('costs one signature check', () => {
		const verifier = vi.fn(() => true);
		jobSigned(job.bytes, job.signature, job.core, verifier);
		expect(verifier).toHaveBeenCalledTimes(1);
	});

	it('is signed deterministically: the same job twice is the same bytes', () => {
		expect(signJob(job.core, job.keys.reply)).toEqual({
			msgId: job.msgId,
			bytes: job.bytes,
			signature: job.signature,
		});
	});

	it('is not signed after any change, nor by another key', () => {
		for (let at = 0; at < job.bytes.length; at += 7) {
			const altered = job.bytes.slice();
			altered[at]! ^= 1;
			expect(jobSigned(altered, job.signature, job.core, verify)).toBe(false);
		}
		const other = publicKey(job.keys.thankYou);
		expect(jobSigned(job.bytes, job.signature, { replyKey: other }, verify)).toBe(false);
		const noPoint = 'ff'.repeat(32) as PublicKey;
		expect(jobSigned(job.bytes, job.signature, { replyKey: noPoint }, verify)).toBe(false);
	});

	it.each([
		['an empty string', () => new Uint8Array(0)],
		['its first half', () => job.bytes.slice(0, job.bytes.length / 2)],
		['a byte after it', () => concat(job.bytes, new Uint8Array(1))],
		['an unknown mandatory field', () => concat(job.bytes, new Uint8Array([4, 0, 0]))],
	])('is unreadable as %s', (_, bytes) => {
		expect(readJob(bytes())).toMatchObject({ ok: false, error: { type: 'job', code: 'unreadable' } });
	});

	it('may have optional fields of a later version', () => {
		expect(readJob(concat(job.bytes, new Uint8Array([9, 0, 1, 7])))).toMatchObject({ ok: true });
	});
});

describe('times of a job', () => {
	const day = 24 * 3_600_000;
	it.each<[string, Millis, Millis, string | undefined]>([
		['lasts an hour', noon, noon + 3_600_000, undefined],
		['lasts a week', noon, noon + 7 * day, undefined],
		['comes from a clock a little ahead', noon + 119_000, noon + 3_600_000, undefined],
		['expires now', noon - 1_000, noon, 'expired'],
		['expired', noon - 2 * day, noon - day, 'expired'],
		['was created after it expires', noon + 2_000, noon + 1_000, 'expires-before-created'],
		['was created when it expires', noon, noon, 'expires-before-created'],
		['comes from the future', noon + wireLimits.clockSkew + 1, noon + day, 'from-the-future'],
		['expires in a year', noon, noon + 365 * day, 'expires-too-late'],
		['expires at the end of time', noon, Number.MAX_SAFE_INTEGER, 'expires-too-late'],
	])('one that %s', (_, createdAt, expiresAt, code) => {
		const checked = checkJobTimes({ createdAt, expiresAt }, noon);
		if (code === undefined) expect(checked.ok).toBe(true);
		else expect(checked).toMatchObject({ ok: false, error: { type: 'job', code } });
	});
});

describe('a cancelled job', () => {
	const job = customerJob();
	const cancel = signCancel({ msgId: job.msgId, at: noon, reason: 'Took the bus' }, job.keys.reply);

	it('is cancelled by its reply key only', () => {
		expect(cancelSigned(cancel, job.core.replyKey, verify)).toBe(true);
		expect(cancelSigned(cancel, publicKey(job.keys.thankYou), verify)).toBe(false);
	});

	it.each([
		['another job', { msgId: '00'.repeat(32) as MsgId }],
		['another time', { at: noon + 1 }],
		['another reason', { reason: 'Took the train' }],
	])('does not cancel %s', (_, change) => {
		expect(cancelSigned({ ...cancel, ...change }, job.core.replyKey, verify)).toBe(false);
	});

	it('is not cancelled by the signature of the job itself', () => {
		expect(cancelSigned({ ...cancel, signature: job.signature }, job.core.replyKey, verify)).toBe(false);
	});
});

describe('keys', () => {
	it('come back from seed and salt alone, and from nothing else', () => {
		const salt = bytesOf('salt').slice(0, 16);
		const keys = jobKeys(bytesOf('Alice'), salt);
		expect(jobKeys(bytesOf('Alice'), salt)).toEqual(keys);
		const others = [
			jobKeys(bytesOf('Mallory'), salt).reply,
			jobKeys(bytesOf('Alice'), bytesOf('pepper')).reply,
			keys.thankYou,
		];
		for (const other of others) expect(other).not.toEqual(keys.reply);
	});

	it('of two offers share nothing, also for the same salt', () => {
		const { msgId } = customerJob();
		const other = customerJob({ message: 'Another' }).msgId;
		const salt = bytesOf('salt').slice(0, 16);
		const points = [offerKeys(bytesOf('Bob'), msgId, salt), offerKeys(bytesOf('Bob'), other, salt)].flatMap(
			({ ephemeral, replier }) => [toHex(compressedKey(ephemeral)), toHex(compressedKey(replier))],
		);
		expect(new Set(points).size).toBe(4);
	});
});
