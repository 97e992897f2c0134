import { encodeFunctionData, decodeFunctionResult, hashTypedData, type Abi, type Hex } from 'viem';
import type { Channel, Party, Tally } from '../../src/lib/channel/channel.ts';
import { judge, type Verdict } from '../../src/lib/channel/contest.ts';
import { afterClose, type Reputation } from '../../src/lib/channel/reputation.ts';
import { split, suggesterDeposit, userDeposit, withBond } from '../../src/lib/channel/settlement.ts';
import {
	channelId,
	digest,
	domainSeparator,
	walletRequest,
	type Domain,
	type Message,
} from '../../src/lib/channel/typed-data.ts';
import { toHex } from '../../src/lib/core/bytes.ts';
import { addressOf, both, cast, channelOf, sign } from './cast.ts';
import { startChain } from './chain.ts';
import { artifact } from './foundry.ts';
import { seeded, type Seeded } from './random.ts';
import { expiry, randomTally, randomTerms } from './vectors.ts';

/** Says what does not agree; the runner counts. */
export class Disagreement extends Error {}

function same(what: string, chain: unknown, ours: unknown): void {
	const text = (value: unknown) =>
		JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
	if (text(chain) !== text(ours)) throw new Disagreement(`${what}: chain ${text(chain)}, ours ${text(ours)}`);
}

interface Standing {
	readonly phase: number;
	readonly faulty: boolean;
	readonly deadline: number;
	readonly claimed: number;
	readonly tally: Tally;
}

const phases = { closing: 3, closed: 4 };

/**
 * Random channels on an anvil of its own: ids, payouts and typed data by calls, then whole contests by transactions
 * with signatures of the app, each compared with what the pure TypeScript says must happen.
 */
export async function agree(seed: number, calls: number, contests: number): Promise<number> {
	const { abi, bytecode } = artifact('ScorchedEarthETH');
	const chain = await startChain();
	try {
		for (const account of Object.values(cast)) await chain.fund(account.address, 10n ** 27n);
		const { address } = await chain.deploy(bytecode.object, cast.stranger);
		const domain: Domain = { chainId: 31_337, contract: address.toLowerCase() as Domain['contract'] };
		const random = seeded(seed);
		const read = <T>(functionName: string, args: readonly unknown[] = []) =>
			chain.client.readContract({ abi, address, functionName, args }) as Promise<T>;

		same('domain separator', await read('domainSeparator'), domainSeparator(domain));
		let checks = 1;
		checks += await compareCalls(read, abi, domain, random, calls);

		const send = (functionName: string, args: readonly unknown[], from: keyof typeof cast, value = 0n) =>
			chain.send({ abi, address, functionName, args, from: cast[from], value });
		const terms = {
			reward: 1n,
			userBurn: 1n,
			maxRounds: 1,
			window: 600,
			suggesterBurn: 1n,
			key: addressOf('suggesterKey'),
			bond: 0n,
			url: 'sweet:key?r=relay',
		};
		await send('advertise', [terms, 10n ** 26n], 'suggester', 10n ** 26n);
		let reputation: Reputation = { positive: 0n, negative: 0n };
		for (let i = 0; i < contests; i++) {
			const channel = channelOf(0n, randomTerms(random, 8));
			const result = await contest(channel, { read, send, domain, random });
			reputation = afterClose(reputation, result);
			const listing = await read<Reputation>('account', [addressOf('suggester')]);
			same('positive score', listing.positive, reputation.positive);
			same('negative score', listing.negative, reputation.negative);
			checks += 8;
		}
		return checks;
	} finally {
		chain.stop();
	}
}

type Read = <T>(functionName: string, args?: readonly unknown[]) => Promise<T>;
type Send = (
	functionName: string,
	args: readonly unknown[],
	from: keyof typeof cast,
	value?: bigint,
) => Promise<unknown>;

