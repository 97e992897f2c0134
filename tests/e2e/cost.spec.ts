import { expect, test } from './fixtures.ts';
import {
	carrier,
	confirm,
	expectJob,
	expectPeers,
	follow,
	go,
	goToGigs,
	jobHead,
	lead,
	postJob,
	writeJob,
} from './gigs.ts';
import { speed, workFact } from './network.ts';
import type { Tab } from './fixtures.ts';

const job = { text: 'Proof-read a thesis', topic: '/write/academic/english' };
/** No admission proof is asked, so nothing is carried on credit. */
const dear = (baseComplexity: number) => ({ admissionComplexity: 0, baseComplexity });
const cost = ({ page }: Tab) => page.getByRole('status', { name: 'What posting costs' });

test('work is announced before, shown while it is done, and stopped on request', async ({
	relay,
	tab,
	peer,
}) => {
	const relays = [await relay()];
	const customer = await tab({ relays, parameters: dear(2 ** 22) });
	// Half as much work as this device would do: a quarter of a minute, by a measure that other work can falsify.
	const neighbour = await peer({ relays, parameters: dear(Math.round((await speed(customer)) * 6)) });
	await expectPeers(customer, 1);

	await writeJob(customer, job);
	await expect(cost(customer)).toContainText(/^About .+ of work by this device, usually .+ at most\./);
	await expect(cost(customer)).toContainText('1 neighbour is asked.');
	await customer.page.getByRole('button', { name: 'Post the job' }).click();
	const progress = carrier(customer, neighbour.id).getByRole('progressbar');
	// All at once: if the measure was pessimistic the work is over in a few seconds.
	await Promise.all([
		expect(carrier(customer, neighbour.id)).toContainText('Working for it'),
		expect(jobHead(customer)).toContainText('This device is at it: Do the work that carrying it costs'),
		expect.poll(() => progress.evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(0),
	]);

	await confirm(customer, 'Cancel the job');
	await expectJob(customer, 'Cancelled');
	await expect(jobHead(customer)).toContainText('You cancelled it.');
	await expect(customer.page.getByRole('progressbar')).toHaveCount(0);
	expect(neighbour.slice('network').traffic.broadcastsSeen).toBe(0);
});

test('work that is done buys the way on', async ({ relay, tab }) => {
	const relays = [await relay()];
	const customer = await tab({ relays, parameters: dear(2 ** 16) });
	const neighbour = await tab({ relays, parameters: dear(2 ** 16) });
	await follow(neighbour, '/write');
	await expectPeers(customer, 1);
	await postJob(customer, job);
	await expectJob(customer, 'Open');
	await expect(customer.page.getByRole('region', { name: 'Who carries it' })).toContainText(/\d.* hashes/);
	await goToGigs(neighbour, 'Find work');
	await expect(lead(neighbour, job.text)).toBeVisible();
	await go(customer, 'Network');
	await expect(workFact(customer, 'Hashes computed')).not.toHaveText('0');
});

test('work beyond reason is not begun, and the job says so', async ({ relay, tab, peer }) => {
	const relays = [await relay()];
	const customer = await tab({ relays, parameters: dear(64) });
	const greedy = await peer({ relays, parameters: dear(2 ** 34) });
	await expectPeers(customer, 1);
	await postJob(customer, job);
	await expect(carrier(customer, greedy.id)).toContainText('Too dear');
	await expect(carrier(customer, greedy.id)).toContainText(
		'The work asked for was more than this device would do.',
	);
});

test('what cannot be posted is marked and explained', async ({ tab }) => {
	const customer = await tab({ path: '/gigs/new' });
	const { page } = customer;
	await page.getByRole('button', { name: 'Post the job' }).click();
	await expect(page.getByRole('alert').filter({ hasText: 'Write what you need.' })).toBeVisible();
	await expect(page.getByRole('alert').filter({ hasText: 'Write a topic such as' })).toBeVisible();
	await expect(page.getByRole('textbox', { name: 'What do you need?' })).toBeFocused();
	for (const [topic, words] of [
		['/drive//sydney', 'Use letters, digits and - only'],
		['/drive/<b>', 'Use letters, digits and - only'],
		['/a/b/c/d/e/f/g/h/i', 'A topic may have 8 levels at most.'],
	] as const) {
		await page.getByRole('textbox', { name: 'Topic' }).fill(topic);
		await expect(page.getByRole('alert').filter({ hasText: words })).toBeVisible();
	}
	await page.getByRole('textbox', { name: 'Topic' }).fill('/Drive/Sydney');
	await expect(page.getByText('Will be posted on /drive/sydney')).toBeVisible();
	await page.getByRole('textbox', { name: 'What do you need?' }).fill('x'.repeat(5_000));
	await expect(page.getByRole('alert').filter({ hasText: /^Too long/ })).toBeVisible();
	await page.getByRole('textbox', { name: 'Amount' }).fill('-5.5');
	await page.getByRole('button', { name: 'Post the job' }).click();
	await expect(page.getByRole('alert').filter({ hasText: 'Write a whole number' })).toBeVisible();
	await expect(page).toHaveURL(/\/gigs\/new$/);
});
