import { describe, expect, test } from 'vitest';
import { routingFeeMsat } from './ldk/node.ts';
import { differences, newSecret, refusal, startRig, type Person, type Rig } from './rig.ts';

/** What each hop of a reply asks, msat: the originator's share and the middlemen's different margins. */
const prices = { originator: 10_000, first: 16_000, second: 25_000 } as const;
/** Blocks each lock leaves, growing towards the replier. */
const cltv = { originator: 24, first: 240, second: 456 } as const;
const expiry = 90;

/** One secret, a lock on every hop: replier -> second -> first -> originator. */
async function lockChain({ network, people }: Rig, hash: string) {
	const { originator, first, second, replier } = people;
	const invoice = async (person: Person, name: keyof typeof prices) =>
		(
			await person.client.makeHoldInvoice({
				amount: prices[name],
				payment_hash: hash,
				expiry,
				min_cltv_expiry_delta: cltv[name],
			} as Parameters<typeof person.client.makeHoldInvoice>[0])
		).invoice;
	const toOriginator = await invoice(originator, 'originator');
	const toFirst = await invoice(first, 'first');
	const toSecond = await invoice(second, 'second');
	// Nobody pays on before it is paid itself.
	const paid = { replier: replier.client.payInvoice({ invoice: toSecond }) } as Record<
		'replier' | 'second' | 'first',
		ReturnType<typeof replier.client.payInvoice>
	>;
	const atSecond = await second.accepted(hash);
	paid.second = second.client.payInvoice({ invoice: toFirst });
	const atFirst = await first.accepted(hash);
	paid.first = first.client.payInvoice({ invoice: toOriginator });
	const atOriginator = await originator.accepted(hash);
	await network.quiet();
	return {
		invoices: { toOriginator, toFirst, toSecond },
		paid,
		deadlines: { atSecond, atFirst, atOriginator },
	};
}

