import { readFileSync } from 'node:fs';
import { createWalletClient, http, parseAbi, parseEventLogs } from 'viem';
import { foundry } from 'viem/chains';
import type { Address } from '#lib/channel/address.ts';
import type { Channel, Party, Tally } from '#lib/channel/channel.ts';
import type { ChainCall } from '#lib/channel/ports.ts';
import { afterClose } from '#lib/channel/reputation.ts';
import type { OfferRecord, RoundRecord, StateRecord } from '#lib/channel/rounds/records.ts';
import { split, withBond } from '#lib/channel/settlement.ts';
import { channelId } from '#lib/channel/typed-data.ts';
import { abi } from '#lib/wallet/evm/abi.ts';
import { senderOf } from '#lib/wallet/evm/sender.ts';
import { submitCall } from '#lib/wallet/evm/submit.ts';
import { placeOf } from '../../network/chain/contract.ts';
import { expect, type Tab } from './fixtures.ts';
import type { TestChain } from './memes.ts';

/** What the app never reads. */
const endings = parseAbi([
	'event Closed(bytes32 indexed id, address indexed suggester, uint256 rewarded, uint256 burned)',
	'event BondBurned(bytes32 indexed id, address indexed party, uint256 bond)',
]);

/** Every signature of a channel, as its owner saves them. */
export interface SignedStates {
	readonly offers: readonly OfferRecord[];
	readonly rounds: readonly RoundRecord[];
	readonly states: readonly StateRecord[];
	readonly conflict?: unknown;
}

/** Saves the file of the open channel page. */
export async function signedStates({ page }: Tab): Promise<SignedStates> {
	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Save the signed states' }).click();
	return JSON.parse(readFileSync(await (await download).path(), 'utf8')) as SignedStates;
}

/** The co-signed state after a round. */
export function stateOf({ states }: SignedStates, round: number): StateRecord {
	const state = states.find((one) => one.round === round);
	if (!state) throw new Error(`round ${round} was not kept`);
	return state;
}

/** Sends a transaction from somebody's account past that person's app: what a modified client could do. */
export async function sendAs({ anvil }: TestChain, from: Address, call: ChainCall): Promise<void> {
	await anvil.client.impersonateAccount({ address: from });
	const client = createWalletClient({ account: from, chain: foundry, transport: http(anvil.url) });
	const sent = await submitCall(placeOf(anvil), senderOf(client), call);
	await anvil.client.stopImpersonatingAccount({ address: from });
	if (!sent.ok) throw new Error(`${sent.error.code} ${sent.error.reason ?? ''} ${sent.error.detail}`);
}

/** Time passes on the chain. */
export async function travel({ anvil }: TestChain, seconds: number): Promise<void> {
	await anvil.client.increaseTime({ seconds });
	await anvil.client.mine({ blocks: 1 });
}

/** The person comes back to the tab, which then looks at the chain without waiting for its turn. */
export const comeBack = ({ page }: Tab): Promise<void> =>
	page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')));

/** What the app gave the browser to tell the person: texts of notifications, and the counts on its icon. */
interface News {
	readonly texts: string[];
	readonly counts: number[];
}

/**
 * The person lets the app tell about news. Tabs of tests have no service worker, which would answer for `/config.json`:
 * what it is asked to show is kept instead.
 */
export async function wantNews({ context, page }: Tab): Promise<void> {
	await context.grantPermissions(['notifications']);
	await page.getByRole('link', { name: 'Me', exact: true }).click();
	await page.getByRole('checkbox', { name: /^Tell me about/ }).check();
	await page.evaluate(() => {
		const news: News = { texts: [], counts: [] };
		const showNotification = (_: string, { body = '' }: NotificationOptions) =>
			Promise.resolve(void news.texts.push(body));
		navigator.serviceWorker.getRegistration = () =>
			Promise.resolve({ showNotification } as ServiceWorkerRegistration);
		navigator.setAppBadge = (count = 0) => Promise.resolve(void news.counts.push(count));
		Object.assign(globalThis, { news });
	});
}

export const newsOf = ({ page }: Tab): Promise<News> =>
	page.evaluate(() => (globalThis as unknown as { news: News }).news);

/** The person comes back to the tab, which looks at the chain then, and leaves it for another at once. */
export async function lookAway({ page }: Tab): Promise<void> {
	await page.evaluate(() => {
		document.dispatchEvent(new Event('visibilitychange'));
		Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
	});
}

/** The block that closed a channel, compared to the wei with the block before: balance, escrow, scores, burned. */
export async function expectSettled(
	{ anvil, config }: TestChain,
	channel: Channel,
	tally: Tally,
	contest?: { readonly closer: Party; readonly faulty: boolean },
): Promise<void> {
	const { client } = anvil;
	const place = { abi, address: config.contract } as const;
	const find = () =>
		client.getContractEvents({
			abi: endings,
			address: config.contract,
			eventName: 'Closed',
			args: { id: channelId(channel) },
			fromBlock: 0n,
			strict: true,
		});
	await expect.poll(async () => (await find()).length).toBe(1);
	const [closed] = await find();
	const { blockNumber, transactionHash } = closed!;
	const receipt = await client.getTransactionReceipt({ hash: transactionHash });
	const at = async (block: bigint) => {
		const [account, balance, [burned]] = await Promise.all([
			client.readContract({
				...place,
				functionName: 'account',
				args: [channel.suggester],
				blockNumber: block,
			}),
			client.getBalance({ address: channel.user, blockNumber: block }),
			client.readContract({ ...place, functionName: 'burned', blockNumber: block }),
		]);
		const { escrow, positive, negative } = account;
		return { escrow, balance, burned, scores: { positive, negative } };
	};
	const [before, after] = await Promise.all([at(blockNumber - 1n), at(blockNumber)]);
	const gas = receipt.from.toLowerCase() === channel.user ? receipt.gasUsed * receipt.effectiveGasPrice : 0n;
	const parts = split(channel, tally);
	const all = contest ? withBond(parts, channel.bond, contest.closer, contest.faulty) : parts;
	expect({
		tally: { rewarded: Number(closed!.args.rewarded), burned: Number(closed!.args.burned) },
		user: after.balance - before.balance + gas,
		escrow: after.escrow - before.escrow,
		burned: after.burned - before.burned,
		scores: after.scores,
		bonds: parseEventLogs({ abi: endings, logs: receipt.logs, eventName: 'BondBurned' }).map(
			({ args }) => args.bond,
		),
	}).toEqual({
		tally: { rewarded: tally.rewarded, burned: tally.burned },
		user: all.user,
		escrow: all.escrow,
		burned: all.burned,
		scores: afterClose(before.scores, parts),
		bonds: contest?.faulty ? [channel.bond] : [],
	});
}
