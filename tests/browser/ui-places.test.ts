import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { initialSlices } from '#lib/app/initial-slices.ts';
import ConnectionPill from '#lib/ui/components/ConnectionPill.svelte';
import ActivityScreen from '#lib/ui/screens/ActivityScreen.svelte';
import HomeScreen from '#lib/ui/screens/HomeScreen.svelte';
import MeScreen from '#lib/ui/screens/MeScreen.svelte';
import NetworkScreen from '#lib/ui/screens/NetworkScreen.svelte';
import { FakeNode } from './ui-fake-node.ts';
import { sampleSlices } from './ui-sample.ts';
import { show } from './ui-show.ts';

const now = Date.now();
const slices = sampleSlices(now);
const names = (node: FakeNode) => node.sent.map(({ name }) => name);

test.each([
	['starting', 'Starting'],
	['joining', 'Joining'],
	['joined', '5 peers · 2 relays'],
	['alone', 'No peers yet'],
	['offline', 'Offline'],
	['stopped', 'Stopped'],
] as const)('the pill of a node that is %s reads “%s”', async (state, words) => {
	const node = new FakeNode({ network: { ...slices.network, state } });
	const screen = await show(node, ConnectionPill, {});
	await expect.element(screen.getByRole('link', { name: new RegExp(words) })).toBeVisible();
});

test('the start page counts peers and jobs as they change', async () => {
	const node = new FakeNode();
	const screen = await show(node, HomeScreen, {});
	await expect.element(screen.getByText('–').first()).toBeVisible();
	node.set('network', { ...slices.network, links: slices.network.links.slice(0, 1) });
	await expect.element(screen.getByText('peer connected')).toBeVisible();
	node.set('network', slices.network);
	await expect.element(screen.getByText('peers connected')).toBeVisible();
});

test('the notification centre is grouped by job and marked as read', async () => {
	const node = new FakeNode(slices);
	const screen = await show(node, ActivityScreen, {});
	expect(screen.getByRole('region').elements()).toHaveLength(3);
	const chat = screen.getByRole('link', { name: /New message.*surf club/ });
	await expect.element(chat).toHaveAttribute('href', expect.stringMatching(/\/gigs\/a{64}\/1{32}$/));
	await screen.getByRole('button', { name: 'Mark all as read' }).click();
	expect(node.sent).toEqual([{ name: 'markRead', args: {} }]);
});

test('the network page says what each neighbour would be asked and why', async () => {
	const screen = await show(new FakeNode(slices), NetworkScreen, {});
	await expect.element(screen.getByText(/what they carried for you covers/)).toBeInTheDocument();
	await expect.element(screen.getByText(/no thank-you came back/)).toBeInTheDocument();
	await expect.element(screen.getByText('auth-required: members only')).toBeInTheDocument();
	await expect.element(screen.getByText('Stalled: it does not read what is sent')).toBeInTheDocument();
	await screen.getByText('Log', { exact: true }).click();
	await expect.element(screen.getByText(/webrtc\/link: linked to bbbbbbbb/)).toBeVisible();
});

test('relays are saved when they may be contacted and refused in words when not', async () => {
	const node = new FakeNode(slices);
	const screen = await show(node, MeScreen, { version: '1' });
	const field = screen.getByLabelText('Relays');
	const save = screen.getByRole('button', { name: 'Save' }).nth(1);
	await field.fill('http://relay.example');
	await save.click();
	await expect.element(screen.getByText(/Write “http:\/\/relay.example” as wss/)).toBeVisible();
	expect(names(node)).toEqual([]);
	await field.fill('wss://relay.example');
	await save.click();
	await vi.waitFor(() => expect(node.slices.current('settings').relays).toEqual(['wss://relay.example']));
});

test('everything is erased only after the word was typed', async () => {
	const node = new FakeNode(slices);
	node.refusal = 'storage';
	const screen = await show(node, MeScreen, { version: '1' });
	await screen.getByRole('button', { name: 'Erase everything' }).click();
	const erase = screen.getByRole('dialog').getByRole('button', { name: 'Erase everything' });
	await expect.element(erase).toBeDisabled();
	await screen.getByLabelText('Type erase to confirm').fill('Erase');
	await erase.click();
	await expect.element(screen.getByText(/could not save it/)).toBeInTheDocument();
	expect(names(node)).toEqual(['eraseAll']);
});

test('a chosen appearance takes effect and is remembered', async () => {
	const screen = await show(new FakeNode(slices), MeScreen, { version: '1' });
	await screen.getByLabelText('Dark').click();
	expect(getComputedStyle(document.documentElement).colorScheme).toBe('dark');
	expect(localStorage.getItem('appearance')).toBe('dark');
	await screen.getByLabelText('As the device').click();
	expect(getComputedStyle(document.documentElement).colorScheme).toBe('light dark');
	expect(localStorage.getItem('appearance')).toBeNull();
});

test('a node that cannot go on says why and what to do', async () => {
	const node = new FakeNode(slices);
	const screen = await show(node, HomeScreen, {});
	node.fail({ code: 'newer', detail: 'schema 9' });
	await expect.element(screen.getByText(/written by a newer version/)).toBeVisible();
	await expect.element(screen.getByRole('button', { name: 'Reload' })).toBeVisible();
});

test('a tab beside another one says so', async () => {
	const node = new FakeNode({ network: { ...initialSlices.network, state: 'joined', role: 'follower' } });
	const screen = await show(node, HomeScreen, {});
	await expect.element(screen.getByText(/Another tab of this browser keeps your jobs/)).toBeVisible();
});

test('a narrow screen scrolls in one direction only', async () => {
	await page.viewport(320, 640);
	await show(new FakeNode(slices), NetworkScreen, {});
	expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320);
});
