import { expect, type Locator } from '@playwright/test';
import type { Address } from '#lib/channel/address.ts';
import type { ChainConfig } from '#lib/channel/chain-config.ts';
import { channelToJson, parseChannel, type Channel } from '#lib/channel/channel.ts';
import type { ChainReader, Listing } from '#lib/channel/ports.ts';
import { abi } from '#lib/wallet/evm/abi.ts';
import { createChainReader } from '#lib/wallet/evm/reads.ts';
import { startAnvil, type Anvil } from '../../network/chain/anvil.ts';
import { deployOn, placeOf } from '../../network/chain/contract.ts';
import { pamsPictures } from '../../network/pictures/memes.ts';
import { configOf, test as base, type Tab, type TabOptions } from './fixtures.ts';
import { startTwin, type Twin } from './twin.ts';

/** A chain with the contract, one for each test: its time may be moved on. */
export interface TestChain {
	readonly anvil: Anvil;
	readonly config: ChainConfig;
	readonly reader: ChainReader;
}

/** A relay, a suggester's tab on it that is on the list, and how to open tabs beside it. */
export interface Scene {
	readonly options: TabOptions;
	readonly suggester: Tab;
	readonly account: Address;
}

interface Fixtures {
	chain: TestChain;
	/** Sets a studio up with these terms, the usual ones unless given. */
	scene: (terms?: TermsInput, pictures?: number) => Promise<Scene>;
	/** Starts a caller of suggesters that says what the test says. */
	twin: (options: TabOptions) => Twin;
}

export const test = base.extend<Fixtures>({
	chain: async ({}, use) => {
		const started = await startAnvil({ port: 0, blockTime: 0 });
		if (!started.ok) throw new Error(started.error.detail);
		const anvil = started.value;
		await deployOn(anvil);
		const place = placeOf(anvil);
		const config: ChainConfig = {
			id: place.chainId,
			name: 'This machine',
			rpcs: place.rpcs,
			contract: place.contract,
			coin: 'ETH',
			money: 'play',
		};
		await use({ anvil, config, reader: createChainReader(place) });
		anvil.stop();
	},
	scene: ({ relay, tab, chain }, use) =>
		use(async (terms = usualTerms, pictures = 12) => {
			const options = { relays: [await relay()], chains: [chain.config] };
			const suggester = await tab(options);
			return { options, suggester, account: await openStudio(suggester, chain, terms, pictures) };
		}),
	twin: async ({ pool }, use) => {
		const twins: Twin[] = [];
		await use((options) => {
			const twin = startTwin(configOf(options), pool);
			twins.push(twin);
			return twin;
		});
		for (const twin of twins) twin.stop();
	},
});

/** Passes a value on, or ends the test with what was said. */
export async function must<T>(
	asked: Promise<{ ok: true; value: T } | { ok: false; error: { detail: string } }>,
): Promise<T> {
	const answer = await asked;
	if (!answer.ok) throw new Error(answer.error.detail);
	return answer.value;
}

export interface TermsInput {
	readonly reward: string;
	readonly userBurn: string;
	readonly suggesterBurn: string;
	readonly bond?: string;
	readonly escrow?: string;
	readonly maxRounds?: string;
	readonly hours?: string;
}

export const usualTerms: TermsInput = {
	reward: '0.002',
	userBurn: '0.003',
	suggesterBurn: '0.005',
	bond: '0.004',
	escrow: '0.3',
};

export const memesTab = (tab: Tab, name: string): Locator =>
	tab.page.getByRole('navigation', { name: 'Memes sections' }).getByRole('link', { name, exact: true });

/** Reaches /memes by its link. */
export async function goToMemes(tab: Tab, list: 'Suggesters' | 'My channels' | 'Studio'): Promise<void> {
	await tab.page
		.getByRole('navigation', { name: 'Main' })
		.getByRole('link', { name: /^Memes/ })
		.click();
	await memesTab(tab, list).click();
	await expect(memesTab(tab, list)).toHaveAttribute('aria-current', 'page');
}

export async function connectBuiltIn(tab: Tab): Promise<void> {
	const connect = tab.page.getByRole('button', { name: 'Connect Built-in wallet' });
	await connect.click();
	await expect(connect).toBeHidden();
}

/** Fills the form of terms and puts it on the chain. */
export async function advertise(tab: Tab, terms: TermsInput): Promise<void> {
	const form = tab.page.getByRole('region', { name: 'Terms' });
	const fill = async (label: string, value: string | undefined) => {
		if (value !== undefined) await form.getByLabel(label).fill(value);
	};
	await fill('A reward pays you', terms.reward);
	await fill('A burn costs the user', terms.userBurn);
	await fill('A burn costs you', terms.suggesterBurn);
	await fill('Bond for leaving alone', terms.bond);
	await fill('Add to the escrow', terms.escrow);
	await fill('Most pictures in a channel', terms.maxRounds);
	await fill('Hours to object', terms.hours);
	await form.getByRole('button', { name: 'Put it on the chain' }).click();
}

