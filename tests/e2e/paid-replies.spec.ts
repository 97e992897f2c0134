import { defaultParameters } from '#lib/gossip/parameters.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import { startPlayMoney, type PlayMoney } from '../../network/play-money.ts';
import { withoutHold } from '../../network/wallet-service/grant.ts';
import { expect, test, type Tab, type TabOptions } from './fixtures.ts';
import { expectMyOffer, expectPeers, follow, go, offer, offerOf, openLead, postAndSend } from './gigs.ts';
import { peerId } from './network.ts';
import type { Peer } from './peer.ts';
import { lineOfRelays, longLineOfRelays } from './relays.ts';
import { connect, equip, held, setRules } from './wallets.ts';

const job = { text: 'Carry a harp up to the attic', topic: '/move/leipzig' };
const words = 'I own a stair climber';
/** Without a thank-you a lock is given back within seconds. */
const hasty = {
	admissionComplexity: 64,
	baseComplexity: 64,
	walksPerMinute: 0,
	thankYouTimeoutMs: 3_000,
	replyLockMs: 4_000,
};

/** A customer that asks two sats of whoever replies to its jobs; its wallet holds nothing. */
async function becomeCustomer(tab: Tab, uri: string): Promise<void> {
	await connect(tab, uri);
	await setRules(tab, { ownReply: '2' });
}

/** The offer is at its customer, whose calls to the worker fail. */
async function expectUnchecked(customer: Tab): Promise<void> {
	await expect(offerOf(customer, words)).toContainText('Call the worker to check the offer');
}

async function sendOffer(worker: Tab, cost: string): Promise<void> {
	await expectPeers(worker, 1);
	await openLead(worker, job.text);
	await expect(worker.page.getByText(`Its way to the customer costs ${cost}`)).toBeVisible();
	await offer(worker, job.text, words);
}

interface LongLine {
	readonly customer: Tab;
	readonly first: Peer;
	readonly worker: Tab;
	readonly money: PlayMoney;
	/** Lets calls between customer and worker through again. */
	readonly letCall: () => void;
	/** Customer, first and second middleman, worker; sats. */
	readonly balances: () => number[];
}

/** Over two middlemen with margins of three and five sats an offer came home, and its price is locked on every hop. */
const longLine = test.extend<{
	offered: (options?: Pick<TabOptions, 'parameters' | 'provoked'>) => Promise<LongLine>;
}>({
	offered: ({ relay, tab, peer }, use) =>
		use(async ({ parameters, provoked } = {}) => {
			const shared = parameters ? { parameters } : {};
			const relays = await longLineOfRelays(relay);
			const money = startPlayMoney((await relay()).url);
			const first = await peer({ relays: relays.m, ...shared });
			const second = await peer({ relays: relays.n, ...shared });
			await equip(first, money, 'first', { replyMsat: sats(3) });
			await equip(second, money, 'second', { replyMsat: sats(5) });
			const customer = await tab({ relays: relays.a, ...shared });
			const worker = await tab({ relays: relays.b, ...shared, ...(provoked ? { provoked } : {}) });
			await becomeCustomer(customer, money.open('customer', 0).uri);
			await connect(worker, money.open('worker', 1_000).uri);
			await follow(worker, '/move');
			await postAndSend(customer, job);
			relays.calls.setFaults({ dropShare: 1 });
			// Two for the customer, three and two for fees, five and two for fees.
			await sendOffer(worker, '14 sats');
			await expectUnchecked(customer);
			return {
				customer,
				first,
				worker,
				money,
				letCall: () => relays.calls.setFaults({ dropShare: 0 }),
				balances: () => held(money, 'customer', 'first', 'second', 'worker'),
			};
		}),
});

longLine(
	'two middlemen with margins of their own: nothing is settled before the thank-you, then exactly what was advertised',
	async ({ offered }) => {
		const { first, worker, money, letCall, balances } = await offered();
		expect(balances()).toEqual([0, 998, 993, 986]);
		letCall();
		await expectMyOffer(worker, 'Received and thanked');
		await expect.poll(balances).toEqual([2, 1_005, 1_007, 986]);
		await expect.poll(() => first.slice('lightning').earned).toMatchObject({ msat: sats(5), replies: 1 });
		money.stop();
	},
);

