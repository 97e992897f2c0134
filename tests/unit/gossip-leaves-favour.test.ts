import { describe, expect, it } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import { publicKey, secretFrom } from '#lib/core/crypto/schnorr.ts';
import {
	broadcastDigest,
	checkFavour,
	grantAhead,
	favourEpoch,
	favourSeed,
	issueFavour,
	rotateEpoch,
	type EpochKeys,
	type FavourTerms,
} from '#lib/gossip/wire/favour-cookie.ts';
import { meshFrames, type MeshFrameOf } from '#lib/gossip/wire/frames.ts';
import { bytesOf, customerJob, noon } from '../kit/actors.ts';

const peerOf = (name: string) =>
	publicKey(secretFrom(new Uint8Array([...bytesOf(name), ...new Uint8Array(16)])));
const asker = peerOf('Alice');
const granter = peerOf('Gina');
const keys: EpochKeys = { current: bytesOf('epoch 1'), since: noon };
const terms: FavourTerms = {
	asker,
	topic: '/drive/australia' as Topic,
	size: 300,
	scheme: 'sha256',
	complexity: 4_096,
	timestamp: noon,
	validForMs: 60_000,
};
const number = issueFavour(keys.current, terms);

describe('a favour', () => {
	it('is known again on its own terms', () => {
		expect(number).toMatch(/^[0-9a-f]{16}$/);
		expect(checkFavour(keys, number, terms, noon + 1_000).ok).toBe(true);
	});

	it.each<[string, Partial<FavourTerms>]>([
		['another asker', { asker: peerOf('Mallory') }],
		['another topic', { topic: '/drive' as Topic }],
		['another scheme', { scheme: 'sha25' }],
		['a larger job', { size: 301 }],
		['a lower complexity', { complexity: 4_095 }],
		['another time', { timestamp: noon + 1 }],
		['a longer validity', { validForMs: 60_001 }],
	])('is unknown for %s', (_, change) => {
		expect(checkFavour(keys, number, { ...terms, ...change }, noon + 1_000)).toMatchObject({
			ok: false,
			error: { type: 'favour', code: 'favour-unknown' },
		});
	});

	it.each([
		'0000000000000000',
		number.slice(0, 14),
		`${number}00`,
		number.toUpperCase().replace(/^.{15}/, 'zzzzzzzzzzzzzzz'),
		'',
	])('is unknown with the number %j', (forged) => {
		expect(checkFavour(keys, forged, terms, noon)).toMatchObject({ error: { code: 'favour-unknown' } });
	});

	it("is good for its time by the granter's own clock", () => {
		expect(checkFavour(keys, number, terms, noon + 60_000).ok).toBe(true);
		expect(checkFavour(keys, number, terms, noon + 60_001)).toMatchObject({
			error: { code: 'favour-expired' },
		});
	});

	it('is expired when the clock was set back behind it', () => {
		const late = noon - grantAhead - 1;
		expect(checkFavour(keys, number, terms, late)).toMatchObject({ error: { code: 'favour-expired' } });
	});

	it('may have been granted moments ahead of the clock', () => {
		expect(checkFavour(keys, number, terms, noon - 1)).toMatchObject({ ok: true });
	});
});

describe('epoch keys', () => {
	const rotated = rotateEpoch(keys, noon + favourEpoch, () => bytesOf('epoch 2'));

	it('stay for an epoch, then make room for fresh ones', () => {
		expect(rotateEpoch(keys, noon + favourEpoch - 1, () => bytesOf('never'))).toBe(keys);
		expect(rotated.current).toEqual(bytesOf('epoch 2'));
	});

	it('know favours of the epoch before, and no older ones', () => {
		const late = { ...terms, timestamp: noon + favourEpoch - 1 };
		const issued = issueFavour(keys.current, late);
		expect(checkFavour(rotated, issued, late, noon + favourEpoch).ok).toBe(true);
		const twice = rotateEpoch(rotated, noon + 2 * favourEpoch, () => bytesOf('epoch 3'));
		expect(checkFavour(twice, issued, late, noon + favourEpoch)).toMatchObject({
			error: { code: 'favour-unknown' },
		});
	});

	it('rotate when the clock was set back', () => {
		expect(rotateEpoch(keys, noon - 1, () => bytesOf('epoch 2')).current).toEqual(bytesOf('epoch 2'));
	});
});

describe('what a proof binds', () => {
	const job = customerJob();
	const broadcast: MeshFrameOf<'Broadcast'> = {
		kind: 'Broadcast',
		favourNumber: number,
		favourTimestamp: terms.timestamp,
		complexity: terms.complexity,
		proof: new Uint8Array(0),
		ttl: 7,
		core: job.bytes,
		signature: job.signature,
	};
	const frame = meshFrames.encode(broadcast);
	const seed = favourSeed(number, terms, granter, frame);

	it('is the broadcast without its proof', () => {
		const proven = meshFrames.encode({ ...broadcast, proof: new Uint8Array(112).fill(9) });
		expect(broadcastDigest(proven)).toEqual(broadcastDigest(frame));
		expect(favourSeed(number, terms, granter, proven)).toEqual(seed);
	});

	it('is every byte of it', () => {
		const digests = new Set([toHex(broadcastDigest(frame))]);
		for (let at = 0; at < frame.length; at++) {
			// The proof's own length is not part of it.
			if (at === 26 || at === 27) continue;
			const altered = frame.slice();
			altered[at]! ^= 1;
			digests.add(toHex(broadcastDigest(altered)));
		}
		expect(digests.size).toBe(frame.length - 1);
	});

	it('is the favour and both ends of the link', () => {
		const other = peerOf('Mallory');
		const seeds = [
			seed,
			favourSeed('0000000000000000', terms, granter, frame),
			favourSeed(number, terms, other, frame),
			favourSeed(number, { ...terms, asker: other }, granter, frame),
			favourSeed(number, { ...terms, complexity: 1 }, granter, frame),
			favourSeed(number, { ...terms, timestamp: 1 }, granter, frame),
			favourSeed(number, { ...terms, validForMs: 1 }, granter, frame),
			favourSeed(number, { ...terms, topic: '/' as Topic }, granter, frame),
			favourSeed(number, { ...terms, scheme: 'equix' }, granter, frame),
		];
		expect(new Set(seeds.map(toHex)).size).toBe(seeds.length);
	});
});
