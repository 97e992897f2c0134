import type { Topic } from '#lib/core/brand.ts';
import { hexBytes } from '#lib/core/bytes.ts';
import { capabilityBits } from '#lib/gossip/settling/till.ts';
import type { MeshFrame, MeshFrameOf } from '#lib/gossip/wire/frames.ts';
import { shortIdOf } from '#lib/gossip/wire/job.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import { startPlayMoney } from '../../network/play-money.ts';
import { customerJob } from '../kit/actors.ts';
import { expect, test } from './fixtures.ts';
import { expectJob, expectPeers, go, openMyJob, postAndSend, postJob } from './gigs.ts';
import { connect, connectExtension, equip, held, setRules, withExtension } from './wallets.ts';

const job = { text: 'Tune a church organ', topic: '/music/organ' };
/** Nothing is carried on credit: no admission proof is asked. */
const parameters = { admissionComplexity: 0, baseComplexity: 64, walksPerMinute: 0 };

test('a favour for sats: nothing is carried before the person pays, then once, for the price named', async ({
	relay,
	tab,
	peer,
}) => {
	const [near, far] = [await relay(), await relay()];
	const money = startPlayMoney((await relay()).url);
	const giver = await peer({ relays: [near, far], parameters });
	await equip(giver, money, 'giver', { favourMsat: sats(3) });
	const beyond = await peer({ relays: [far], parameters, topics: ['/music'] });
	const customer = await tab({ relays: [near], parameters });
	await connect(customer, money.open('customer', 1_000).uri);
	// Whatever leaves, leaves with the person's word.
	await setRules(customer, { auto: '0' }, 'With sats');
	await expectPeers(customer, 1);
	await postJob(customer, job);
	await go(customer, 'Wallet');
	const pay = customer.page.getByRole('button', { name: 'Pay 3 sats' });
	await expect(pay).toBeVisible();
	expect(giver.slice('network').traffic.broadcastsSeen).toBe(0);
	expect(held(money, 'customer', 'giver')).toEqual([1_000, 1_000]);

	await pay.click();
	await beyond.until('leads', (leads) => leads.length === 1);
	// That slice is told a moment later.
	await giver.until('network', ({ traffic }) => traffic.broadcastsSeen === 1);
	expect(held(money, 'customer', 'giver')).toEqual([997, 1_003]);
	const receipts = customer.page.getByRole('region', { name: 'Receipts' });
	await expect(receipts.getByRole('listitem')).toHaveCount(1);
	await expect(receipts).toContainText('Favour');
	await openMyJob(customer, job.text);
	await expectJob(customer, 'Open');
	money.stop();
});

test('the proof of a payment buys what it was paid for, and is refused a second time', async ({
	relay,
	peer,
	member,
}) => {
	const relays = [await relay()];
	const money = startPlayMoney((await relay()).url);
	const giver = await peer({ relays, parameters, topics: ['/music'] });
	await equip(giver, money, 'giver', { favourMsat: sats(3) });
	const purse = money.ledger.open('cheat', 10_000);
	const heard: MeshFrame[] = [];
	const cheat = member({
		relays,
		parameters,
		answer(frame) {
			heard.push(frame);
			return frame.kind === 'Hello'
				? { kind: 'Hello', capabilities: capabilityBits.pays, interests: [] }
				: undefined;
		},
	});
	const last = <K extends MeshFrame['kind']>(kind: K) =>
		heard.findLast((frame): frame is MeshFrameOf<K> => frame.kind === kind);
	await expect.poll(() => last('Hello')).toBeDefined();

	const jobs = ['first', 'second'].map((name) => {
		const createdAt = Date.now();
		const times = { createdAt, expiresAt: createdAt + 600_000 };
		return customerJob({ topic: '/music/organ' as Topic, message: name, ...times }, name);
	});
	/** Asks for terms, and shows this proof for them. */
	async function bring(index: number, proofFor: (invoice: string) => Uint8Array<ArrayBuffer>): Promise<void> {
		const brought = jobs[index];
		if (!brought) throw new Error(`no job ${index}`);
		const { bytes: core, signature, msgId } = brought;
		const { topic } = brought.core;
		cheat.say({ kind: 'AskForFavour', askId: index, topic, size: core.length, shortId: shortIdOf(msgId) });
		await expect.poll(() => last('AskForFavourReply')?.askId).toBe(index);
		const {
			favourNumber,
			favourTimestamp,
			powComplexity = 0,
			invoice = '',
		} = last('AskForFavourReply') ?? {};
		const proof = proofFor(invoice);
		if (favourNumber === undefined || favourTimestamp === undefined) throw new Error('no terms');
		const favour = { favourNumber, favourTimestamp, complexity: powComplexity, proof };
		cheat.say({ kind: 'Broadcast', ...favour, ttl: 3, core, signature });
	}

	let preimage = new Uint8Array();
	await bring(0, (invoice) => {
		const paid = money.ledger.pay(purse, invoice);
		preimage = hexBytes((paid.ok && paid.value.preimage) || '');
		return preimage;
	});
	await giver.until('leads', (leads) => leads.length === 1);
	expect(held(money, 'giver')).toEqual([1_003]);
	await bring(1, () => preimage);
	await expect.poll(() => last('Refuse')?.code).toBe('bad-proof');
	expect(giver.slice('leads')).toHaveLength(1);
	money.stop();
});

test('the wallet of the browser pays a favour by itself, within the limits', async ({ relay, tab, peer }) => {
	const relays = [await relay()];
	const money = startPlayMoney((await relay()).url);
	const purse = money.ledger.open('extension', 100_000);
	const giver = await peer({ relays, parameters, topics: ['/music'] });
	await equip(giver, money, 'giver', { favourMsat: sats(3) });
	const customer = await tab({
		relays,
		parameters,
		prepare: withExtension(money, purse),
		lightning: 'bcrt',
	});
	await connectExtension(customer);
	await setRules(customer, {}, 'With sats');
	await expectPeers(customer, 1);
	await postAndSend(customer, job);
	await giver.until('leads', (leads) => leads.length === 1);
	expect([purse.balance, ...held(money, 'giver')]).toEqual([97_000, 1_003]);
	money.stop();
});
