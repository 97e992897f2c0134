import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerId, Topic } from '#lib/core/brand.ts';
import { publicKey, secretFrom } from '#lib/core/crypto/schnorr.ts';
import { favourSeed, issueFavour, type FavourTerms } from '#lib/gossip/wire/favour-cookie.ts';
import { meshFrames, type MeshFrameOf } from '#lib/gossip/wire/frames.ts';
import { scan } from '#lib/pow/kernel.ts';
import { largestDigest, powSeed, preimageOf, proofOf, subPuzzles } from '#lib/pow/scheme.ts';
import { verifyProof } from '#lib/pow/verify.ts';
import { bytesOf, customerJob, noon } from '../kit/actors.ts';

const runs = { seed: 20_261_120, numRuns: 400 };
/**
 * 2^16 expected hashes a sub-puzzle. A wrong seed spoils all 16, a flipped bit of the proof only one: one in 65,536 of
 * those is another good proof for the same favour, and none is among these fixed runs.
 */
const complexity = 16 * 2 ** 16;

const solve = (seed: Uint8Array) =>
	proofOf(
		Array.from({ length: subPuzzles }, (_, index) => ({
			index,
			nonce: scan(preimageOf(seed, index), 0, 2 ** 24, largestDigest(complexity)),
		})),
	);

const flipped = (bytes: Uint8Array<ArrayBuffer>, bit: number) => {
	const at = bit % (bytes.length * 8);
	return bytes.with(at >> 3, (bytes[at >> 3] ?? 0) ^ (1 << (at & 7)));
};

describe('a solved proof', () => {
	const keyOf = (name: string) =>
		publicKey(secretFrom(new Uint8Array([...bytesOf(name), ...bytesOf(name).slice(16)])));
	const terms: FavourTerms = {
		asker: keyOf('Alice'),
		topic: '/drive/australia/sydney' as Topic,
		size: 300,
		scheme: 'sha256',
		complexity,
		timestamp: noon,
		validForMs: 60_000,
	};
	const number = issueFavour(bytesOf('epoch'), terms);
	const peer = keyOf('Bob');
	const job = customerJob();
	const unproven: MeshFrameOf<'Broadcast'> = {
		kind: 'Broadcast',
		favourNumber: number,
		favourTimestamp: terms.timestamp,
		complexity,
		proof: new Uint8Array(0),
		ttl: 9,
		core: job.bytes,
		signature: job.signature,
	};
	const proof = solve(favourSeed(number, terms, peer, meshFrames.encode(unproven)));
	const frame = meshFrames.encode({ ...unproven, proof });
	const passes = (bytes: Uint8Array, given = proof, agreed = terms, from = number, to: PeerId = peer) =>
		verifyProof(favourSeed(from, agreed, to, bytes), complexity, given).ok;

	it('passes', () => {
		expect(passes(frame)).toBe(true);
	});

	it('is refused with any bit of it flipped', () => {
		fc.assert(
			fc.property(fc.nat(proof.length * 8 - 1), (bit) => {
				expect(passes(frame, flipped(proof, bit))).toBe(false);
			}),
			runs,
		);
	});

	it('is refused with any bit of the broadcast flipped', () => {
		// Bytes 26 and 27 are the proof's length: another one is another proof.
		const positions = fc.nat(frame.length * 8 - 1).filter((bit) => {
			const at = bit >> 3;
			return at < 26 || at >= 28 + proof.length;
		});
		fc.assert(
			fc.property(positions, (bit) => {
				expect(passes(flipped(frame, bit))).toBe(false);
			}),
			runs,
		);
	});

	it('is refused on any other terms', () => {
		const changes: fc.Arbitrary<Partial<FavourTerms>> = fc.oneof(
			fc.nat().map((n) => ({ timestamp: noon + 1 + n })),
			fc.nat().map((n) => ({ validForMs: 60_001 + n })),
			fc.nat().map((n) => ({ complexity: complexity + 1 + n })),
			fc.string({ minLength: 1 }).map((more) => ({ scheme: `sha256${more}` })),
			fc.stringMatching(/^[a-z]{1,8}$/).map((more) => ({ topic: `${terms.topic}/${more}` as Topic })),
			fc.constant({ asker: peer }),
		);
		fc.assert(
			fc.property(changes, (change) => {
				expect(passes(frame, proof, { ...terms, ...change })).toBe(false);
			}),
			runs,
		);
		expect(passes(frame, proof, terms, '0011223344556677')).toBe(false);
		expect(passes(frame, proof, terms, number, terms.asker)).toBe(false);
	});

	it('of another length is refused', () => {
		fc.assert(
			fc.property(fc.nat(300), (length) => {
				fc.pre(length !== proof.length);
				expect(passes(frame, new Uint8Array(length))).toBe(false);
			}),
			runs,
		);
	});
});

describe('the seed of a proof', () => {
	const texts = fc.stringMatching(/^[a-z/]{0,12}$/);

	it('keeps its fields apart: moving letters between them makes another seed', () => {
		const seedOf = (scheme: string, topic: string) =>
			powSeed({
				scheme,
				topic,
				favourNumber: '00'.repeat(8),
				favourTimestamp: 0,
				complexity,
				expiresAt: 0,
				asker: '00'.repeat(32),
				peer: '00'.repeat(32),
				digest: new Uint8Array(32),
			});
		fc.assert(
			fc.property(texts, texts, texts, texts, (a, b, c, d) => {
				fc.pre(a !== c || b !== d);
				expect(seedOf(a, b)).not.toEqual(seedOf(c, d));
			}),
			runs,
		);
	});
});