describe('a reply through two middlemen on Lightning nodes', () => {
	test('the thank-you settles every hop, and each has earned its margin to the msat', async () => {
		const rig = await startRig();
		const { originator, first, second } = rig.people;
		const before = await rig.balances();
		const { hash, preimage } = newSecret();
		const { paid, deadlines } = await lockChain(rig, hash);
		expect(deadlines.atOriginator).toBeLessThan(deadlines.atFirst);
		expect(deadlines.atFirst).toBeLessThan(deadlines.atSecond);
		const locked = differences(before, await rig.balances());
		// Locked is not earned: nobody has more than before.
		expect(Object.values(locked).every((msat) => msat <= 0)).toBe(true);

		await originator.client.settleHoldInvoice({ preimage });
		await first.client.settleHoldInvoice({ preimage: (await paid.first).preimage });
		await second.client.settleHoldInvoice({ preimage: (await paid.second).preimage });
		expect((await paid.replier).preimage).toBe(preimage);
		expect(differences(before, await rig.balances())).toEqual({
			originator: prices.originator,
			first: prices.first - prices.originator - routingFeeMsat,
			second: prices.second - prices.first - routingFeeMsat,
			replier: -prices.second - routingFeeMsat,
		});
	});

	test('the originator says no: every lock is given back at once', async () => {
		const rig = await startRig();
		const { originator, first, second } = rig.people;
		const before = await rig.balances();
		const { hash } = newSecret();
		const { paid } = await lockChain(rig, hash);
		await originator.client.cancelHoldInvoice({ payment_hash: hash });
		expect(await refusal(paid.first)).toBe('PAYMENT_FAILED');
		// Only now is it safe to give back what came in.
		await first.client.cancelHoldInvoice({ payment_hash: hash });
		expect(await refusal(paid.second)).toBe('PAYMENT_FAILED');
		await second.client.cancelHoldInvoice({ payment_hash: hash });
		expect(await refusal(paid.replier)).toBe('PAYMENT_FAILED');
		expect(differences(before, await rig.balances())).toEqual({
			originator: 0,
			first: 0,
			second: 0,
			replier: 0,
		});
	});

	test('nobody ever answers: the network itself gives everything back, and no channel is lost', async () => {
		const rig = await startRig();
		const { first, second } = rig.people;
		const before = await rig.balances();
		const { hash } = newSecret();
		const { paid, deadlines } = await lockChain(rig, hash);
		const givenBack = {
			first: refusal(paid.first),
			second: refusal(paid.second),
			replier: refusal(paid.replier),
		};
		await rig.network.mine(deadlines.atOriginator - rig.network.chain.height + 1);
		expect(await givenBack.first).toBe('PAYMENT_FAILED');
		await first.client.cancelHoldInvoice({ payment_hash: hash });
		expect(await givenBack.second).toBe('PAYMENT_FAILED');
		await second.client.cancelHoldInvoice({ payment_hash: hash });
		expect(await givenBack.replier).toBe('PAYMENT_FAILED');
		expect(differences(before, await rig.balances())).toEqual({
			originator: 0,
			first: 0,
			second: 0,
			replier: 0,
		});
		for (const { node } of Object.values(rig.people))
			expect(node.manager.list_usable_channels()).toHaveLength(1);
	});

	test('a middleman is away while the secret comes out, and is paid when it is back', async () => {
		const rig = await startRig();
		const { originator, first, second } = rig.people;
		const before = await rig.balances();
		const { hash, preimage } = newSecret();
		const { paid, invoices } = await lockChain(rig, hash);
		rig.network.disconnect(first.node);
		first.connection.setFaults({ offline: true });
		await originator.client.settleHoldInvoice({ preimage });
		await rig.network.mine(3);
		expect(await rig.balances()).not.toMatchObject({ first: before['first'] });

		rig.network.reconnect(first.node);
		first.connection.setFaults({ offline: false });
		await expect.poll(() => first.connection.online).toBe(true);
		const mine = await first.client.lookupInvoice({ invoice: invoices.toOriginator });
		expect(mine).toMatchObject({ type: 'outgoing', state: 'settled', preimage });
		await first.client.settleHoldInvoice({ preimage: mine.preimage });
		await second.client.settleHoldInvoice({ preimage: (await paid.second).preimage });
		await paid.replier;
		expect(differences(before, await rig.balances())).toMatchObject({
			first: prices.first - prices.originator - routingFeeMsat,
			second: prices.second - prices.first - routingFeeMsat,
		});
	});

	test('a middleman that misses its deadline loses what it paid, and no more', async () => {
		const rig = await startRig();
		const { originator, first, second } = rig.people;
		const before = await rig.balances();
		const { hash, preimage } = newSecret();
		const { paid, deadlines } = await lockChain(rig, hash);
		const replier = refusal(paid.replier);
		const toFirst = refusal(paid.second);
		await originator.client.settleHoldInvoice({ preimage });
		await paid.first;
		await rig.network.mine(deadlines.atFirst - rig.network.chain.height + 1);
		expect(await toFirst).toBe('PAYMENT_FAILED');
		expect(await refusal(first.client.settleHoldInvoice({ preimage }))).toBe('OTHER');
		await second.client.cancelHoldInvoice({ payment_hash: hash });
		expect(await replier).toBe('PAYMENT_FAILED');
		expect(differences(before, await rig.balances())).toEqual({
			originator: prices.originator,
			first: -prices.originator - routingFeeMsat,
			second: 0,
			replier: 0,
		});
	});
});

describe('invoices that nobody paid in time', () => {
	test('a hold and a plain one are not paid any more, and nothing moves', async () => {
		const rig = await startRig();
		const { originator, first } = rig.people;
		const before = await rig.balances();
		const { hash, preimage } = newSecret();
		const hold = await originator.client.makeHoldInvoice({ amount: 10_000, payment_hash: hash, expiry });
		const plain = await originator.client.makeInvoice({ amount: 2_000, expiry });
		await rig.later(expiry + 1);
		expect(await refusal(first.client.payInvoice({ invoice: hold.invoice }))).toBe('PAYMENT_FAILED');
		expect(await refusal(first.client.payInvoice({ invoice: plain.invoice }))).toBe('PAYMENT_FAILED');
		expect(await refusal(originator.client.settleHoldInvoice({ preimage }))).toBe('OTHER');
		const after = differences(before, await rig.balances());
		expect(after).toEqual({ originator: 0, first: 0, second: 0, replier: 0 });
	});
});

describe('a priced favour on Lightning nodes', () => {
	test('a plain payment proves itself by its preimage, and is not made again', async () => {
		const rig = await startRig();
		const { originator, first } = rig.people;
		const before = await rig.balances();
		const { invoice, payment_hash: hash } = await first.client.makeInvoice({ amount: 2_000, expiry });
		const { preimage } = await originator.client.payInvoice({ invoice });
		expect(await first.client.lookupInvoice({ payment_hash: hash })).toMatchObject({ state: 'settled' });
		expect(preimage).toMatch(/^[0-9a-f]{64}$/);
		expect(await refusal(originator.client.payInvoice({ invoice }))).toBe('OTHER');
		expect(differences(before, await rig.balances())).toMatchObject({
			originator: -2_000 - routingFeeMsat,
			first: 2_000,
		});
	});
});
