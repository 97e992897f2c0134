import { startPlayMoney, type PlayMoney } from '../../network/play-money.ts';
import { expect, test, type Tab } from './fixtures.ts';
import {
	chat,
	expectMyOffer,
	expectPeers,
	follow,
	go,
	message,
	myOffer,
	offer,
	offerOf,
	postAndSend,
} from './gigs.ts';
import { startAddressHost } from './lightning-address.ts';
import { accountOf, connect, connectExtension, withExtension } from './wallets.ts';

const job = 'Draw a fox for a jam label';
const words = 'Ink on paper, tonight';

const balance = (money: PlayMoney, name: string): number => accountOf(money, name).balance;

/** A job that its worker was chosen for; both have its chat open. */
async function hired(customer: Tab, worker: Tab): Promise<void> {
	await follow(worker, '/draw');
	await expectPeers(worker, 1);
	await postAndSend(customer, { text: job, topic: '/draw/ink' });
	await offer(worker, job, words);
	await offerOf(customer, words).getByRole('button', { name: 'Choose this worker' }).click();
	await expectMyOffer(worker, 'You were chosen');
	await expect(myOffer(worker)).toBeVisible();
	await offerOf(customer, words).getByRole('link', { name: 'Open the chat' }).click();
}

async function askForPayment(worker: Tab, sats: number): Promise<void> {
	await chat(worker).getByText('Ask for payment').click();
	await chat(worker).getByLabel('Amount in sats').fill(String(sats));
	await chat(worker).getByLabel('What for').fill('a fox');
	await chat(worker).getByRole('button', { name: 'Send the invoice' }).click();
	await expect(message(worker, `You asked for ${sats} sats`)).toBeVisible();
}

test('the worker is paid in the chat: asked for, confirmed once, proved by a receipt', async ({
	relay,
	tab,
}) => {
	const meeting = await relay();
	const money = startPlayMoney(meeting.url);
	const customer = await tab({ relays: [meeting] });
	const worker = await tab({ relays: [meeting] });
	await expectPeers(customer, 1);
	await connect(customer, money.open('customer', 1_000).uri);
	await expect(customer.page.getByText('1,000 sats').first()).toBeVisible();
	await connect(worker, money.open('worker', 0).uri);
	await hired(customer, worker);
	await askForPayment(worker, 300);

	await chat(customer).getByRole('button', { name: 'Pay 300 sats' }).click();
	// Nothing leaves before the person has seen to whom.
	const confirmation = chat(customer).getByRole('article').filter({ hasText: 'To the node' });
	await expect(confirmation).toContainText('a fox');
	expect(balance(money, 'customer')).toBe(1_000_000);
	await confirmation.getByRole('button', { name: 'Pay 300 sats' }).click();
	await expect(message(customer, '300 sats')).toContainText('Paid');
	expect([balance(money, 'customer'), balance(money, 'worker')]).toEqual([700_000, 300_000]);
	await expect(chat(customer).getByRole('button', { name: 'Pay 300 sats' })).toHaveCount(0);

	const host = await startAddressHost(money.ledger, accountOf(money, 'worker'));
	await chat(worker).getByRole('textbox', { name: 'Message' }).fill(host.address);
	await chat(worker).getByRole('button', { name: 'Send', exact: true }).click();
	const addressed = message(customer, 'Lightning address');
	await addressed.getByLabel('Amount in sats').fill('2000');
	await addressed.getByRole('button', { name: 'Get the invoice' }).click();
	await expect(addressed.getByRole('alert')).toContainText('takes from 1 to 1000 sats only');
	await addressed.getByLabel('Amount in sats').fill('50');
	await addressed.getByRole('button', { name: 'Get the invoice' }).click();
	await chat(customer).getByRole('button', { name: 'Pay 50 sats' }).click();
	await expect.poll(() => balance(money, 'worker')).toBe(350_000);
	host.stop();

	await go(customer, 'Wallet');
	const receipts = customer.page.getByRole('region', { name: 'Receipts' });
	await expect(receipts.getByRole('listitem')).toHaveCount(2);
	await receipts.getByText('Details').first().click();
	await expect(receipts.getByText(/^[0-9a-f]{64}$/).filter({ visible: true })).toHaveCount(2);
	money.stop();
});

test('a wallet that falls silent leaves the payment pending, and its end is found after a reload', async ({
	relay,
	tab,
}) => {
	const meeting = await relay();
	const money = startPlayMoney(meeting.url);
	const customer = await tab({ relays: [meeting] });
	// The worker's wallet app sends the person back with a connection.
	const returned = new URLSearchParams({ value: money.open('worker', 0).uri });
	const worker = await tab({ relays: [meeting], path: `/wallet?${returned.toString()}` });
	await expectPeers(customer, 1);
	const wallet = money.open('customer', 1_000);
	await connect(customer, wallet.uri);
	await worker.page.getByRole('button', { name: 'Connect this wallet' }).click();
	await expect(worker.page.getByRole('status').filter({ hasText: 'Answers' })).toBeVisible();
	await expect(worker.page).toHaveURL(/\/wallet$/);
	await hired(customer, worker);
	await askForPayment(worker, 300);

	wallet.setFaults({ silent: ['pay_invoice', 'lookup_invoice'] });
	await chat(customer).getByRole('button', { name: 'Pay 300 sats' }).click();
	await chat(customer).getByRole('article').getByRole('button', { name: 'Pay 300 sats' }).click();
	await expect(message(customer, '300 sats')).toContainText('Still pending: do not pay again');
	await expect.poll(() => balance(money, 'worker')).toBe(300_000);
	wallet.setFaults({ silent: [] });
	await customer.page.reload();
	await expect(message(customer, '300 sats')).toContainText('Paid');
	expect(balance(money, 'customer')).toBe(700_000);
	money.stop();
});

test('the wallet of the browser pays, and without its proof nothing counts as paid', async ({
	relay,
	tab,
}) => {
	const meeting = await relay();
	const money = startPlayMoney(meeting.url);
	const purse = money.ledger.open('extension', 1_000_000);
	const customer = await tab({
		relays: [meeting],
		prepare: withExtension(money, purse),
		lightning: 'bcrt',
	});
	const worker = await tab({ relays: [meeting] });
	await expectPeers(customer, 1);
	await connectExtension(customer);
	await connect(worker, money.open('worker', 0).uri);
	await hired(customer, worker);
	await askForPayment(worker, 20);
	await chat(customer).getByRole('button', { name: 'Pay 20 sats' }).click();
	await chat(customer).getByRole('article').getByRole('button', { name: 'Pay 20 sats' }).click();
	await expect(message(customer, '20 sats')).toContainText('Paid');
	expect([purse.balance, balance(money, 'worker')]).toEqual([980_000, 20_000]);
	money.stop();
});
