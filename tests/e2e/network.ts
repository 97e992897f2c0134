import { expect, type Locator } from '@playwright/test';
import type { Tab } from './fixtures.ts';
import { go } from './gigs.ts';

/** What a person reads on the page Network. */

const section = ({ page }: Tab, name: string | RegExp): Locator => page.getByRole('region', { name });

/** First letters of the tab's own key, as its neighbours show it. The page is left at Network. */
export async function peerId(tab: Tab): Promise<string> {
	await go(tab, 'Network');
	const shown = tab.page.locator('p', { hasText: 'This node:' }).locator('.mono');
	return shown.innerText();
}

/** The ledger's entry about a neighbour. */
export const ledgerOf = (tab: Tab, peer: string): Locator =>
	section(tab, 'Thank-you ledger').locator('li.card', { hasText: peer.slice(0, 8) });

/** A number of it, by its name. */
export const ledgerFact = (tab: Tab, peer: string, name: string): Locator =>
	ledgerOf(tab, peer).locator('dl > div').filter({ hasText: name }).getByRole('definition');

/** Expected hashes a neighbour is asked for now, 0 = on credit, as the ledger says. */
export async function askedNow(tab: Tab, peer: string): Promise<number> {
	const text = await ledgerOf(tab, peer).innerText();
	if (text.includes('nothing, on credit')) return 0;
	return hashes(text);
}

/** The number in "256 hashes" or "1.2K hashes". */
export function hashes(text: string): number {
	const [, value = '', unit = ''] = /([\d.,]+)([KMBT]?) hashes/.exec(text) ?? [];
	expect(value, text).not.toBe('');
	const scale = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 }[unit] ?? 1;
	return Number(value.replaceAll(',', '')) * scale;
}

/** A number in the section Work, by its name. */
export const workFact = (tab: Tab, name: string): Locator =>
	section(tab, 'Work')
		.locator('div', { has: tab.page.getByText(name, { exact: true }) })
		.getByRole('definition');

/** Hashes a second of a tab's device, once its node has measured it. */
export async function speed(tab: Tab): Promise<number> {
	await go(tab, 'Network');
	await expect(workFact(tab, 'Measured speed')).toContainText('hashes a second');
	const [, value = '', unit = ''] =
		/([\d.]+)([KMB]?) hashes/.exec(await workFact(tab, 'Measured speed').innerText()) ?? [];
	return Number(value) * ({ K: 1e3, M: 1e6, B: 1e9 }[unit] ?? 1);
}

export const relayLine = (tab: Tab, url: string): Locator =>
	section(tab, 'Relays').getByRole('listitem').filter({ hasText: url });

export const meshState = (tab: Tab): Locator => tab.page.locator('section.state');