longLine('no thank-you: every lock is given back, and the next favour is dearer', async ({ offered }) => {
	// The wallet protocol's client says in the console that a payment came back.
	const provoked = /^Failed to request pay_invoice/;
	const { customer, first, money, balances } = await offered({ parameters: hasty, provoked });
	const id = await peerId(customer);
	const standing = () => first.slice('network').ledger.find(({ peer }) => peer.startsWith(id));

	await expect.poll(balances).toEqual([0, 1_000, 1_000, 1_000]);
	await expect.poll(() => standing()?.misses).toBe(1);
	// Twice a newcomer's work, and half of what is done on credit at first.
	const { newcomerFactor, startCredit } = defaultParameters;
	expect(standing()?.factor).toBeGreaterThan(1.9 * newcomerFactor);
	expect(standing()?.creditLimit).toBeLessThan(0.6 * startCredit);
	money.stop();
});

test('three offers, one thanked: only that one pays', async ({ relay, tab, peer }) => {
	const relays = await lineOfRelays(relay);
	const money = startPlayMoney((await relay()).url);
	const middleman = await peer({ relays: relays.m, parameters: hasty });
	await equip(middleman, money, 'middleman', { replyMsat: sats(3) });
	const customer = await tab({ relays: relays.a, parameters: hasty });
	await becomeCustomer(customer, money.open('customer', 0).uri);
	const workers = ['one', 'two', 'three'];
	for (const name of workers) {
		// Only the first can be called.
		const reached = name === 'one' ? relays.b : [relays.right];
		const offers = `by worker ${name}`;
		const worker = await peer({ relays: reached, parameters: hasty, topics: ['/move'], offers });
		await equip(worker, money, name, {});
	}
	await expect.poll(() => middleman.slice('network').links.length).toBe(4);
	await postAndSend(customer, job);
	for (const name of workers) await expect(offerOf(customer, `by worker ${name}`)).toBeVisible();
	await expect
		.poll(() => held(money, 'customer', 'middleman', ...workers))
		.toEqual([2, 1_005, 993, 1_000, 1_000]);
	money.stop();
});

test('a middleman that reloads between lock and thank-you is still paid', async ({ relay, tab }) => {
	const relays = await lineOfRelays(relay);
	const money = startPlayMoney((await relay()).url);
	const middleman = await tab({ relays: relays.m });
	const customer = await tab({ relays: relays.a });
	const worker = await tab({ relays: relays.b });
	await connect(middleman, money.open('middleman', 1_000).uri);
	await setRules(middleman, { reply: '3' });
	await becomeCustomer(customer, money.open('customer', 0).uri);
	await connect(worker, money.open('worker', 1_000).uri);
	await follow(worker, '/move');
	await expectPeers(middleman, 2);
	await postAndSend(customer, job);
	relays.calls.setFaults({ dropShare: 1 });
	await sendOffer(worker, '7 sats');
	await expectUnchecked(customer);
	const balances = () => held(money, 'customer', 'middleman', 'worker');
	expect(balances()).toEqual([0, 998, 993]);

	await middleman.page.reload();
	await expectPeers(middleman, 2);
	relays.calls.setFaults({ dropShare: 0 });
	await expectMyOffer(worker, 'Received and thanked');
	await expect.poll(balances).toEqual([2, 1_005, 993]);
	await go(middleman, 'Wallet');
	await expect(middleman.page.getByRole('region', { name: 'Earned' })).toContainText('5 sats');
	money.stop();
});

test('a wallet without locks is owed on trust, and billed after the thank-you', async ({
	relay,
	tab,
	peer,
}) => {
	const relays = await lineOfRelays(relay);
	const money = startPlayMoney((await relay()).url);
	const middleman = await peer({ relays: relays.m });
	await equip(middleman, money, 'middleman', { replyMsat: sats(3) });
	const customer = await tab({ relays: relays.a });
	await becomeCustomer(customer, money.open('customer', 0, withoutHold).uri);
	const worker = await peer({ relays: relays.b, topics: ['/move'], offers: words });
	await equip(worker, money, 'worker', {});
	await expect.poll(() => middleman.slice('network').links.length).toBe(2);
	relays.calls.setFaults({ dropShare: 1 });
	await postAndSend(customer, job);
	await expectUnchecked(customer);
	const balances = () => held(money, 'customer', 'middleman', 'worker');
	// The worker's lock is there; the customer waits for the middleman's word only.
	expect(balances()).toEqual([0, 1_000, 993]);
	relays.calls.setFaults({ dropShare: 0 });
	await expect.poll(balances).toEqual([2, 1_005, 993]);
	money.stop();
});