async function compareCalls(read: Read, abi: Abi, domain: Domain, random: Seeded, count: number) {
	const cases = Array.from({ length: count }, () => {
		const channel = channelOf(0n, randomTerms(random));
		return { channel, tally: randomTally(random, channel.rounds) };
	});
	const encoded = cases.flatMap(({ channel, tally }) => [
		encodeFunctionData({ abi, functionName: 'channelId', args: [channel] }),
		encodeFunctionData({ abi, functionName: 'payout', args: [channel, tally] }),
	]);
	const results = await readMulticall(read, encoded);
	for (const [i, { channel, tally }] of cases.entries()) {
		const result = (functionName: string, at: number) =>
			decodeFunctionResult({ abi, functionName, data: results[at] ?? '0x' });
		same('id', result('channelId', 2 * i), channelId(channel));
		same('payout', result('payout', 2 * i + 1), split(channel, tally));
		const messages: Message[] = [
			{ primaryType: 'Approval', channel, expiry },
			{ primaryType: 'Round', channel, tally },
			{ primaryType: 'Close', channel, tally },
			{ primaryType: 'Init', channel, transport: channelId(channel) },
			{
				primaryType: 'Offer',
				channel,
				offer: { round: tally.rewarded, sha256: channelId(channel), size: tally.burned, mime: 'image/png' },
			},
		];
		for (const message of messages)
			same(
				`${message.primaryType} digest`,
				hashTypedData(walletRequest(domain, message) as never),
				`0x${toHex(digest(domain, message))}`,
			);
	}
	return cases.length * 7;
}

/** `multicall` is no view, but can be asked as one. */
async function readMulticall(read: Read, calls: readonly Hex[]): Promise<readonly Hex[]> {
	const results: Hex[] = [];
	for (let i = 0; i < calls.length; i += 100)
		results.push(...(await read<readonly Hex[]>('multicall', [calls.slice(i, i + 100)])));
	return results;
}

interface Table {
	readonly read: Read;
	readonly send: Send;
	readonly domain: Domain;
	readonly random: Seeded;
}

/** One channel from opening to the end by a random contest; gives what it must have paid. */
async function contest(
	channel: Channel,
	{ read, send, domain, random }: Table,
) {
	const id = channelId(channel);
	const approval = sign(domain, { primaryType: 'Approval', channel, expiry }, 'suggesterKey');
	const escrow = await read<{ escrow: bigint }>('account', [channel.suggester]);
	await send('open', [channel, expiry, approval], 'user', userDeposit(channel));

	const closer: Party = random.pick(['user', 'suggester']);
	const [self, other] = closer === 'user' ? (['user', 'suggester'] as const) : (['suggester', 'user'] as const);
	const claim = randomTally(random, channel.rounds);
	const signed = both(domain, 'Round', channel, claim);
	await send('startClose', [channel, claim, signed[other]], self, channel.bond);
	let standing = await read<Standing>('channel', [id]);
	same('claim', standing.tally, claim);
	let faulty = false;

	for (let move = 0; move < 3 && standing.phase === phases.closing; move++) {
		const shown = randomTally(random, channel.rounds);
		const sender = random.pick([other, 'stranger', self] as const);
		const { user, suggester } = both(domain, 'Round', channel, shown);
		const verdict: Verdict = judge(
			{
				closer,
				deadline: standing.deadline,
				standing: standing.tally,
				claimed: standing.claimed,
			},
			shown,
			sender === other ? 'counterparty' : 'anyone',
		);
		const accepted = await send('challenge', [channel, shown, user, suggester], sender).then(
			() => true,
			() => false,
		);
		same('challenge accepted', accepted, verdict.effect !== 'none');
		standing = await read<Standing>('channel', [id]);
		if (verdict.effect === 'none') continue;
		faulty = verdict.faulty;
		same('effect', standing.phase, verdict.effect === 'settles' ? phases.closed : phases.closing);
		same('shown state stands', standing.tally, shown);
	}
	if (standing.phase === phases.closing) await send('affirm', [channel], other === 'user' ? 'userKey' : 'suggesterKey');
	standing = await read<Standing>('channel', [id]);
	same('closed', standing.phase, phases.closed);

	const parts = withBond(split(channel, standing.tally), channel.bond, closer, faulty);
	const listing = await read<{ escrow: bigint }>('account', [channel.suggester]);
	same('escrow', listing.escrow, escrow.escrow - suggesterDeposit(channel) + parts.escrow);
	return parts;
}
