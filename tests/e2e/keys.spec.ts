import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import { goToGigs, jobHead, openMyJob, postJob } from './gigs.ts';
import {
	addAuthenticator,
	backUp,
	dialog,
	enterWords,
	erase,
	keysOf,
	lookInside,
	openKeys,
	setPassphrase,
	twelveWords,
} from './keys.ts';

const job = { text: 'Tune my piano', topic: '/repair/piano' };
const passphrase = 'five plain words are enough';

test('a passphrase locks the keys over a reload, and a wrong one changes nothing', async ({ tab }) => {
	const mine = await tab();
	await postJob(mine, job);
	await setPassphrase(mine, passphrase);

	await mine.page.reload();
	const unlock = dialog(mine, 'Unlock your keys');
	await unlock.getByLabel('Current passphrase').fill('five plain words are enougg');
	await unlock.getByRole('button', { name: 'Unlock' }).click();
	await expect(unlock.getByText('That does not open it.')).toBeVisible();
	await unlock.getByRole('button', { name: 'Later' }).click();
	await expect(mine.page.getByText('Your keys are locked')).toBeVisible();
	await goToGigs(mine, 'My jobs');
	await expect(mine.page.getByRole('link', { name: job.text })).toBeHidden();

	// A second tab is locked as well, and unlocking it unlocks both.
	const other = await tab({ context: mine.context });
	const asked = dialog(other, 'Unlock your keys');
	await asked.getByLabel('Current passphrase').fill(passphrase);
	await asked.getByRole('button', { name: 'Unlock' }).click();
	await expect(asked).toBeHidden();
	await openMyJob(other, job.text);
	await openMyJob(mine, job.text);

	await openKeys(mine);
	await keysOf(mine).getByRole('button', { name: 'Lock now' }).click();
	for (const each of [mine, other]) await expect(dialog(each, 'Unlock your keys')).toBeVisible();
	await unlock.getByLabel('Current passphrase').fill(passphrase);
	await unlock.getByRole('button', { name: 'Unlock' }).click();
	await openMyJob(mine, job.text);
	await expect(jobHead(mine).getByText(job.text)).toBeVisible();
});

test('a passkey opens the keys after a reload', async ({ tab, server }) => {
	// Passkeys belong to a name; an address has none.
	const mine = await tab({ path: server.url.replace('127.0.0.1', 'localhost') });
	await addAuthenticator(mine.page);
	await openKeys(mine);
	await keysOf(mine).getByRole('button', { name: 'Add a passkey' }).click();
	await dialog(mine, 'Add a passkey').getByRole('button', { name: 'Add a passkey' }).click();
	await expect(keysOf(mine).getByText('Passkey “This device”')).toBeVisible();
	await mine.page.reload();
	const unlock = dialog(mine, 'Unlock your keys');
	await unlock.getByRole('button', { name: 'Use passkey This device' }).click();
	await expect(unlock).toBeHidden();
	await expect(keysOf(mine).getByText('Protected, and unlocked')).toBeVisible();

	await keysOf(mine).getByRole('button', { name: 'Remove' }).click();
	const remove = dialog(mine, 'Remove this protection?');
	await remove.getByRole('button', { name: 'Use passkey This device' }).click();
	await remove.getByRole('button', { name: 'Remove' }).click();
	await expect(keysOf(mine).getByText('Not protected')).toBeVisible();
});

test('a passkey that makes no secrets is refused with the reason', async ({ tab, server }) => {
	const mine = await tab({ path: server.url.replace('127.0.0.1', 'localhost') });
	await addAuthenticator(mine.page, { prf: false });
	await openKeys(mine);
	await keysOf(mine).getByRole('button', { name: 'Add a passkey' }).click();
	const add = dialog(mine, 'Add a passkey');
	await add.getByRole('button', { name: 'Add a passkey' }).click();
	await expect(add.getByText('cannot make keys (PRF)')).toBeVisible();
});

test('after everything was erased a backup brings jobs and keys back, and nothing else opens', async ({
	tab,
}, testInfo) => {
	const mine = await tab();
	await postJob(mine, job);
	const phrase = await twelveWords(mine);
	const path = await backUp(mine, passphrase);
	expect(readFileSync(path, 'utf8')).not.toContain('piano');

	await erase(mine);

	const garbled = testInfo.outputPath('garbled.json');
	writeFileSync(garbled, readFileSync(path, 'utf8').replace('argon2id', 'argon2x'));
	const foreign = testInfo.outputPath('foreign.json');
	writeFileSync(foreign, '{"format":"another wallet"}');
	for (const [file, key, said] of [
		[foreign, passphrase, 'This is not a backup of Sweet Gossip.'],
		[garbled, passphrase, 'This file is damaged.'],
		[path, 'another passphrase', 'That does not open it.'],
	] as const) {
		const refused = await lookInside(mine, file, key);
		await expect(refused.getByText(said)).toBeVisible();
		await refused.getByRole('button', { name: 'Close' }).click();
	}

	const inside = await lookInside(mine, path, passphrase);
	await expect(inside.getByText('1 job', { exact: true })).toBeVisible();
	await expect(inside.getByText('Nothing is here yet')).toBeVisible();
	await inside.getByRole('button', { name: 'Restore', exact: true }).click();
	await expect(inside).toBeHidden();
	await openMyJob(mine, job.text);
	expect(await twelveWords(mine)).toEqual(phrase);
});

test('twelve words make an empty browser mine again, and no other', async ({ tab }) => {
	const mine = await tab();
	const phrase = await twelveWords(mine);
	const other = await tab();
	expect(await twelveWords(other)).not.toEqual(phrase);
	await enterWords(other, phrase);
	await expect(dialog(other, 'Use another recovery phrase')).toBeHidden();
	expect(await twelveWords(other)).toEqual(phrase);

	await postJob(mine, job);
	await openKeys(mine);
	await enterWords(mine, phrase);
	await expect(dialog(mine, 'Use another recovery phrase').getByRole('alert')).toContainText(
		'Other keys are in use here',
	);
});
