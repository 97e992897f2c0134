import { expect, test } from 'vitest';
import type { KeysView } from '#lib/app/keys/protocol.ts';
import BeforeDeposit from '#lib/ui/components/keys/BeforeDeposit.svelte';
import HomeScreen from '#lib/ui/screens/HomeScreen.svelte';
import MeScreen from '#lib/ui/screens/MeScreen.svelte';
import { FakeNode } from './ui-fake-node.ts';
import { sampleSlices } from './ui-sample.ts';
import { show } from './ui-show.ts';

const now = Date.now();
const slices = sampleSlices(now);
const withKeys = (keys: KeysView) => new FakeNode({ ...slices, keys });
const passphrase = { way: 'passphrase', since: now } as const;

test('locked keys are said on every screen, and asked for at once', async () => {
	const node = withKeys({ state: 'locked', ways: [passphrase] });
	const screen = await show(node, HomeScreen, {});
	const dialog = screen.getByRole('dialog', { name: 'Unlock your keys' });
	const unlock = dialog.getByRole('button', { name: 'Unlock' });
	await expect.element(unlock).toBeDisabled();
	await dialog.getByLabelText('Current passphrase').fill('my passphrase');
	node.refusal = 'no-keeper';
	await unlock.click();
	await expect.element(dialog.getByText(/does not answer/)).toBeVisible();
	node.refusal = undefined;
	await unlock.click();
	expect(node.sent.at(-1)).toEqual({
		name: 'unlockKeys',
		args: { key: { way: 'passphrase', passphrase: 'my passphrase' } },
	});
	await expect.element(dialog).not.toBeInTheDocument();
	await expect.element(screen.getByText(/Your keys are locked/)).toBeVisible();
	node.set('keys', { state: 'unlocked', ways: [passphrase] });
	await expect.element(screen.getByText(/Your keys are locked/)).not.toBeInTheDocument();
});

test('a new passphrase is long enough and typed twice', async () => {
	const node = withKeys({ state: 'unlocked-device', ways: [] });
	const screen = await show(node, MeScreen, { version: '1' });
	await screen.getByRole('button', { name: 'Set a passphrase' }).click();
	const dialog = screen.getByRole('dialog', { name: 'Set a passphrase' });
	const set = dialog.getByRole('button', { name: 'Set a passphrase' });
	await dialog.getByLabelText('New passphrase').fill('short');
	await dialog.getByLabelText('Once more').fill('short');
	await expect.element(dialog.getByText('At least 8 characters.', { exact: true })).toBeVisible();
	await expect.element(set).toBeDisabled();
	await dialog.getByLabelText('New passphrase').fill('long enough');
	await dialog.getByLabelText('Once more').fill('long enougg');
	await expect.element(dialog.getByText('The two are not the same.')).toBeVisible();
	await dialog.getByLabelText('Once more').fill('long enough');
	await set.click();
	expect(node.sent).toEqual([
		{ name: 'protectKeys', args: { protector: { way: 'passphrase', passphrase: 'long enough' } } },
	]);
});

test('the twelve words are shown after a confirmation and gone when the dialog closes', async () => {
	const node = withKeys({ state: 'unlocked-device', ways: [] });
	const screen = await show(node, MeScreen, { version: '1' });
	await screen.getByRole('button', { name: 'Show the twelve words' }).click();
	const dialog = screen.getByRole('dialog', { name: 'Your twelve words' });
	await expect.element(dialog.getByText(/never type them into another page/)).toBeVisible();
	await dialog.getByRole('button', { name: 'I am alone: show them' }).click();
	await expect.element(dialog.getByText('legal').first()).toBeVisible();
	await dialog.getByRole('button', { name: 'I wrote them down' }).click();
	await screen.getByRole('button', { name: 'Show the twelve words' }).click();
	await expect.element(dialog.getByText('legal').first()).not.toBeInTheDocument();
});

test('damaged keys say what to do, and offer nothing that would fail', async () => {
	const screen = await show(withKeys({ state: 'damaged', ways: [] }), MeScreen, { version: '1' });
	await expect.element(screen.getByText(/Erase everything below/)).toBeVisible();
	await expect.element(screen.getByRole('button', { name: 'Make a backup' })).not.toBeInTheDocument();
});

test('before a deposit it says what is missing, and nothing once all is in order', async () => {
	const node = withKeys({ state: 'unlocked-device', ways: [] });
	const screen = await show(node, BeforeDeposit, {});
	await expect.element(screen.getByRole('link', { name: 'Protect your keys' })).toBeVisible();
	await expect.element(screen.getByRole('link', { name: 'Make a backup' })).toBeVisible();
	node.set('keys', { state: 'unlocked', ways: [passphrase], backupAt: now });
	await expect.element(screen.getByText('Your keys are protected.')).toBeVisible();
	await expect.element(screen.getByText('You have a backup.')).toBeVisible();
});
