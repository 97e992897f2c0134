import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Address } from '#lib/channel/address.ts';
import { channelToJson, parseChannel, round, type Channel, type Tally } from '#lib/channel/channel.ts';
import { judge } from '#lib/channel/contest.ts';
import { split, suggesterDeposit, userDeposit } from '#lib/channel/settlement.ts';
import { addressOf, recoverSigner, signDigest } from '#lib/channel/signature.ts';
import { channelId, digest, type Domain } from '#lib/channel/typed-data.ts';
import { secretFrom } from '#lib/core/crypto/schnorr.ts';

const seed = 0x5ee7;
const addressFrom = (n: number, fill: string) =>
	`0x${n.toString(16).padStart(8, fill)}${fill.repeat(32)}` as Address;

/** Channels the contract would open, with all their numbers up to the limits. */
const channels: fc.Arbitrary<Channel> = fc
	.record({
		who: fc.nat(),
		userBurn: fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }),
		rewardShare: fc.bigInt({ min: 0n, max: 1000n }),
		suggesterBurn: fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }),
		rounds: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
		window: fc.integer({ min: 600, max: 2_592_000 }),
		salt: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
	})
	.map(({ who, rewardShare, ...rest }) => ({
		user: addressFrom(who, 'a'),
		userKey: addressFrom(who, 'b'),
		suggester: addressFrom(who, 'c'),
		suggesterKey: addressFrom(who, 'd'),
		reward: (rest.userBurn * rewardShare) / 1000n,
		bond: rest.userBurn,
		...rest,
	}));

const played = channels.chain((channel) =>
	fc
		.tuple(fc.nat(channel.rounds), fc.nat(channel.rounds))
		.map(([a, b]): { channel: Channel; tally: Tally } => ({
			channel,
			tally: { rewarded: Math.min(a, b), burned: Math.abs(a - b) },
		})),
);

test('what goes out is what came in, and nothing is ever negative', () => {
	fc.assert(
		fc.property(played, ({ channel, tally }) => {
			const parts = split(channel, tally);
			expect(parts.user + parts.escrow + parts.burned).toBe(userDeposit(channel) + suggesterDeposit(channel));
			for (const amount of Object.values(parts)) expect(amount >= 0n).toBe(true);
		}),
		{ seed, numRuns: 2000 },
	);
});

test('burning never pays the user better than rewarding, and always costs the suggester', () => {
	fc.assert(
		fc.property(played, ({ channel, tally }) => {
			fc.pre(round(tally) < channel.rounds);
			const rewarded = split(channel, { ...tally, rewarded: tally.rewarded + 1 });
			const burned = split(channel, { ...tally, burned: tally.burned + 1 });
			expect(burned.user <= rewarded.user).toBe(true);
			expect(burned.escrow <= rewarded.escrow).toBe(true);
		}),
		{ seed, numRuns: 1000 },
	);
});

test('a channel survives its JSON, and its id is only its own', () => {
	fc.assert(
		fc.property(channels, channels, (one, other) => {
			expect(parseChannel(JSON.parse(JSON.stringify(channelToJson(one))))).toEqual({ ok: true, value: one });
			expect(channelId(one) === channelId(other)).toBe(
				JSON.stringify(channelToJson(one)) === JSON.stringify(channelToJson(other)),
			);
		}),
		{ seed, numRuns: 300 },
	);
});

test('no JSON value makes the parser throw', () => {
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			expect(parseChannel(value).ok).toBe(false);
		}),
		{ seed, numRuns: 2000 },
	);
});

test('a signature tells its signer for every key and message', () => {
	const domain: Domain = { chainId: 8453, contract: addressFrom(1, 'e') };
	fc.assert(
		fc.property(played, fc.uint8Array({ minLength: 48, maxLength: 48 }), ({ channel, tally }, entropy) => {
			const key = secretFrom(new Uint8Array(entropy));
			const signed = digest(domain, { primaryType: 'Round', channel, tally });
			expect(recoverSigner(signed, signDigest(signed, key))).toBe(addressOf(key));
		}),
		{ seed, numRuns: 30 },
	);
});

test('an honest closer is never at fault, whatever is shown', () => {
	const history = fc.array(fc.boolean(), { maxLength: 12 });
	fc.assert(
		fc.property(history, fc.boolean(), fc.boolean(), (answers, unanswered, rewarded) => {
			const tally = (length: number): Tally => {
				const burned = answers.slice(0, length).filter((burn) => burn).length;
				return { rewarded: length - burned, burned };
			};
			const last = tally(answers.length);
			const claim = { deadline: 0, standing: last, claimed: round(last) };
			const states = answers.map((_, i) => tally(i));
			// A user signed one state of each round and none after the last: nothing beats its claim.
			for (const shown of [...states, last])
				expect(judge({ ...claim, closer: 'user' }, shown, 'counterparty')).toEqual({ effect: 'none' });
			// A suggester also signed both outcomes of the round it never saw answered.
			const next = rewarded ? { ...last, rewarded: last.rewarded + 1 } : { ...last, burned: last.burned + 1 };
			const verdict = judge({ ...claim, closer: 'suggester' }, unanswered ? next : last, 'counterparty');
			expect(verdict).toEqual(unanswered ? { effect: 'settles', faulty: false } : { effect: 'none' });
		}),
		{ seed, numRuns: 500 },
	);
});
