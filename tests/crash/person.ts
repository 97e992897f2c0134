import { expect as playwrightExpect, type Page } from '@playwright/test';

/** A browser that recovers from a kill on a busy machine takes its time. */
const expect = playwrightExpect.configure({ timeout: 60_000 });

/** What was told to the person as done, and what was on its way when the browser died. */
export class Promises {
	readonly jobs: string[] = [];
	passphrase: string | undefined;
	/** A passphrase whose change was not yet acknowledged. */
	changing: string | undefined;
	backups = 0;
}

const keysOf = (page: Page) => page.getByRole('region', { name: 'Keys and backup' });

async function visit(page: Page, place: 'Gigs' | 'Me'): Promise<void> {
	const main = page.getByRole('navigation', { name: 'Main' });
	await main.getByRole('link', { name: new RegExp(`^${place}\\b`) }).click();
	await expect(page.getByRole('heading', { level: 1, name: place })).toBeVisible();
}

/** Works as a hurried person does, until the browser is gone. */
export async function work(page: Page, promises: Promises): Promise<void> {
	for (let turn = 0; ; turn++) {
		if (turn % 4 === 3) await changePassphrase(page, promises);
		else await postJob(page, promises);
	}
}

async function postJob(page: Page, promises: Promises): Promise<void> {
	await visit(page, 'Gigs');
	await page.getByRole('link', { name: 'Post a job' }).first().click();
	await page.getByRole('textbox', { name: 'What do you need?' }).fill(`Job ${promises.jobs.length}`);
	await page.getByRole('textbox', { name: 'Topic' }).fill('/crash/test');
	await page.getByRole('button', { name: 'Post the job' }).click();
	await expect(page).toHaveURL(/\/gigs\/[0-9a-f]{64}$/);
	promises.jobs.push(page.url().slice(-64));
}

async function changePassphrase(page: Page, promises: Promises): Promise<void> {
	await visit(page, 'Me');
	const next = `passphrase number ${Math.random()}`;
	const { passphrase } = promises;
	await keysOf(page)
		.getByRole('button', { name: passphrase === undefined ? 'Set a passphrase' : 'Change' })
		.click();
	const dialog = page.getByRole('dialog');
	if (passphrase !== undefined) await dialog.getByLabel('Current passphrase').fill(passphrase);
	await dialog.getByLabel('New passphrase').fill(next);
	await dialog.getByLabel('Once more').fill(next);
	promises.changing = next;
	await dialog
		.getByRole('button', { name: passphrase === undefined ? 'Set a passphrase' : 'Change' })
		.click();
	await expect(page.getByText(/Passphrase changed|Your keys are protected now/).first()).toBeVisible();
	promises.passphrase = next;
	promises.changing = undefined;
	await expect(dialog).toBeHidden();
}

export interface Found {
	/** Jobs that were acknowledged and are not there. */
	readonly lost: readonly string[];
	/** Neither the acknowledged passphrase nor the one on its way opens the keys, or they are damaged. */
	readonly shut: boolean;
}

/** Looks whether everything that was promised is there after a restart, unlocking as a person would. */
export async function check(page: Page, url: string, promises: Promises): Promise<Found> {
	await page.goto(`${url}/gigs/mine`);
	const unlock = page.getByRole('dialog', { name: 'Unlock your keys' });
	const mine = page.getByRole('link', { name: /^Job 0$/ });
	const damaged = page.getByText('Your keys do not open any more');
	const none = page.getByText('You have posted no job yet');
	await expect(unlock.or(mine).or(damaged).or(none).first()).toBeVisible();
	if (await damaged.isVisible()) return { lost: promises.jobs, shut: true };
	if (await unlock.isVisible()) {
		let open = false;
		for (const passphrase of [promises.passphrase, promises.changing]) {
			if (open || passphrase === undefined) continue;
			await unlock.getByLabel('Current passphrase').fill(passphrase);
			await unlock.getByRole('button', { name: 'Unlock' }).click();
			await expect(unlock.getByText('That does not open it').or(mine).first()).toBeVisible();
			open = !(await unlock.isVisible());
			if (open) promises.passphrase = passphrase;
		}
		if (!open) return { lost: promises.jobs, shut: true };
	} else if (promises.passphrase !== undefined) return { lost: [], shut: true };
	promises.changing = undefined;
	const hrefs = await page
		.getByRole('main')
		.getByRole('link')
		.evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
	return { lost: promises.jobs.filter((id) => !hrefs.some((href) => href.endsWith(id))), shut: false };
}
