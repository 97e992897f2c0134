import type { BrowserContext } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import {
	chat,
	confirm,
	expectJob,
	expectMyOffer,
	expectPeers,
	follow,
	go,
	goToGigs,
	jobHead,
	lead,
	message,
	offer,
	offerOf,
	postAndSend,
	say,
} from './gigs.ts';
import { carried, everythingKept, watchFrames } from './eavesdrop.ts';
import { ledgerFact, peerId } from './network.ts';
import { lineOfRelays } from './relays.ts';

const job = 'Carry a piano up two floors';
const words = 'Three of us, with straps and a van';

test('through a middleman: the same journey, and it never sees the offer', async ({ relay, tab }) => {
	const relays = await lineOfRelays(relay);
	const middleman = await tab({ relays: relays.m, prepare: watchFrames });
	const customer = await tab({ relays: relays.a });
	const worker = await tab({ relays: relays.b });
	await follow(worker, '/move');
	await follow(middleman, '/move');
	await expectPeers(middleman, 2);

	await postAndSend(customer, { text: job, topic: '/move/berlin' });
	await offer(worker, job, words, ['120', 'EUR']);
	await expectMyOffer(worker, 'Received and thanked');
	const received = offerOf(customer, words);
	await expect(received).toContainText('came over 1 neighbour');
	await received.getByRole('button', { name: 'Choose this worker' }).click();
	await expectMyOffer(worker, 'You were chosen');
	await received.getByRole('link', { name: 'Open the chat' }).click();
	await say(customer, 'Third bell from the top');
	await expect(message(worker, 'Third bell from the top')).toBeVisible();
	await say(worker, 'Ringing it now');
	await expect(message(customer, 'Ringing it now')).toBeVisible();
	await expect(chat(customer)).toContainText('Directly connected');
	await confirm(worker, 'Mark as done');
	await expect(offerOf(customer, words)).toContainText('Your turn: Confirm that the job is done');
	await confirm(customer, 'Mark as done');
	await expectMyOffer(worker, 'Done');

	await expectPeers(customer, 1);
	await expectPeers(worker, 1);
	const secrets = [words, 'Third bell from the top', 'Ringing it now'];
	const frames = await carried(middleman.page);
	const kept = await everythingKept(middleman.page);
	// What it may know shows that the two were looked at in earnest.
	expect(frames).toContain(job);
	expect(kept).toContain(job);
	for (const place of ['Gigs', 'Activity', 'Network'] as const) {
		await go(middleman, place);
		for (const secret of secrets) await expect(middleman.page.getByText(secret)).toHaveCount(0);
	}
	for (const secret of secrets) {
		expect(frames).not.toContain(secret);
		expect(kept).not.toContain(secret);
	}
});

test('a middleman that reloads between offer and thank-you knows whom to thank', async ({ relay, tab }) => {
	const relays = await lineOfRelays(relay);
	const middleman = await tab({ relays: relays.m, path: '/network' });
	const customer = await tab({ relays: relays.a });
	const worker = await tab({ relays: relays.b });
	await follow(worker, '/move');
	await expectPeers(middleman, 2);
	const customerId = await peerId(customer);
	const workerId = await peerId(worker);
	const thanks = (peer: string) => ledgerFact(middleman, peer, 'Thank-yous / missing');

	await postAndSend(customer, { text: job, topic: '/move/berlin' });
	// Nobody can call anybody: the offer comes home, its worker cannot be asked yet.
	relays.calls.setFaults({ dropShare: 1 });
	await offer(worker, job, words);
	await expect(offerOf(customer, words)).toContainText('Call the worker to check the offer');
	await expect(thanks(customerId)).toHaveText('0 / 0');

	await middleman.page.reload();
	await expectPeers(middleman, 2);
	relays.calls.setFaults({ dropShare: 0 });

	await expectMyOffer(worker, 'Received and thanked');
	await expect(offerOf(customer, words).getByText('Checked and thanked', { exact: true })).toBeVisible();
	await expect(thanks(customerId)).toHaveText('1 / 0');
	await expect(thanks(workerId)).toHaveText('0 / 0');
});

test('an offer that comes after the job was cancelled is refused, and its worker reads why', async ({
	relay,
	tab,
}) => {
	const relays = await lineOfRelays(relay);
	const middleman = await tab({ relays: relays.m });
	const customer = await tab({ relays: relays.a });
	const worker = await tab({ relays: relays.b });
	await follow(worker, '/move');
	await follow(middleman, '/move');
	await expectPeers(middleman, 2);
	await postAndSend(customer, { text: job, topic: '/move/berlin' });
	await goToGigs(worker, 'Find work');
	await expect(lead(worker, job)).toBeVisible();

	// The worker's browser is closed while the job ends, and opened after.
	await closePage(worker.context);
	await confirm(customer, 'Cancel the job', 'my brother has a van');
	await expectJob(customer, 'Cancelled');
	await openEnded(middleman);
	await expect(lead(middleman, job)).toContainText('Cancelled');
	const late = await tab({ context: worker.context, path: '/gigs' });
	await expectPeers(late, 1);
	await offer(late, job, words);
	await expectMyOffer(late, 'Not carried');
	await expect(late.page.getByText('The job had been cancelled.').first()).toBeVisible();
	await expect(jobHead(late)).toBeVisible();
});

async function closePage(context: BrowserContext): Promise<void> {
	for (const page of context.pages()) await page.close();
}

async function openEnded(tab: Parameters<typeof goToGigs>[0]): Promise<void> {
	await goToGigs(tab, 'Find work');
	await tab.page.getByText(/^Ended/).click();
}

test('a middleman whose page hangs loses no frame and no neighbour: its node is not in the page', async ({
	relay,
	tab,
}) => {
	const relays = await lineOfRelays(relay);
	const held = Promise.withResolvers<undefined>();
	const prepare = async (context: BrowserContext) => {
		await context.route('**/held', async (route) => {
			await held.promise;
			await route.fulfill({ body: '' });
		});
	};
	const middleman = await tab({ relays: relays.m, prepare });
	const customer = await tab({ relays: relays.a });
	const worker = await tab({ relays: relays.b });
	for (const each of [worker, middleman]) await follow(each, '/move');
	await expectPeers(middleman, 2);

	// A synchronous request stops everything in the page until the test answers it.
	let hangs = true;
	const hanging = middleman.page
		.evaluate(() => {
			const request = new XMLHttpRequest();
			request.open('GET', '/held', false);
			request.send();
		})
		.then(() => (hangs = false));
	await postAndSend(customer, { text: job, topic: '/move/berlin' });
	await offer(worker, job, words, ['120', 'EUR']);
	await expectMyOffer(worker, 'Received and thanked');
	await expect(offerOf(customer, words)).toContainText('came over 1 neighbour');
	expect(hangs).toBe(true);
	held.resolve(undefined);
	await hanging;
	await expectPeers(middleman, 2);
	const customerId = await peerId(customer);
	await go(middleman, 'Network');
	await expect(ledgerFact(middleman, customerId, 'Thank-yous / missing')).toHaveText('1 / 0');
});
