import type { BrowserContext } from '@playwright/test';
import { expect, test, type Tab } from './fixtures.ts';
import {
	confirm,
	expectJob,
	expectMyOffer,
	expectPeers,
	follow,
	go,
	goToGigs,
	jobHead,
	lead,
	myOffer,
	offer,
	offerOf,
	openLead,
	postAndSend,
	timeline,
} from './gigs.ts';

const job = { text: 'Water the plants while we are away', topic: '/home/plants' };
const words = 'Two visits a week, references on request';

/** Lets jobs posted from this browser live for seconds, less than the form offers. */
const inAHurry =
	(ms: number) =>
	async (context: BrowserContext): Promise<void> => {
		await context.addInitScript((expiresInMs) => {
			window.Worker = class extends Worker {
				override postMessage(message: { name?: string; args?: object }, transfer?: unknown) {
					const hurried =
						message.name === 'post' ? { ...message, args: { ...message.args, expiresInMs } } : message;
					super.postMessage(hurried, transfer as Transferable[]);
				}
			};
		}, ms);
	};

async function openShelf(tab: Tab, shelf: 'Ended'): Promise<void> {
	await goToGigs(tab, 'Find work');
	await tab.page.getByText(new RegExp(`^${shelf}`)).click();
}

test('a cancelled job says so everywhere, with the reason, and is posted again in one tap', async ({
	relay,
	tab,
}) => {
	const relays = [await relay()];
	const customer = await tab({ relays });
	const worker = await tab({ relays });
	const other = await tab({ relays });
	for (const each of [worker, other]) await follow(each, '/home');
	await expectPeers(customer, 2);
	await postAndSend(customer, job);
	await offer(worker, job.text, words);
	await expectMyOffer(worker, 'Received and thanked');

	await confirm(customer, 'Cancel the job', 'the trip is off');
	await expectJob(customer, 'Cancelled');
	await expect(jobHead(customer)).toContainText('You cancelled it.');
	await expect(timeline(customer)).toContainText('Job cancelled');
	await expectMyOffer(worker, 'Job cancelled');
	await expect(myOffer(worker)).toContainText('The customer cancelled it.');
	await expect(myOffer(worker)).toContainText('the trip is off');
	await expectJob(worker, 'Cancelled');
	await openShelf(other, 'Ended');
	await expect(lead(other, job.text)).toContainText('Cancelled');
	await other.page.getByRole('link', { name: job.text }).click();
	await expect(jobHead(other)).toContainText('the trip is off');
	await expect(other.page.getByRole('button', { name: 'Send the offer' })).toHaveCount(0);
	await go(worker, 'Activity');
	await expect(worker.page.getByRole('main')).toContainText('The customer cancelled');

	await customer.page.getByRole('button', { name: 'Post it again' }).click();
	await expectJob(customer, 'Open');
	await goToGigs(other, 'Find work');
	await expect(lead(other, job.text).filter({ hasNotText: 'Cancelled' })).toHaveCount(1);
	await goToGigs(customer, 'My jobs');
	await expect(lead(customer, job.text)).toHaveCount(2);
});

test('an expired job says so on both sides and is posted again in one tap', async ({ relay, tab }) => {
	const relays = [await relay()];
	const customer = await tab({ relays, prepare: inAHurry(15_000) });
	const worker = await tab({ relays });
	const other = await tab({ relays });
	for (const each of [worker, other]) await follow(each, '/home');
	await expectPeers(customer, 2);
	await postAndSend(customer, job);
	await expect(timeline(customer)).toContainText('Job expires');
	await offer(worker, job.text, words);
	await expectMyOffer(worker, 'Received and thanked');

	await expectJob(customer, 'Expired');
	await expect(jobHead(customer)).toContainText('Its time ran out.');
	await expect(timeline(customer)).toContainText('Job expired');
	await expect(offerOf(customer, words).getByRole('button', { name: 'Choose this worker' })).toHaveCount(0);
	await expectMyOffer(worker, 'Expired');
	await expect(myOffer(worker)).toContainText('Its time ran out.');
	await openEnded(other);
	await expectJob(other, 'Expired');
	await expect(jobHead(other)).toContainText('Its time ran out.');

	await customer.page.getByRole('button', { name: 'Post it again' }).click();
	await expectJob(customer, 'Open');
	await expect(jobHead(customer)).toContainText(/ends .*minutes/);
	await openLead(other, job.text);
	await expectJob(other, 'Open');
});

async function openEnded(tab: Tab): Promise<void> {
	await openShelf(tab, 'Ended');
	await tab.page.getByRole('link', { name: job.text }).click();
}
