import { expect, test } from './fixtures.ts';
import {
	expectMyOffer,
	expectPeers,
	follow,
	go,
	goToGigs,
	jobHead,
	lead,
	offer,
	offerOf,
	openMyJob,
	pill,
	postAndSend,
	postJob,
} from './gigs.ts';
import { meshState, relayLine } from './network.ts';

const job = { text: 'Fix a squeaking door', topic: '/home/repairs' };
/** What the browser says of a web socket that does not open or breaks. */
const provoked = /WebSocket connection to 'ws:/;

for (const [what, break_, words] of [
	['rewrites what it passes on', { lie: 'content' }, 'lies: it passes on what nobody signed'],
	['passes everything on in its own name', { lie: 'sender' }, 'Connected'],
	['loses everything', { dropShare: 1 }, 'Connected'],
	['refuses every event', { reject: 'blocked: not here' }, 'blocked: not here'],
	[
		'refuses every subscription',
		{ rejectSubscriptions: 'restricted: members only' },
		'restricted: members only',
	],
	['is down', { closed: true }, /Waiting before the next try|Connecting/],
] as const)
	test(`beside a relay that ${what} an honest one brings tabs together`, async ({ relay, tab }) => {
		const [bad, honest] = [await relay(), await relay()];
		bad.setFaults(break_);
		const relays = [bad, honest];
		const customer = await tab({ relays, provoked });
		const worker = await tab({ relays, provoked });
		await follow(worker, '/home');
		await expectPeers(customer, 1);
		await postAndSend(customer, job);
		await offer(worker, job.text, 'With a drop of oil');
		await expectMyOffer(worker, 'Received and thanked');
		await expect(offerOf(customer, 'With a drop of oil')).toContainText('Checked and thanked');
		await go(customer, 'Network');
		await expect(relayLine(customer, bad.url)).toContainText(words);
		await expect(relayLine(customer, honest.url)).toContainText('Connected');
	});

test('a relay that stalls is found out and named, and an honest one does the work', async ({
	relay,
	tab,
}) => {
	const [bad, honest] = [await relay(), await relay()];
	bad.setFaults({ stall: true });
	const customer = await tab({ relays: [bad, honest], provoked, path: '/network' });
	const other = await tab({ relays: [bad, honest], provoked });
	await expectPeers(customer, 1);
	await expectPeers(other, 1);
	await expect(relayLine(customer, bad.url)).toContainText('stalled: it does not answer');
	await expect(relayLine(customer, honest.url)).toContainText('Connected');
});

test('when every relay dies the mesh goes on', async ({ relay, tab }) => {
	const only = await relay();
	const customer = await tab({ relays: [only], provoked });
	const worker = await tab({ relays: [only], provoked });
	await follow(worker, '/home');
	await expectPeers(customer, 1);
	only.setFaults({ closed: true });
	await go(customer, 'Network');
	await expect(relayLine(customer, only.url)).toContainText(/Waiting before the next try|Connecting/);
	await expect(meshState(customer)).toContainText('Connected');
	await expect(pill(customer)).toContainText('1 peer · 0 relays');

	await postAndSend(customer, job);
	await offer(worker, job.text, 'With a drop of oil');
	// The offer comes over the mesh; the direct call to check it needs a relay and waits for one.
	await expect(offerOf(customer, 'With a drop of oil')).toContainText('Call the worker');
	only.setFaults({ closed: false });
	await expectMyOffer(worker, 'Received and thanked');
});

test('alone at a relay a job waits for neighbours and says so, and goes out when one comes', async ({
	relay,
	tab,
}) => {
	const relays = [await relay()];
	const customer = await tab({ relays, path: '/network' });
	await expect(meshState(customer)).toContainText('No peers yet');
	await expect(meshState(customer)).toContainText('no other peer is around yet');
	await postJob(customer, job);
	await expect(jobHead(customer)).toContainText('Being sent');
	await expect(jobHead(customer)).toContainText(
		'This device is at it: Find neighbours who can carry it. Until',
	);
	await expect(jobHead(customer)).toContainText('Otherwise the job expires.');

	const worker = await tab({ relays });
	await follow(worker, '/home');
	await goToGigs(worker, 'Find work');
	await expect(lead(worker, job.text)).toBeVisible();
	await expect(jobHead(customer)).toContainText('The worker’s turn');
});

test('without any relay a tab says that it is offline and keeps what was written', async ({ relay, tab }) => {
	const only = await relay();
	only.setFaults({ closed: true });
	const customer = await tab({ relays: [only], provoked, path: '/network' });
	await expect(meshState(customer)).toContainText('There is no way to any peer');
	await expect(pill(customer)).toContainText('Offline');
	await postJob(customer, job);
	await expect(jobHead(customer)).toContainText('Find neighbours who can carry it');
	await customer.page.reload();
	await openMyJob(customer, job.text);
	await expect(jobHead(customer)).toContainText('Being sent');
});
