import { expect, test } from './fixtures.ts';
import {
	expectJob,
	expectMyOffer,
	expectPeers,
	follow,
	goToGigs,
	jobHead,
	lead,
	leads,
	message,
	offer,
	offerOf,
	openLead,
	openMyJob,
	postAndSend,
	say,
} from './gigs.ts';
import { erase } from './keys.ts';
import { everythingKept } from './eavesdrop.ts';
import { peerId } from './network.ts';

const job = { text: 'Teach me to bake bread', topic: '/teach/baking' };
const words = 'Sourdough in three evenings';

test('a reload in the middle loses nothing, and an offer that comes after it is handled', async ({
	relay,
	tab,
}) => {
	const relays = [await relay()];
	const customer = await tab({ relays });
	const worker = await tab({ relays });
	await follow(worker, '/teach');
	await expectPeers(customer, 1);
	const id = await peerId(customer);
	await postAndSend(customer, job);

	await customer.page.reload();
	await expectJob(customer, 'Open');
	await expect(jobHead(customer)).toContainText(job.text);
	await expectPeers(customer, 1);
	expect(await peerId(customer)).toBe(id);
	await offer(worker, job.text, words);
	await expectMyOffer(worker, 'Received and thanked');
	await openMyJob(customer, job.text);
	await expect(offerOf(customer, words).getByText('Checked and thanked', { exact: true })).toBeVisible();

	await offerOf(customer, words).getByRole('button', { name: 'Choose this worker' }).click();
	await expectMyOffer(worker, 'You were chosen');
	await offerOf(customer, words).getByRole('link', { name: 'Open the chat' }).click();
	await say(customer, 'Shall I bring flour?');
	for (const each of [customer, worker]) {
		await each.page.reload();
		await expectPeers(each, 1);
		await expect(message(each, 'Shall I bring flour?')).toBeVisible();
	}
	await expectMyOffer(worker, 'You were chosen');
	await say(worker, 'Only rye, please');
	await expect(message(customer, 'Only rye, please')).toBeVisible();
	await expect(message(customer, 'Shall I bring flour?')).toContainText('delivered');
});

test('a browser closed and opened again goes on where it was', async ({ relay, tab }) => {
	const relays = [await relay()];
	const customer = await tab({ relays });
	const worker = await tab({ relays });
	await follow(worker, '/teach');
	await expectPeers(customer, 1);
	await postAndSend(customer, job);
	await goToGigs(worker, 'Find work');
	await expect(lead(worker, job.text)).toBeVisible();

	// The customer is away while the worker answers.
	await customer.page.close();
	await expectPeers(worker, 0);
	await offer(worker, job.text, words);
	await expect(worker.page.getByRole('region', { name: 'Your offer' })).toContainText(
		/Carry the offer back|Check the offer by a direct call/,
	);

	const later = await tab({ context: customer.context, path: '/gigs/mine' });
	await openMyJob(later, job.text);
	await expect(offerOf(later, words).getByText('Checked and thanked', { exact: true })).toBeVisible();
	await expectMyOffer(worker, 'Received and thanked');
});

test('two tabs of one browser show the same, and either goes on alone', async ({ relay, tab }) => {
	const relays = [await relay()];
	const worker = await tab({ relays });
	await follow(worker, '/teach');
	const first = await tab({ relays });
	await expectPeers(first, 1);
	await postAndSend(first, job);
	const second = await tab({ context: first.context, path: '/gigs/mine' });
	await expect(
		second.page.getByText('Another tab of this browser keeps your jobs. You can use this one just the same.'),
	).toBeVisible();
	await expect(lead(second, job.text)).toBeVisible();

	// The follower posts; the keeper shows it.
	await postAndSend(second, { text: 'Teach me to juggle', topic: '/teach/circus' });
	await goToGigs(first, 'My jobs');
	await expect(leads(first)).toHaveCount(2);

	await first.page.close();
	await expect(second.page.getByText('Another tab of this browser keeps your jobs.')).toBeHidden();
	await expectPeers(second, 1);
	await openLead(worker, 'Teach me to juggle');
	await offer(worker, 'Teach me to juggle', 'Three balls in a day');
	await openMyJob(second, 'Teach me to juggle');
	await expect(
		offerOf(second, 'Three balls in a day').getByText('Checked and thanked', { exact: true }),
	).toBeVisible();
	await expectMyOffer(worker, 'Received and thanked');
});

test('what is kept is erased to the last record', async ({ tab }) => {
	const mine = await tab();
	await follow(mine, '/teach');
	await erase(mine);
	await expect.poll(() => everythingKept(mine.page)).not.toContain('/teach');
});
