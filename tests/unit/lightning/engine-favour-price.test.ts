import { expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { defaultParameters } from '#lib/gossip/parameters.ts';
import { meshFrames } from '#lib/gossip/wire/frames.ts';
import { msat } from '#lib/wallet/lightning/msat.ts';
import { defaultLimits } from '#lib/wallet/lightning/policy.ts';
import { balances, pass, passUntil, playMoney, withWallet } from '../../kit/money.ts';
import { Network } from '../../simulation/network.ts';

const drive = '/drive/australia' as Topic;
const hour = 3_600_000;
const post = { topic: drive, message: 'To the airport', expiresInMs: hour };

/** An asker that prefers sats and a carrier that takes 2 sat, a stranger to it. */
function pair(prefer: 'sats' | 'work' | 'cheaper' = 'sats', secondMsat = 1_000) {
	const network = new Network({ parameters: { baseComplexity: 64 } });
	const money = playMoney(network);
	const [a, p] = [network.add('A'), network.add('P')];
	a.open();
	p.open('/drive');
	const asker = money.give(a, 100_000, { ...withWallet, prefer, secondMsat });
	const giver = money.give(p, 0, { ...withWallet, favourMsat: 2_000 });
	network.link(a, p, false);
	return { network, money, a, p, asker, giver };
}

test('a priced favour: nothing is carried before it is paid, then exactly once, for exactly the price', async () => {
	const { network, a, p, asker, giver } = pair();
	asker.till.stop(true);
	const unpaid = pair('sats');
	expect(unpaid.p.engine.leads()).toEqual([]);
	asker.till.stop(false);
	a.do('post', post);
	await passUntil(network, () => p.engine.leads().length === 1);
	const [broadcast] = network.frames('Broadcast');
	expect(broadcast?.frame.proof.length).toBe(32);
	const price = network.frames('AskForFavourReply')[0]?.frame.priceMsat ?? 0;
	expect(price).toBeGreaterThanOrEqual(2_000);
	expect(balances(asker.account, giver.account)).toEqual([100_000 - price, price]);
	expect(network.frames('Broadcast')).toHaveLength(1);
});

test('the preimage is no proof a second time, nor another neighbour’s', async () => {
	const { network, a, p } = pair();
	a.do('post', post);
	await passUntil(network, () => p.engine.leads().length === 1);
	const before = network.frames('Refuse').length;
	const [sent] = network.frames('Broadcast');
	if (!sent) throw new Error('no broadcast');
	network.inject(a, p, sent.bytes);
	await pass(network, 100);
	expect(network.frames('Refuse').at(before)?.frame.code).toBe('favour-used');
	// The same preimage under a fresh favour of a thief.
	const thief = network.add('T');
	network.link(thief, p, false);
	thief.open();
	thief.dispatch({ kind: 'till-terms', terms: { ...withWallet } });
	thief.do('post', { ...post, message: 'Another job' });
	await passUntil(network, () => network.frames('AskForFavourReply').some(({ to }) => to === thief));
	const answer = network.frames('AskForFavourReply').find(({ to }) => to === thief)?.frame;
	const forged = meshFrames.encode({
		...sent.frame,
		favourNumber: answer?.favourNumber ?? '',
		favourTimestamp: answer?.favourTimestamp ?? 0,
		complexity: answer?.powComplexity ?? 0,
	});
	network.inject(thief, p, forged);
	await pass(network, 100);
	const codes = network.frames('Refuse').map(({ frame }) => frame.code);
	expect(codes.at(-1)).toMatch(/bad-proof|favour-unknown/);
});

test('an owner that prefers work works, and one that weighs takes what is cheaper', async () => {
	for (const [prefer, secondMsat, length] of [
		['work', 0, 112],
		['cheaper', 1, 112],
		['cheaper', 10 ** 9, 32],
	] as const) {
		const { network, a, p } = pair(prefer, secondMsat);
		a.do('post', post);
		await passUntil(network, () => p.engine.leads().length === 1);
		expect(network.frames('Broadcast')[0]?.frame.proof.length).toBe(length);
	}
});

test('when the wallet will not pay, the favour is worked for', async () => {
	const { network, a, p, asker } = pair();
	asker.till.stop(true);
	a.do('post', post);
	await passUntil(network, () => p.engine.leads().length === 1);
	expect(network.frames('Broadcast')[0]?.frame.proof.length).toBe(112);
	expect(asker.account.balance).toBe(100_000);
});

test('no other price is waited for once all are in', async () => {
	const { network, a, p } = pair();
	await pass(network, 100);
	const before = network.now();
	a.do('post', post);
	await passUntil(network, () => p.engine.leads().length === 1);
	expect(network.now() - before).toBeLessThan(defaultParameters.settleMs);
});

test('what posting costs is told in work and in sats, once a neighbour has named both', async () => {
	const { network, a, p } = pair('work', 0);
	await pass(network, 100);
	expect(a.engine.estimate(drive, 100, network.now()).msat).toBeUndefined();
	a.do('post', post);
	await passUntil(network, () => p.engine.leads().length === 1);
	const [named] = network.frames('AskForFavourReply');
	expect(a.engine.estimate(drive, 100, network.now())).toMatchObject({
		hashes: named?.frame.powComplexity,
		msat: named?.frame.priceMsat,
	});
});

test('what was paid while the carrier was away is carried afterwards, and not paid again', async () => {
	const { network, money, a, p, asker, giver } = pair();
	asker.till.setLimits({ ...defaultLimits, autoMsat: msat(0) });
	a.do('post', post);
	await passUntil(network, () => [...asker.till.confirmations()].length === 1);
	network.reload(p, '/drive');
	const [waiting] = asker.till.confirmations();
	await asker.till.confirm(waiting?.paymentId ?? '', true);
	await pass(network, 1_000);
	money.give(p, 0, { ...withWallet, favourMsat: 2_000 });
	await pass(network, 1_000);
	const paid = giver.account.balance;
	expect(paid).toBeGreaterThan(0);
	a.do('post', { ...post, message: 'And back' });
	await passUntil(network, () => p.engine.leads().some(({ message }) => message === 'And back'));
	expect(balances(asker.account, giver.account)).toEqual([100_000 - paid, paid]);
});

test('a pack that is not used up outlives a reload of either side', async () => {
	const { network, money, a, p, asker, giver } = pair();
	await pass(network, 100);
	a.do('post', post);
	await passUntil(network, () => p.engine.leads().length === 1);
	await pass(network, 3_000);
	// It was thanked twice, and owes much: five favours for one invoice.
	const [standing] = p.tables.all('ledger');
	if (!standing) throw new Error('no standing');
	p.tables.commit([{ op: 'put', table: 'ledger', value: { ...standing, thanks: 2, balance: -1_000 } }]);
	const balance = async (message: string) => {
		a.do('post', { ...post, message });
		await passUntil(network, () => p.engine.leads().some((lead) => lead.message === message));
		return asker.account.balance;
	};
	const again = () => {
		money.give(a, 0, { ...withWallet, prefer: 'sats' });
		money.give(p, 0, { ...withWallet, favourMsat: 2_000 });
	};
	network.reload(p, '/drive');
	again();
	const first = await balance('the first of five');
	expect(first).toBeLessThan(100_000 - 5 * 2_000);
	network.reload(p, '/drive');
	again();
	expect(await balance('the second')).toBe(first);
	network.reload(a, '/');
	again();
	expect(await balance('the third')).toBe(first);
	expect(giver.account.balance).toBe(100_000 - first);
});
