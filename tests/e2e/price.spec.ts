import { expect, test } from './fixtures.ts';
import { carrier, expectPeers, jobHead, offerOf, postAndSend, writeJob, type Draft } from './gigs.ts';
import { askedNow, hashes, ledgerFact, ledgerOf, peerId } from './network.ts';
import { lineOfRelays } from './relays.ts';

/** Thank-yous are missed within seconds. */
const parameters = {
	admissionComplexity: 64,
	baseComplexity: 65_536,
	thankYouTimeoutMs: 2_000,
	walksPerMinute: 0,
};

const favour = (text: string): Draft => ({ text, topic: '/write/short/poems' });

test('without a thank-you the next favour is dearer, with one it is cheaper again', async ({
	relay,
	tab,
	peer,
}) => {
	const relays = await lineOfRelays(relay);
	const middleman = await tab({ relays: relays.m, parameters, path: '/network' });
	const customer = await tab({ relays: relays.a, parameters });
	await expectPeers(middleman, 1);
	const customerId = await peerId(customer);
	const middlemanId = await peerId(middleman);
	await expect(ledgerOf(middleman, customerId)).toContainText('nothing, on credit');

	// Favours that nobody answers count for nothing but the credit they use up.
	for (const text of ['An ode to tea', 'A limerick', 'A haiku', 'A sonnet'])
		await postAndSend(customer, favour(text));
	await expect(ledgerFact(middleman, customerId, 'Carried for you / for them')).toHaveText('0 / 4');
	const before = await askedNow(middleman, customerId);
	expect(before).toBeGreaterThan(0);

	// The fifth is answered, and its worker cannot be called: they share no relay with the customer.
	const stranger = await peer({
		relays: [relays.right],
		parameters,
		topics: ['/sing'],
		offers: 'I sing anything',
	});
	await expectPeers(middleman, 2);
	await stranger.until('network', ({ links }) => links.length === 1);
	await postAndSend(customer, { text: 'A song for Ada', topic: '/sing/loud/birthdays' });
	await expect(offerOf(customer, 'I sing anything')).toBeVisible();
	await expect(ledgerFact(middleman, customerId, 'Thank-yous / missing')).toHaveText('0 / 1');
	await expect(ledgerOf(middleman, customerId)).toContainText(
		'Pays more: replies went through them and no thank-you came back.',
	);
	const dearer = await askedNow(middleman, customerId);
	expect(dearer).toBeGreaterThan(1.9 * before);

	// The next is paid in work, is answered by somebody who can be called, and is thanked for.
	const reachable = await peer({ relays: relays.b, parameters, topics: ['/draw'], offers: 'In charcoal' });
	await expectPeers(middleman, 3);
	await reachable.until('network', ({ links }) => links.length === 2);
	await writeJob(customer, { text: 'A portrait of Ada', topic: '/draw/people/faces' });
	await expect(customer.page.getByRole('status', { name: 'What posting costs' })).toContainText(/of work/);
	await customer.page.getByRole('button', { name: 'Post the job' }).click();
	await expect(jobHead(customer)).toContainText('A portrait of Ada');
	await expect(carrier(customer, middlemanId)).toContainText('Carries it');
	const paid = hashes(await carrier(customer, middlemanId).innerText());
	expect(paid).toBeGreaterThan(0);
	await expect(offerOf(customer, 'In charcoal').getByText('Checked and thanked')).toBeVisible();
	await expect(ledgerFact(middleman, customerId, 'Thank-yous / missing')).toHaveText('1 / 1');
	expect(await askedNow(middleman, customerId)).toBeLessThan(dearer);

	await postAndSend(customer, favour('One more limerick'));
	await expect(carrier(customer, middlemanId)).toContainText('nothing, on credit');
});
