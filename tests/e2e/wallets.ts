import type { BrowserContext } from '@playwright/test';
import type { SpendingPolicy } from '#lib/app/wallet/protocol.ts';
import { defaultPolicy } from '#lib/app/wallet/initial.ts';
import type { Account } from '#lib/wallet/lightning/ledger/account.ts';
import type { PlayMoney } from '../../network/play-money.ts';
import { expect, type Tab } from './fixtures.ts';
import { go } from './gigs.ts';
import type { Peer } from './peer.ts';

/** Wallets of tabs and of peers without a page, over the real wallet protocol and its play money. */

const noted = (tab: Tab, text: string) => tab.page.getByRole('status').filter({ hasText: text });

/** Pastes a connection string, as a person does. The page is left at Wallet. */
export async function connect(tab: Tab, uri: string): Promise<void> {
	const { page } = tab;
	await go(tab, 'Wallet');
	await page.getByText('Paste a connection').click();
	await page.getByLabel('Connection string').fill(uri);
	await page.getByRole('button', { name: 'Connect', exact: true }).click();
	await expect(noted(tab, 'Answers')).toBeVisible();
}

/** The rules' fields, as a person reads them. */
const labels = {
	auto: 'One payment',
	ownReply: 'From who replies to your jobs',
	reply: 'For carrying a reply',
} as const;

/** Changes rules on the page Wallet, and saves them. Amounts are sats, as typed. */
export async function setRules(
	tab: Tab,
	amounts: { readonly [K in keyof typeof labels]?: string },
	prefer?: 'With sats',
): Promise<void> {
	const rules = tab.page.getByRole('form', { name: 'Limits and prices' });
	if (amounts.auto !== undefined) await rules.getByText('What may leave without asking').click();
	for (const [name, amount] of Object.entries(amounts))
		await rules.getByLabel(labels[name as keyof typeof labels], { exact: true }).fill(amount);
	if (prefer !== undefined) await rules.getByRole('radio', { name: prefer }).check();
	await rules.getByRole('button', { name: 'Save' }).click();
	await expect(noted(tab, 'Saved')).toBeVisible();
}

/** A peer without a page gets a wallet with a thousand sats and rules of its own. */
export async function equip(
	peer: Peer,
	money: PlayMoney,
	name: string,
	rules: Partial<SpendingPolicy>,
): Promise<void> {
	const { uri } = money.open(name, 1_000);
	for (const done of [
		await peer.command('connectWallet', { kind: 'nwc', uri }),
		await peer.command('setSpending', { ...defaultPolicy, ...rules }),
	])
		expect(done).toMatchObject({ ok: true });
	await peer.until('lightning', ({ connection }) => connection?.capabilities.pay === true);
}

export function accountOf(money: PlayMoney, name: string): Account {
	const account = money.account(name);
	if (!account) throw new Error(`no wallet ${name}`);
	return account;
}

/** What each wallet holds, sats; what is locked has left it. */
export const held = (money: PlayMoney, ...names: readonly string[]): number[] =>
	names.map((name) => accountOf(money, name).balance / 1_000);

/**
 * Gives a browser a WebLN provider that pays out of an account of the play money. It only pays, as most of them do.
 */
export const withExtension = (money: PlayMoney, purse: Account) => async (context: BrowserContext) => {
	await context.exposeFunction('payFromExtension', (invoice: string) => {
		const paid = money.ledger.pay(purse, invoice);
		return paid.ok ? (paid.value.preimage ?? '') : '';
	});
	await context.addInitScript(() => {
		const page = window as unknown as {
			payFromExtension(invoice: string): Promise<string>;
			webln: unknown;
		};
		page.webln = {
			enable: () => Promise.resolve(),
			sendPayment: async (invoice: string) => ({ preimage: await page.payFromExtension(invoice) }),
		};
	});
};

/** Connects the wallet that the browser itself has. The page is left at Wallet. */
export async function connectExtension(tab: Tab): Promise<void> {
	await go(tab, 'Wallet');
	await tab.page.getByRole('button', { name: 'Use this browser’s wallet' }).click();
	await expect(noted(tab, 'Answers')).toBeVisible();
}
