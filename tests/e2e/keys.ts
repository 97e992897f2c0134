import type { Locator, Page } from '@playwright/test';
import { go } from './gigs.ts';
import { expect, type Tab } from './fixtures.ts';

/** The part of Me that is about keys. */
export const keysOf = ({ page }: Tab): Locator => page.getByRole('region', { name: 'Keys and backup' });

export const dialog = ({ page }: Tab, name: string): Locator => page.getByRole('dialog', { name });

export async function openKeys(tab: Tab): Promise<void> {
	await go(tab, 'Me');
	await expect(keysOf(tab).getByRole('button', { name: 'Make a backup' })).toBeVisible();
}

export async function setPassphrase(tab: Tab, passphrase: string): Promise<void> {
	await openKeys(tab);
	await keysOf(tab).getByRole('button', { name: 'Set a passphrase' }).click();
	const asked = dialog(tab, 'Set a passphrase');
	await asked.getByLabel('New passphrase').fill(passphrase);
	await asked.getByLabel('Once more').fill(passphrase);
	await asked.getByRole('button', { name: 'Set a passphrase' }).click();
	await expect(keysOf(tab).getByText('Protected, and unlocked')).toBeVisible();
}

/** Saves a backup and gives back the path of the file. */
export async function backUp(tab: Tab, passphrase: string): Promise<string> {
	await openKeys(tab);
	await keysOf(tab).getByRole('button', { name: 'Make a backup' }).click();
	const asked = dialog(tab, 'Make a backup');
	await asked.getByLabel('Passphrase of the file').fill(passphrase);
	await asked.getByLabel('Once more').fill(passphrase);
	const download = tab.page.waitForEvent('download');
	await asked.getByRole('button', { name: 'Save the file' }).click();
	const path = await (await download).path();
	await expect(keysOf(tab).getByText('Last backup:')).toBeVisible();
	return path;
}

/** Opens a backup file as far as its content. */
export async function lookInside(tab: Tab, path: string, passphrase: string): Promise<Locator> {
	await openKeys(tab);
	await keysOf(tab).getByRole('button', { name: 'Restore a backup' }).click();
	const asked = dialog(tab, 'Restore a backup');
	await asked.getByLabel('Backup file').setInputFiles(path);
	await asked.getByLabel('Passphrase of the file').fill(passphrase);
	await asked.getByRole('button', { name: 'Look inside' }).click();
	return asked;
}

/** Forgets all that this browser keeps, from the page Me. */
export async function erase(tab: Tab): Promise<void> {
	await openKeys(tab);
	await tab.page.getByRole('button', { name: 'Erase everything' }).click();
	const asked = dialog(tab, 'Erase everything?');
	await asked.getByRole('textbox').fill('erase');
	await asked.getByRole('button', { name: 'Erase everything' }).click();
	await expect(tab.page.getByRole('heading', { level: 1, name: 'A marketplace' })).toBeVisible();
}

/** Looks at the recovery phrase as its owner does. */
export async function twelveWords(tab: Tab): Promise<string> {
	await openKeys(tab);
	await keysOf(tab).getByRole('button', { name: 'Show the twelve words' }).click();
	const shown = dialog(tab, 'Your twelve words');
	await shown.getByRole('button', { name: 'I am alone: show them' }).click();
	const words = shown.getByRole('listitem');
	await expect(words).toHaveCount(12);
	const phrase = (await words.allInnerTexts()).join(' ');
	await shown.getByRole('button', { name: 'I wrote them down' }).click();
	return phrase;
}

export async function enterWords(tab: Tab, phrase: string): Promise<void> {
	await openKeys(tab);
	await keysOf(tab).getByRole('button', { name: 'Enter other words' }).click();
	const asked = dialog(tab, 'Use another recovery phrase');
	await asked.getByLabel('Twelve words').fill(phrase);
	await asked.getByRole('button', { name: 'Use these words' }).click();
}

/** A passkey authenticator of the device, which makes secrets (PRF) and needs no hand. */
export async function addAuthenticator(page: Page, { prf = true } = {}): Promise<void> {
	const session = await page.context().newCDPSession(page);
	await session.send('WebAuthn.enable');
	await session.send('WebAuthn.addVirtualAuthenticator', {
		options: {
			protocol: 'ctap2',
			ctap2Version: 'ctap2_1',
			transport: 'internal',
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
			hasPrf: prf,
		},
	});
}
