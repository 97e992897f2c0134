import type { Relay } from '../../network/relay/relay.ts';
import { defaultParameters } from '#lib/webrtc/parameters.ts';
import { easyWork, expect, test, type Tab } from './fixtures.ts';
import { expectPeers, follow, go, goToGigs, lead, leads, postAndSend } from './gigs.ts';
import { workFact } from './network.ts';

async function several(count: number, relay: () => Promise<Relay>): Promise<Relay[]> {
	return Promise.all(Array.from({ length: count }, () => relay()));
}

/** `count` of the relays from the one at `start` on, which stand in a ring. */
const around = (relays: readonly Relay[], start: number, count: number): Relay[] => {
	const from = start % relays.length;
	return [...relays, ...relays].slice(from, from + count);
};

test('a job reaches those who follow its topic, one above it or one below it', async ({ relay, tab }) => {
	const relays = [await relay()];
	const customer = await tab({ relays });
	const followers: Tab[] = [];
	for (const topic of ['/drive', '/drive/australia/sydney', '/', '/food']) {
		const follower = await tab({ relays });
		await follow(follower, topic);
		followers.push(follower);
	}
	const [above, below, everything, elsewhere] = followers as [Tab, Tab, Tab, Tab];
	await expectPeers(customer, defaultParameters.minLinks, 'or more');

	await postAndSend(customer, { text: 'Anywhere in Australia', topic: '/drive/australia' });
	await postAndSend(customer, { text: 'For everyone to read', topic: '/' });

	for (const follower of [above, below, everything]) {
		await expect(lead(follower, 'Anywhere in Australia')).toBeVisible();
		await expect(lead(follower, 'For everyone to read')).toBeVisible();
		await expect(leads(follower)).toHaveCount(2);
	}
	// It carried both and lists the one it asked for.
	await go(elsewhere, 'Network');
	await expect(workFact(elsewhere, 'Jobs that passed through')).toHaveText('2');
	await goToGigs(elsewhere, 'Find work');
	await expect(lead(elsewhere, 'For everyone to read')).toBeVisible();
	await expect(leads(elsewhere)).toHaveCount(1);
});

test('in a ring of five every node lists a job once', async ({ relay, tab }) => {
	const relays = await several(5, relay);
	const ring: Tab[] = [];
	for (let i = 0; i < 5; i++) ring.push(await tab({ relays: around(relays, i, 2) }));
	const [customer, ...others] = ring as [Tab, ...Tab[]];
	for (const other of others) await follow(other, '/garden');
	for (const each of ring) await expectPeers(each, 2);

	await postAndSend(customer, { text: 'Prune two apple trees', topic: '/garden/trees' });
	for (const other of others) {
		await expect(lead(other, 'Prune two apple trees')).toBeVisible();
		await expect(leads(other)).toHaveCount(1);
	}
	// The two waves met: somebody was offered the job again and recognised it.
	await goToGigs(customer, 'My jobs');
	await expect(leads(customer)).toHaveCount(1);
	await goToGigs(customer, 'Find work');
	await expect(lead(customer, 'Prune two apple trees')).toHaveCount(0);
	for (const other of others) {
		await go(other, 'Network');
		await expect(workFact(other, 'Jobs that passed through')).toHaveText('1');
	}
});

test('among eight tabs and twenty headless peers a job reaches everyone who follows it, once', async ({
	relay,
	tab,
	peer,
}) => {
	test.setTimeout(180_000);
	const relays = await several(4, relay);
	// The mesh as people have it: it mends itself by walks.
	const { walksPerMinute, minLinks } = defaultParameters;
	const parameters = { ...easyWork, walksPerMinute };
	// Five headless peers on each relay; each tab joins two of the four together.
	const crowd = await Promise.all(
		Array.from({ length: 20 }, (_, i) =>
			peer({ relays: around(relays, i, 1), topics: [i < 10 ? '/clean' : '/food'], parameters }),
		),
	);
	const tabs: Tab[] = [];
	for (let i = 0; i < 8; i++) tabs.push(await tab({ relays: around(relays, i, 2), parameters }));
	const [customer, ...others] = tabs as [Tab, ...Tab[]];
	for (const other of others) await follow(other, '/clean');
	for (const each of tabs) await expectPeers(each, minLinks, 'or more');
	for (const each of crowd) await each.until('network', ({ links }) => links.length >= minLinks);

	await postAndSend(customer, { text: 'Windows of a whole school', topic: '/clean/windows' });
	for (const each of crowd.slice(0, 10)) await each.until('leads', (list) => list.length > 0);
	for (const other of others) {
		await expect(lead(other, 'Windows of a whole school')).toBeVisible();
		await expect(leads(other)).toHaveCount(1);
	}
	// Whom it does not concern carries it all the same and lists nothing.
	expect(crowd.map((each) => each.slice('leads').length)).toEqual(crowd.map((_, i) => (i < 10 ? 1 : 0)));
	for (const each of crowd) expect(each.slice('network').traffic.broadcastsSeen).toBeLessThanOrEqual(1);
});
