import { expect, type Locator } from '@playwright/test';
import type { Tab } from './fixtures.ts';

/**
 * What a person does, by the names a person sees. Places are reached by links: a page load would start the node
 * of the tab anew.
 */

type Place = 'Gigs' | 'Activity' | 'Network' | 'Wallet' | 'Me';

export async function go(tab: Tab, place: Place): Promise<void> {
	const { page } = tab;
	const places = page.getByRole('navigation', { name: 'Main' });
	// The network's page is behind the connection pill.
	if (place === 'Network') await pill(tab).click();
	else await places.getByRole('link', { name: new RegExp(`^${place}\\b`) }).click();
	await expect(page.getByRole('heading', { level: 1, name: place })).toBeVisible();
}

/** Opens one of the three lists under Gigs. */
export async function goToGigs(tab: Tab, list: 'Find work' | 'My jobs' | 'My offers'): Promise<void> {
	await go(tab, 'Gigs');
	const link = tab.page
		.getByRole('navigation', { name: 'Gigs sections' })
		.getByRole('link', { name: new RegExp(`^${list}`) });
	await link.click();
	await expect(link).toHaveAttribute('aria-current', 'page');
}

/** The connection pill says how many peers and relays there are. */
export const pill = ({ page }: Tab): Locator => page.getByRole('link', { name: /^Connection:/ });

/** Without any peer the pill says why instead of a number. */
export async function expectPeers(tab: Tab, count: number, more: 'exactly' | 'or more' = 'exactly') {
	const peers = () =>
		pill(tab)
			.innerText()
			.then((text) => Number.parseInt(text, 10) || 0);
	if (more === 'exactly') await expect.poll(peers).toBe(count);
	else await expect.poll(peers).toBeGreaterThanOrEqual(count);
}

export async function follow(tab: Tab, ...topics: string[]): Promise<void> {
	await goToGigs(tab, 'Find work');
	await tab.page.getByRole('button', { name: 'Choose topics' }).first().click();
	const dialog = tab.page.getByRole('dialog', { name: 'Topics you follow' });
	for (const topic of topics) {
		await dialog.getByRole('textbox', { name: 'Topic' }).fill(topic);
		await dialog.getByRole('button', { name: 'Follow', exact: true }).click();
		await expect(dialog.getByRole('button', { name: `Stop following ${topic}`, exact: true })).toBeVisible();
	}
	await dialog.getByRole('button', { name: 'Done' }).click();
	await expect(dialog).toBeHidden();
}

export interface Draft {
	readonly text: string;
	readonly topic: string;
	readonly budget?: readonly [amount: string, unit: string];
}

/** Fills in the form for a new job and leaves it open. */
export async function writeJob(tab: Tab, { text, topic, budget }: Draft): Promise<void> {
	const { page } = tab;
	await go(tab, 'Gigs');
	await page.getByRole('link', { name: 'Post a job' }).first().click();
	await page.getByRole('textbox', { name: 'What do you need?' }).fill(text);
	await page.getByRole('textbox', { name: 'Topic' }).fill(topic);
	if (!budget) return;
	await page.getByRole('textbox', { name: 'Amount' }).fill(budget[0]);
	await page.getByRole('combobox', { name: 'Unit' }).fill(budget[1]);
}

/** Posts a job; its page is open afterwards. */
export async function postJob(tab: Tab, draft: Draft): Promise<void> {
	await writeJob(tab, draft);
	await tab.page.getByRole('button', { name: 'Post the job' }).click();
	await expect(tab.page).toHaveURL(/\/gigs\/[0-9a-f]{64}$/);
	await expect(jobHead(tab).getByText(draft.text)).toBeVisible();
}

/** Posts a job and waits until a neighbour carries it. */
export async function postAndSend(tab: Tab, draft: Draft): Promise<void> {
	await postJob(tab, draft);
	await expectJob(tab, 'Open');
}

export async function openMyJob(tab: Tab, text: string): Promise<void> {
	await goToGigs(tab, 'My jobs');
	await tab.page.getByRole('link', { name: text }).click();
	await expect(jobHead(tab).getByText(text)).toBeVisible();
}

/** Top of a job's page: its words, its state, who acts next. The same for customer and worker. */
export const jobHead = ({ page }: Tab): Locator => page.locator('main header.card');

export async function expectJob(tab: Tab, status: string): Promise<void> {
	await expect(jobHead(tab).getByText(status, { exact: true })).toBeVisible();
}

export const carriers = ({ page }: Tab): Locator => page.getByRole('region', { name: 'Who carries it' });

/** A line of `carriers`, by the neighbour it is about. */
export const carrier = (tab: Tab, peer: string): Locator =>
	carriers(tab)
		.getByRole('listitem')
		.filter({ hasText: peer.slice(0, 8) });

export const timeline = ({ page }: Tab): Locator => page.getByRole('region', { name: 'What happened' });

/** An offer that came in, on the page of its job or on its own. */
export const offerOf = ({ page }: Tab, text: string): Locator =>
	page.getByRole('article').filter({ hasText: text });

/** Jobs of strangers, on the page Find work. */
export const leads = ({ page }: Tab): Locator => page.getByRole('main').getByRole('article');

export const lead = (tab: Tab, text: string): Locator => leads(tab).filter({ hasText: text });

export async function openLead(tab: Tab, text: string): Promise<void> {
	await goToGigs(tab, 'Find work');
	await tab.page.getByRole('link', { name: text }).click();
	await expect(jobHead(tab).getByText(text)).toBeVisible();
}

/** Answers a stranger's job; its page is open afterwards. */
export async function offer(
	tab: Tab,
	job: string,
	text: string,
	price?: readonly [amount: string, unit: string],
): Promise<void> {
	const { page } = tab;
	await openLead(tab, job);
	await page.getByRole('textbox', { name: 'Your offer' }).fill(text);
	if (price) {
		await page.getByRole('textbox', { name: 'Amount' }).fill(price[0]);
		await page.getByRole('combobox', { name: 'Unit' }).fill(price[1]);
	}
	await page.getByRole('button', { name: 'Send the offer' }).click();
	await expect(myOffer(tab).getByText(text)).toBeVisible();
}

/** The worker's own offer, on the page of the job. */
export const myOffer = ({ page }: Tab): Locator => page.getByRole('region', { name: 'Your offer' });

export async function expectMyOffer(tab: Tab, state: string): Promise<void> {
	await expect(myOffer(tab).getByText(state, { exact: true })).toBeVisible();
}

export const chat = ({ page }: Tab): Locator => page.getByRole('region', { name: 'Chat' });

export async function say(tab: Tab, text: string): Promise<void> {
	await chat(tab).getByRole('textbox', { name: 'Message' }).fill(text);
	await chat(tab).getByRole('button', { name: 'Send' }).click();
	await expect(message(tab, text)).toContainText('delivered');
}

export const message = (tab: Tab, text: string): Locator =>
	chat(tab).getByRole('listitem').filter({ hasText: text });

/** Answers the question a button asks before something that cannot be taken back. */
export async function confirm({ page }: Tab, button: string, reason?: string): Promise<void> {
	await page.getByRole('button', { name: button }).click();
	const dialog = page.getByRole('dialog');
	if (reason !== undefined) await dialog.getByRole('textbox', { name: /^Reason/ }).fill(reason);
	await dialog.getByRole('button', { name: button }).click();
	await expect(dialog).toBeHidden();
}
