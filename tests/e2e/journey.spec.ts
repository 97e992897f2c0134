import { expect, test } from './fixtures.ts';
import {
	chat,
	confirm,
	expectJob,
	expectMyOffer,
	expectPeers,
	follow,
	go,
	jobHead,
	message,
	myOffer,
	offer,
	offerOf,
	postAndSend,
	say,
} from './gigs.ts';

const job = 'A ride from Bondi Beach to the airport, two people';
const words = 'Blue Corolla, I can be there at a quarter to seven';

test('a job is posted, answered, checked, thanked, chosen, talked about and done', async ({ relay, tab }) => {
	const relays = [await relay()];
	const customer = await tab({ relays });
	const worker = await tab({ relays });
	await follow(worker, '/drive/australia');
	await expectPeers(customer, 1);
	await expectPeers(worker, 1);

	await postAndSend(customer, { text: job, topic: '/drive/australia/sydney', budget: ['60', 'AUD'] });
	await expect(jobHead(customer)).toContainText('The worker’s turn: Spread the job and bring back offers');

	await offer(worker, job, words, ['55', 'AUD']);
	await expectMyOffer(worker, 'Received and thanked');
	await expect(myOffer(worker)).toContainText('The customer’s turn: Choose one of the offers');

	const received = offerOf(customer, words);
	await expect(received).toContainText('55 AUD');
	await expect(received.getByText('Checked and thanked', { exact: true })).toBeVisible();
	await expect(received).toContainText('Your turn: Choose a worker');
	await received.getByRole('button', { name: 'Choose this worker' }).click();
	await expectJob(customer, 'Worker chosen');
	await expectMyOffer(worker, 'You were chosen');

	await received.getByRole('link', { name: 'Open the chat' }).click();
	await expect(chat(customer)).toContainText('Directly connected');
	await say(customer, 'Gate 3, by the fountain');
	await expect(message(worker, 'Gate 3, by the fountain')).toContainText('Customer:');
	await say(worker, 'On my way');
	await expect(message(customer, 'On my way')).toContainText('Worker:');

	await confirm(worker, 'Mark as done');
	await expect(myOffer(worker)).toContainText('The customer’s turn: Confirm that the job is done');
	await expect(offerOf(customer, words)).toContainText('Your turn: Confirm that the job is done');
	await confirm(customer, 'Mark as done');
	await expectMyOffer(worker, 'Done');
	await expect(offerOf(customer, words).getByText('Done', { exact: true })).toBeVisible();

	await go(customer, 'Activity');
	for (const news of ['Job posted', 'An offer came in', 'Offer checked by a direct call', 'Job done'])
		await expect(customer.page.getByRole('listitem').filter({ hasText: news })).toBeVisible();
	await expect(customer.page.getByRole('listitem').filter({ hasText: 'On my way' })).toBeVisible();
	await go(worker, 'Activity');
	for (const news of ['Offer checked by a direct call', 'Thank-you', 'Worker chosen', 'Job done'])
		await expect(worker.page.getByRole('listitem').filter({ hasText: news })).toBeVisible();
	await expect(worker.page.getByRole('listitem').filter({ hasText: 'Gate 3' })).toBeVisible();
});
