import { decodeFunctionResult, encodeFunctionData, type PublicClient } from 'viem';
import type { Address, ChannelId, Word } from '#lib/channel/address.ts';
import { channelId } from '#lib/channel/typed-data.ts';
import type { ChainReader, Listing, Phase, Standing } from '#lib/channel/ports.ts';
import type { Channel } from '#lib/channel/channel.ts';
import { ok } from '#lib/core/result.ts';
import { abi } from './abi.ts';
import { devChainId, type ChainPlace } from './chains.ts';
import { createEndpoints } from './endpoints.ts';
import { refuse } from './error.ts';

/** Blocks whose logs are asked for at once; halved where an endpoint allows less. */
const logSpan = 50_000n;
const smallestSpan = 5n;
/** Requests for logs before the search ends with what it found. */
const mostLogRequests = 60;
/** How long a transaction may stay unmined before it counts as dropped, ms. */
const minedWithin = 180_000;

const phases: readonly Phase[] = ['none', 'requested', 'open', 'closing', 'closed', 'cancelled'];

type RawListing = Omit<Listing, 'suggester' | 'terms'> & {
	readonly suggester: `0x${string}`;
	readonly terms: Omit<Listing['terms'], 'key'> & { readonly key: `0x${string}` };
};
interface RawStanding {
	readonly phase: number;
	readonly closer: number;
	readonly faulty: boolean;
	readonly deadline: number;
	readonly claimed: number;
	readonly tally: Standing['tally'];
}

const lower = (address: string): Address => address.toLowerCase() as Address;

const listing = ({ suggester, escrow, positive, negative, terms }: RawListing): Listing => ({
	suggester: lower(suggester),
	escrow,
	positive,
	negative,
	terms: { ...terms, key: lower(terms.key) },
});

const standing = ({ phase, closer, faulty, deadline, claimed, tally }: RawStanding): Standing => ({
	phase: phases[phase] ?? 'none',
	closer: closer === 0 ? 'user' : 'suggester',
	faulty,
	deadline,
	claimed,
	tally,
});

const sameStanding = (a: Standing, b: Standing): boolean =>
	a.phase === b.phase &&
	a.deadline === b.deadline &&
	a.tally.rewarded === b.tally.rewarded &&
	a.tally.burned === b.tally.burned;

const head = ({ number, timestamp }: { readonly number: bigint; readonly timestamp: bigint }) => ({
	number,
	time: Number(timestamp),
});

const lowerChannel = (channel: Record<keyof Channel, unknown>): Channel =>
	({
		...channel,
		user: lower(channel.user as string),
		userKey: lower(channel.userKey as string),
		suggester: lower(channel.suggester as string),
		suggesterKey: lower(channel.suggesterKey as string),
	}) as Channel;

/** Asks the contract of one chain. Registry and channels come from single calls, never from an indexer. */
export function createChainReader(place: ChainPlace, patienceMs = minedWithin): ChainReader {
	const address = place.contract;
	const endpoints = createEndpoints(place, 'contract');
	const contract = { address, abi } as const;

	/** Many channels in one call of the contract's own `multicall`, at one block. */
	async function standingsAt(
		client: PublicClient,
		ids: readonly ChannelId[],
		block?: bigint,
	): Promise<readonly Standing[]> {
		const calls = ids.map((id) => encodeFunctionData({ abi, functionName: 'channel', args: [id] }));
		const { result } = await client.simulateContract({
			...contract,
			functionName: 'multicall',
			args: [calls],
			...(block === undefined ? {} : { blockNumber: block }),
		});
		return result.map((data) => standing(decodeFunctionResult({ abi, functionName: 'channel', data })));
	}

	return {
		domain: { chainId: place.chainId, contract: address },
		head: () => endpoints.ask(async (client) => head(await client.getBlock())),
		suggesterCount: () =>
			endpoints.ask(async (client) =>
				Number(await client.readContract({ ...contract, functionName: 'suggesterCount' })),
			),
		listings: (from, count) =>
			endpoints.ask(async (client) => {
				const args = [BigInt(from), BigInt(count)] as const;
				const found = await client.readContract({ ...contract, functionName: 'suggesters', args });
				return found.map(listing);
			}),
		listing: (suggester) =>
			endpoints.ask(async (client) =>
				listing(await client.readContract({ ...contract, functionName: 'account', args: [suggester] })),
			),
		async standings(ids) {
			if (ids.length === 0) return ok([]);
			return endpoints.agree(
				(client, block) => standingsAt(client, ids, block),
				(ones, others) => ones.every((one, at) => others[at] !== undefined && sameStanding(one, others[at])),
			);
		},
		balance: (of) => endpoints.ask((client) => client.getBalance({ address: of })),
		owed: (user) =>
			endpoints.ask((client) => client.readContract({ ...contract, functionName: 'owed', args: [user] })),
		opened: (user) => endpoints.ask((client) => openedFor(client, address, user)),
		async settled(hash: Word) {
			const found = await endpoints.ask(async (client) => {
				let replaced: string | undefined;
				const receipt = await client.waitForTransactionReceipt({
					hash,
					// One more block on top: a receipt may still be reorganised away.
					confirmations: place.chainId === devChainId ? 1 : 2,
					timeout: patienceMs,
					onReplaced: ({ reason }) => (replaced = reason),
				});
				return { receipt, replaced, block: await client.getBlock({ blockHash: receipt.blockHash }) };
			});
			if (!found.ok) return found;
			const { receipt, replaced, block } = found.value;
			if (replaced === 'cancelled' || replaced === 'replaced')
				return refuse('dropped', `the wallet replaced it (${replaced})`);
			if (receipt.status === 'reverted') return refuse('reverted', 'it was mined and reverted');
			return ok(head(block));
		},
	};
}

/** Walks the logs backwards from the newest block in spans an endpoint accepts. */
async function openedFor(client: PublicClient, address: Address, user: Address): Promise<readonly Channel[]> {
	const channels = new Map<ChannelId, Channel>();
	let span = logSpan;
	let to = await client.getBlockNumber();
	for (let requests = 0; requests < mostLogRequests && to >= 0n; requests++) {
		const from = to > span ? to - span : 0n;
		try {
			const range = { address, abi, args: { user }, fromBlock: from, toBlock: to, strict: true } as const;
			const [opened, requested] = await Promise.all([
				client.getContractEvents({ ...range, eventName: 'Opened' }),
				client.getContractEvents({ ...range, eventName: 'Requested' }),
			]);
			const logs = [...opened, ...requested].sort((a, b) => Number(b.blockNumber - a.blockNumber));
			for (const { args } of logs) {
				const channel = lowerChannel(args.channel);
				channels.set(channelId(channel), channel);
			}
			to = from - 1n;
		} catch (fault) {
			if (span <= smallestSpan) throw fault;
			span = span / 4n > smallestSpan ? span / 4n : smallestSpan;
		}
	}
	return [...channels.values()];
}
