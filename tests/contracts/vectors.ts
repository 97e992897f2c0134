/**
 * Test vectors of the channel: made by the TypeScript of the app, read back by its unit tests and by the Solidity
 * tests, which open and contest real channels with these signatures.
 *
 *   node tests/contracts/vectors.ts       renews tests/vectors/channel.json
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from '../../src/lib/channel/address.ts';
import { channelLimits, channelToJson, type Channel, type Tally } from '../../src/lib/channel/channel.ts';
import { split } from '../../src/lib/channel/settlement.ts';
import { channelId, digest, domainSeparator, type Domain, type Message } from '../../src/lib/channel/typed-data.ts';
import { toHex } from '../../src/lib/core/bytes.ts';
import { channelOf, sign } from './cast.ts';
import { root } from './foundry.ts';
import { seeded, type Seeded } from './random.ts';

const vectorSeed = 0x5c0_7c4;
export const expiry = 2_000_000_000;

/** Random terms that the contract would open, of all sizes up to the limits. */
export function randomTerms(random: Seeded, maxRounds = random.pick([1, 8, 1000, 2 ** 31])): Partial<Channel> {
	const userBurn = random.bits(1 + random.below(64)) + 1n;
	const rounds = 1 + random.below(maxRounds);
	return {
		userBurn,
		reward: random.bits(96) % (userBurn + 1n),
		suggesterBurn: random.bits(1 + random.below(64)),
		bond: random.bits(96) % (BigInt(rounds) * userBurn + 1n),
		rounds,
		window: channelLimits.minWindow + random.below(channelLimits.maxWindow - channelLimits.minWindow + 1),
		salt: random.bits(64),
	};
}

export function randomTally(random: Seeded, rounds: number): Tally {
	const rewarded = random.below(rounds + 1);
	return { rewarded, burned: random.below(rounds - rewarded + 1) };
}

const edges: readonly (readonly [Partial<Channel>, Tally])[] = [
	[{ rounds: 1, reward: 0n, userBurn: 1n, suggesterBurn: 0n, bond: 0n }, { rewarded: 0, burned: 0 }],
	[{ rounds: 1, reward: 1n, userBurn: 1n, suggesterBurn: 1n, bond: 1n }, { rewarded: 1, burned: 0 }],
	[{ rounds: 100, reward: 99n, userBurn: 99n, suggesterBurn: 1n, bond: 0n }, { rewarded: 1, burned: 99 }],
	[{ rounds: 101, reward: 1n, userBurn: 1n, suggesterBurn: 7n, bond: 0n }, { rewarded: 100, burned: 1 }],
	[{ window: channelLimits.minWindow, salt: channelLimits.salt }, { rewarded: 20, burned: 0 }],
	[{ window: channelLimits.maxWindow, salt: 0n }, { rewarded: 0, burned: 20 }],
];

function vector(domain: Domain, channel: Channel, tally: Tally) {
	const messages = {
		approval: { primaryType: 'Approval', channel, expiry },
		round: { primaryType: 'Round', channel, tally },
		close: { primaryType: 'Close', channel, tally },
	} as const satisfies Record<string, Message>;
	const parts = split(channel, tally);
	const hex = (message: Message) => `0x${toHex(digest(domain, message))}`;
	return {
		channel: channelToJson(channel),
		id: channelId(channel),
		tally,
		split: Object.fromEntries(Object.entries(parts).map(([name, amount]) => [name, String(amount)])),
		digests: { approval: hex(messages.approval), round: hex(messages.round), close: hex(messages.close) },
		signatures: {
			approval: sign(domain, messages.approval, 'suggesterKey'),
			userRound: sign(domain, messages.round, 'userKey'),
			suggesterRound: sign(domain, messages.round, 'suggesterKey'),
			userClose: sign(domain, messages.close, 'userKey'),
			suggesterClose: sign(domain, messages.close, 'suggesterKey'),
		},
	};
}

/** Fixed on purpose: the vectors must not change with the bytecode. */
const domain: Domain = { chainId: 31_337, contract: `0x${'e1'.repeat(20)}` as Address };

export function vectors() {
	const random = seeded(vectorSeed);
	const cases = edges.map(([terms, tally], i) => vector(domain, channelOf(BigInt(i), terms), tally));
	for (let i = 0; i < 26; i++) {
		const channel = channelOf(0n, randomTerms(random));
		cases.push(vector(domain, channel, randomTally(random, channel.rounds)));
	}
	return { domain, domainSeparator: domainSeparator(domain), expiry, count: cases.length, cases };
}

if (import.meta.main)
	writeFileSync(
		join(root, 'tests/vectors/channel.json'),
		`${JSON.stringify(vectors(), null, '\t')}\n`,
	);
