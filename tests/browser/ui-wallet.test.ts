import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { initialSlices } from '#lib/app/initial-slices.ts';
import type { Slices } from '#lib/app/protocol.ts';
import Chat from '#lib/ui/components/Chat.svelte';
import WalletScreen from '#lib/ui/screens/WalletScreen.svelte';
import { encodeInvoice } from '#lib/wallet/lightning/bolt11/encode.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import type { SecretKey } from '#lib/core/crypto/schnorr.ts';
import { FakeNode } from './ui-fake-node.ts';
import { reply, sampleSlices } from './ui-sample.ts';
import { show } from './ui-show.ts';
import { sampleConfirmation, sampleConnection, sampleLightning } from './ui-wallet-sample.ts';

const now = Date.now();
const slices = sampleSlices(now);
const none = initialSlices.lightning;

const wallet = (lightning: Partial<Slices['lightning']> = {}) =>
	new FakeNode({ ...slices, lightning: sampleLightning(now, lightning) });
const withoutWallet = () => new FakeNode({ ...slices, lightning: none });

const invoiceOf = (amount: number, at = now) =>
	encodeInvoice(
		{
			network: 'bcrt',
			msat: sats(amount),
			hash: '7a'.repeat(32),
			createdAt: at,
			expirySeconds: 600,
			minCltv: 24,
			memo: 'Two sketches',
			paymentSecret: new Uint8Array(32).fill(5),
		},
		new Uint8Array(32).fill(9) as SecretKey,
	);

test('without a wallet every way to connect one is offered, and the string is hidden while typed', async () => {
	const node = withoutWallet();
	const screen = await show(node, WalletScreen, {});
	await screen.getByText('Paste a connection').click();
	const field = screen.getByLabelText('Connection string');
	await expect.element(field).toHaveAttribute('type', 'password');
	await field.fill('nostr+walletconnect://nonsense');
	await screen.getByRole('button', { name: 'Connect', exact: true }).click();
	await expect.element(screen.getByText(/not a connection string/)).toBeVisible();
	expect(node.sent).toEqual([]);
	const uri = `nostr+walletconnect://${'a'.repeat(64)}?relay=wss%3A%2F%2Fr.example&secret=${'b'.repeat(64)}`;
	await field.fill(uri);
	await screen.getByRole('button', { name: 'Connect', exact: true }).click();
	expect(node.sent).toEqual([{ name: 'connectWallet', args: { kind: 'nwc', uri } }]);
	await expect.element(field).toHaveValue('');
	// Nothing is connected by looking at the page, and no extension was asked.
	await expect
		.element(screen.getByRole('button', { name: 'Use this browser’s wallet' }))
		.not.toBeInTheDocument();
});

test('a browser with WebLN offers its wallet', async () => {
	vi.stubGlobal('webln', {});
	try {
		const node = withoutWallet();
		const screen = await show(node, WalletScreen, {});
		await screen.getByRole('button', { name: 'Use this browser’s wallet' }).click();
		expect(node.sent).toEqual([{ name: 'connectWallet', args: { kind: 'webln' } }]);
	} finally {
		vi.unstubAllGlobals();
	}
});

test('locked, pending, promised, earned and refunded sats stand apart, with when and why', async () => {
	const screen = await show(wallet(), WalletScreen, {});
	for (const [name, amount] of [
		['Locked', '25 sats'],
		['Pending', '2 sats'],
		['Promised to you', '16 sats'],
		['Earned', '143 sats'],
		['Refunded', '50 sats'],
	] as const) {
		const row = new RegExp(`${name}\\s.*?${amount}`);
		const sums = screen.getByRole('region', { name: 'Your sats' });
		await vi.waitFor(() => expect(sums.element().textContent).toMatch(row));
	}
	await expect.element(screen.getByText('Still pending: do not pay again')).toBeVisible();
	await expect.element(screen.getByText(/gives it back at block 871,204/)).toBeVisible();
	await expect.element(screen.getByText('143 sats from 9 replies and 17 favours.')).toBeVisible();
});

test('a payment is confirmed knowing payee, amount, fee and what a lock means', async () => {
	const node = wallet({ confirmations: [sampleConfirmation(now, { hold: true })] });
	const screen = await show(node, WalletScreen, {});
	await expect.element(screen.getByText(`02${'4f'.repeat(32)}`)).toBeVisible();
	await expect.element(screen.getByText(/can hold it for hours/)).toBeVisible();
	await screen.getByRole('button', { name: 'Pay 21,000 sats' }).click();
	await screen.getByRole('button', { name: 'Do not pay' }).click();
	expect(node.sent).toEqual([
		{ name: 'confirmPayment', args: { paymentId: 'p1', yes: true } },
		{ name: 'confirmPayment', args: { paymentId: 'p1', yes: false } },
	]);
});

test('a payment by hand shows a code and takes its proof', async () => {
	const bolt11 = invoiceOf(21_000);
	const node = wallet({ confirmations: [sampleConfirmation(now, { bolt11 })] });
	const screen = await show(node, WalletScreen, {});
	await expect.element(screen.getByRole('img', { name: /Code to scan/ })).toBeVisible();
	await expect
		.element(screen.getByRole('link', { name: 'Open in wallet' }))
		.toHaveAttribute('href', `lightning:${bolt11}`);
	const proof = screen.getByLabelText('Proof (preimage)');
	await proof.fill('abc');
	await screen.getByRole('button', { name: 'I have paid' }).click();
	await expect.element(screen.getByText(/That is no preimage/)).toBeVisible();
	await proof.fill('AB'.repeat(32));
	await screen.getByRole('button', { name: 'I have paid' }).click();
	expect(node.sent).toEqual([
		{ name: 'enterPreimage', args: { paymentId: 'p1', preimage: 'ab'.repeat(32) } },
	]);
});