/** Sets a studio up from nothing: wallet, account, pictures, terms. Gives the account once it is listed. */
async function openStudio(tab: Tab, chain: TestChain, terms: TermsInput, pictures: number): Promise<Address> {
	const { page } = tab;
	await goToMemes(tab, 'Studio');
	await connectBuiltIn(tab);
	await page.getByRole('button', { name: 'Suggest with this account' }).click();
	await page.locator('input[type=file]').setInputFiles(
		pamsPictures()
			.slice(0, pictures)
			.map(({ name, bytes }) => ({ name, mimeType: 'image/png', buffer: Buffer.from(bytes) })),
	);
	await expect(
		page.getByRole('heading', { name: `Pictures (${Math.min(pictures, pamsPictures().length)})` }),
	).toBeVisible();
	const before = await must(chain.reader.suggesterCount());
	await advertise(tab, terms);
	await expect(page.getByText('You are not on the list yet')).toBeHidden();
	await expect.poll(() => must(chain.reader.suggesterCount())).toBe(before + 1);
	const [listing] = await must(chain.reader.listings(before, 1));
	return (listing as Listing).suggester;
}

export const short = (address: Address): RegExp =>
	new RegExp(`^${address.slice(0, 6)}….*${address.slice(-4)}`, 'i');

/** Opens the page of a suggester from the list. */
export async function openSuggester(tab: Tab, suggester: Address): Promise<void> {
	await goToMemes(tab, 'Suggesters');
	await tab.page.getByRole('link', { name: short(suggester) }).click();
	await expect(tab.page.getByRole('heading', { name: 'Open a channel' })).toBeVisible();
}

/** Opens a channel by the built-in wallet; its page is open and it asks for the first answer afterwards. */
export async function openChannel(tab: Tab, suggester: Address, rounds: number): Promise<void> {
	await openSuggester(tab, suggester);
	await connectBuiltIn(tab);
	await tab.page.getByLabel('Pictures').fill(String(rounds));
	await tab.page.getByRole('button', { name: /^Open for/ }).click();
	await expectState(tab, 'Open');
}

/** All that this chain has burned so far, wei. */
export async function burnedOn({ anvil, config }: TestChain): Promise<bigint> {
	const [total] = await anvil.client.readContract({
		address: config.contract,
		abi,
		functionName: 'burned',
	});
	return total;
}

/** The channel whose page is open, as the chain's log tells it. */
export async function channelOf({ page }: Tab, { anvil, config }: TestChain): Promise<Channel> {
	const id = new URL(page.url()).pathname.split('/').at(-1) as `0x${string}`;
	const [opened] = await anvil.client.getContractEvents({
		abi,
		address: config.contract,
		eventName: 'Opened',
		args: { id },
		fromBlock: 0n,
		strict: true,
	});
	return must(Promise.resolve(parseChannel(channelToJson(opened!.args.channel as unknown as Channel))));
}

export const channelHead = ({ page }: Tab): Locator => page.locator('main header.card');

export async function expectState(tab: Tab, state: string): Promise<void> {
	await expect(channelHead(tab).getByText(state, { exact: true })).toBeVisible();
}

/** Answers the open picture and signs at once. */
export async function answer(tab: Tab, kind: 'Reward' | 'Burn', reason?: string): Promise<void> {
	const { page } = tab;
	const before = await page
		.getByRole('region', { name: 'What you signed' })
		.getByRole('listitem')
		.allInnerTexts();
	const button = page.getByRole('button', { name: new RegExp(`^${kind}`) });
	await expect(button).toBeVisible();
	if (reason !== undefined) {
		await page.locator('summary', { hasText: 'Say why' }).click();
		await page.getByRole('textbox', { name: 'Say why' }).fill(reason);
	}
	await button.click();
	await page.getByRole('button', { name: 'Sign it now' }).click();
	const signed = before.filter((line) => line.startsWith('#')).length + 1;
	await expect(
		page.getByRole('region', { name: 'What you signed' }).getByText(`#${signed}`, { exact: true }),
	).toBeVisible();
}

/** Confirms leaving together. */
export async function leave(tab: Tab): Promise<void> {
	await tab.page.getByRole('button', { name: 'Leave', exact: true }).click();
	await tab.page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click();
}

/** A user copies its channel for a watcher, who takes it on. @returns the channel in the watcher's list. */
export async function giveToWatcher(user: Tab, watcher: Tab): Promise<Locator> {
	await user.context.grantPermissions(['clipboard-read', 'clipboard-write']);
	await user.page.getByRole('button', { name: 'Copy for a watcher' }).click();
	await expect(user.page.getByText('Copied. Give it to somebody')).toBeVisible();
	const blob = await user.page.evaluate(() => navigator.clipboard.readText());
	await goToMemes(watcher, 'My channels');
	const list = watcher.page.getByRole('region', { name: 'Watched for others' });
	await list.getByText('Watch over somebody’s channel').click();
	await list.getByLabel('The text they gave you').fill('not such a text');
	await list.getByRole('button', { name: 'Watch over it' }).click();
	await expect(watcher.page.getByText('That text is not a state to watch over.')).toBeVisible();
	await list.getByLabel('The text they gave you').fill(blob);
	await list.getByRole('button', { name: 'Watch over it' }).click();
	return list.getByRole('listitem');
}
