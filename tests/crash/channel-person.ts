import { expect as playwrightExpect, type Page } from '@playwright/test';
import type { Address } from '#lib/channel/address.ts';
import type { Reaction } from '#lib/channel/rounds/records.ts';

/** A browser that recovers from a kill on a busy machine takes its time. */
const expect = playwrightExpect.configure({ timeout: 60_000 });

const signed = (page: Page) => page.getByRole('region', { name: 'What you signed' });
const button = (page: Page, kind: Reaction) =>
	page.getByRole('button', { name: kind === 'reward' ? /^Reward/ : /^Burn/ });

/** Opens a channel by the built-in wallet. @returns the address of its page. */
export async function openChannel(
	page: Page,
	url: string,
	suggester: Address,
	rounds: number,
): Promise<string> {
	await page.goto(`${url}/memes`);
	const start = new RegExp(`^${suggester.slice(0, 6)}….*${suggester.slice(-4)}`, 'i');
	await page.getByRole('link', { name: start }).click({ timeout: 60_000 });
	await page.getByRole('button', { name: 'Connect Built-in wallet' }).click({ timeout: 60_000 });
	await page.getByLabel('Pictures').fill(String(rounds));
	await page.getByRole('button', { name: /^Open for/ }).click();
	await expect(page).toHaveURL(/\/memes\/channel\/0x/);
	await expect(button(page, 'reward')).toBeVisible();
	return page.url();
}

/** Chooses; the time to undo runs. */
export async function tap(page: Page, kind: Reaction): Promise<void> {
	await expect(button(page, kind)).toBeVisible();
	await button(page, kind).click();
	await expect(page.getByRole('button', { name: 'Sign it now' })).toBeVisible();
}

export const sign = (page: Page): Promise<void> => page.getByRole('button', { name: 'Sign it now' }).click();

/** Waits until an answer is on disk, as the person is told. */
export async function expectSigned(page: Page, round: number): Promise<void> {
	await expect(signed(page).getByText(`#${round}`, { exact: true })).toBeVisible();
}

/** Waits until the other side has everything that was signed. */
export async function expectAcknowledged(page: Page, round: number): Promise<void> {
	await expectSigned(page, round);
	await expect(signed(page).getByText('not confirmed by the other side yet')).toHaveCount(0);
}

/** The answer to a round that this browser kept, once it has come to itself; undefined when it may still be chosen. */
export async function keptAnswer(page: Page, round: number): Promise<Reaction | undefined> {
	const line = signed(page)
		.getByRole('listitem')
		.filter({ has: page.getByText(`#${round}`, { exact: true }) });
	await expect(line.or(button(page, 'reward')).first()).toBeVisible();
	if ((await line.count()) === 0) return undefined;
	const said = (await line.textContent()) ?? '';
	if (said.includes('Rewarded') === said.includes('Burned')) throw new Error(`no answer in: ${said}`);
	return said.includes('Rewarded') ? 'reward' : 'burn';
}