test('a wallet that does not answer says what that means and what not to do', async () => {
	const connection = sampleConnection(now, { trouble: 'unreachable' });
	const screen = await show(wallet({ state: 'unreachable', connection }), WalletScreen, {});
	await expect.element(screen.getByText('Does not answer')).toBeVisible();
	await expect.element(screen.getByRole('alert').filter({ hasText: 'do not pay again' })).toBeVisible();
});

test('the kill switch works both ways and says what it cannot do', async () => {
	const node = wallet();
	const screen = await show(node, WalletScreen, {});
	await screen.getByRole('button', { name: 'Stop all payments' }).click();
	node.set('lightning', sampleLightning(now, { stopped: true }));
	await expect.element(screen.getByText(/under way cannot be called back/)).toBeVisible();
	await screen.getByRole('button', { name: 'Allow payments again' }).click();
	expect(node.sent.map(({ args }) => args)).toEqual([{ stopped: true }, { stopped: false }]);
});

test('limits are saved as typed and refused in words', async () => {
	const node = wallet();
	const screen = await show(node, WalletScreen, {});
	const price = screen.getByLabelText('For carrying a reply');
	const save = screen.getByRole('button', { name: 'Save' });
	await price.fill('two');
	await save.click();
	await expect.element(screen.getByText(/For carrying a reply: Whole sats/)).toBeVisible();
	expect(node.sent).toEqual([]);
	await price.fill('2.5');
	await screen.getByLabelText('With sats').click();
	await save.click();
	expect(node.sent).toEqual([
		{ name: 'setSpending', args: { ...none.policy, replyMsat: 2_500, prefer: 'sats' } },
	]);
});

test('disconnecting asks first and reminds to revoke', async () => {
	const node = wallet();
	const screen = await show(node, WalletScreen, {});
	await screen.getByRole('button', { name: 'Disconnect' }).click();
	const dialog = screen.getByRole('dialog');
	await expect.element(dialog.getByText(/Revoke the connection in your wallet/)).toBeVisible();
	await dialog.getByRole('button', { name: 'Disconnect' }).click();
	await vi.waitFor(() => expect(node.sent).toEqual([{ name: 'disconnectWallet', args: {} }]));
});

const chat = (text: string, mine: boolean) => ({
	replyId: reply('1'),
	chat: [{ id: 'm1', mine, at: now, text, delivered: true }],
	online: true,
	unread: 0,
	open: true,
});

test('an invoice in a chat is paid by its button, and shown as paid by its receipt', async () => {
	const bolt11 = invoiceOf(300);
	const node = wallet({ confirmations: [], locks: [], receipts: [] });
	const screen = await show(node, Chat, { ...chat(bolt11, false), other: 'worker' });
	await screen.getByRole('button', { name: 'Pay 300 sats' }).click();
	expect(node.sent).toEqual([{ name: 'payInvoice', args: { replyId: reply('1'), bolt11 } }]);
	node.set(
		'lightning',
		sampleLightning(now, { confirmations: [sampleConfirmation(now, { msat: sats(300) })] }),
	);
	await screen.getByRole('button', { name: 'Pay 300 sats' }).click();
	expect(node.sent.at(-1)).toEqual({ name: 'confirmPayment', args: { paymentId: 'p1', yes: true } });
	const [receipt] = sampleLightning(now).receipts;
	if (!receipt) throw new Error('the sample has receipts');
	const paid = { ...receipt, direction: 'out', purpose: 'gig', hash: '7a'.repeat(32) } as const;
	node.set('lightning', sampleLightning(now, { confirmations: [], receipts: [paid] }));
	await expect.element(screen.getByText('Paid', { exact: false })).toBeVisible();
});

test('a worker asks for payment in the chat', async () => {
	const node = wallet({ confirmations: [] });
	const screen = await show(node, Chat, { ...chat('Done!', true), other: 'customer' });
	await screen.getByText('Ask for payment').click();
	await screen.getByLabelText('Amount in sats').fill('0.5');
	await screen.getByRole('button', { name: 'Send the invoice' }).click();
	await expect.element(screen.getByText(/From 1 to/)).toBeVisible();
	await screen.getByLabelText('Amount in sats').fill('300');
	await screen.getByLabelText('What for').fill('Two sketches');
	await screen.getByRole('button', { name: 'Send the invoice' }).click();
	expect(node.sent).toEqual([
		{ name: 'requestPayment', args: { replyId: reply('1'), msat: 300_000, memo: 'Two sketches' } },
	]);
});

test('an unsound or expired invoice in a chat has no pay button', async () => {
	const node = wallet({ confirmations: [], locks: [], receipts: [] });
	const screen = await show(node, Chat, { ...chat(`${invoiceOf(300)}q`, false), other: 'worker' });
	await expect.element(screen.getByText(/not a sound one/)).toBeVisible();
	const late = await show(node, Chat, { ...chat(invoiceOf(300, now - 3_600_000), false), other: 'worker' });
	await expect.element(late.getByText(/has expired/)).toBeVisible();
	await expect.element(late.getByRole('button', { name: /^Pay/ })).not.toBeInTheDocument();
});

test('a narrow screen scrolls in one direction only', async () => {
	await page.viewport(320, 640);
	await show(wallet(), WalletScreen, {});
	expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320);
});
