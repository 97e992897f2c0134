import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { defaultParameters } from '#lib/gossip/parameters.ts';
import { balances, pass, passUntil, playMoney, withWallet } from '../../kit/money.ts';
import { Network } from '../../simulation/network.ts';

const drive = '/drive/australia' as Topic;
const hour = 3_600_000;

/** Originator, two middlemen with margins of 3 and 5 sat, replier: O asks 2 sat. All have wallets and are linked. */
function line(wraps = [true, true], pays = true) {
	const network = new Network({ parameters: { baseComplexity: 64 } });
	const money = playMoney(network);
	const [o, m1, m2, r] = [network.add('O'), network.add('M1'), network.add('M2'), network.add('R')];
	o.open();
	m1.open();
	m2.open();
	r.open('/drive');
	const wallets = {
		o: money.give(o, 0, { ...withWallet, ownReplyMsat: 2_000 }),
		m1: money.give(m1, 100_000, { ...withWallet, replyMsat: 3_000, wraps: wraps[0] ?? true }),
		m2: money.give(m2, 100_000, { ...withWallet, replyMsat: 5_000, wraps: wraps[1] ?? true }),
		r: money.give(r, 100_000, { ...withWallet, holds: false, pays }),
	};
	network.line(o, m1, m2, r);
	const post = () => o.do('post', { topic: drive, message: 'To the airport', expiresInMs: hour });
	const accounts = [wallets.o.account, wallets.m1.account, wallets.m2.account, wallets.r.account] as const;
	return { network, money, o, m1, m2, r, wallets, post, accounts };
}

/** O asks 2; M1 owes 2, adds 3 and 2 for fees: 7; M2 adds 5 and 2: 14. */
const settled = [2_000, 105_000, 107_000, 86_000];

async function offered(scene: ReturnType<typeof line>) {
	await pass(scene.network, 100);
	scene.post();
	await passUntil(scene.network, () => scene.r.engine.leads().length === 1);
	const { msgId } = scene.r.lead();
	return scene.r.do('offer', { msgId, text: 'I can' });
}

describe('a reply through two middlemen, on locks', () => {
	test('nothing moves before the thank-you; after it every balance moves by exactly the advertised prices', async () => {
		const scene = line();
		scene.network.uncallable.add(scene.r);
		await offered(scene);
		await passUntil(scene.network, () => scene.o.job().offers.length === 1);
		expect(balances(...scene.accounts)).toEqual([0, 98_000, 93_000, 86_000]);
		expect(scene.money.ledger.total).toBe(300_000);
		scene.network.uncallable.delete(scene.r);
		await passUntil(scene.network, () => scene.r.offered().state === 'thanked');
		await pass(scene.network, 10_000);
		expect(balances(...scene.accounts)).toEqual(settled);
	});

	test('a reply is read only once its money is locked', async () => {
		const scene = line();
		scene.wallets.m1.till.stop(true);
		await offered(scene);
		await pass(scene.network, 10_000);
		expect(scene.o.job().offers).toEqual([]);
		expect(balances(...scene.accounts)).toEqual([0, 100_000, 100_000, 100_000]);
	});

	test('without a thank-you every lock is given back, and the originator is dearer', async () => {
		const scene = line();
		scene.network.uncallable.add(scene.r);
		const before = scene.m1.account(scene.o).factor;
		await offered(scene);
		await passUntil(scene.network, () => scene.o.job().offers.length === 1);
		await pass(scene.network, defaultParameters.replyLockMs + 60_000);
		expect(balances(...scene.accounts)).toEqual([0, 100_000, 100_000, 100_000]);
		expect(scene.m1.account(scene.o).factor).toBeGreaterThan(before);
		expect(scene.m1.account(scene.o).misses).toBe(1);
	});

	test('a middleman that reloads between lock and thank-you is still paid', async () => {
		const scene = line();
		scene.network.uncallable.add(scene.r);
		await offered(scene);
		await passUntil(scene.network, () => scene.o.job().offers.length === 1);
		scene.network.reload(scene.m1, '/');
		scene.money.give(scene.m1, 0, { ...withWallet, replyMsat: 3_000 });
		scene.network.uncallable.delete(scene.r);
		await passUntil(scene.network, () => scene.r.offered().state === 'thanked');
		await pass(scene.network, 20_000);
		expect(balances(...scene.accounts)).toEqual(settled);
	});
});

test('a wallet that cannot wrap pays on by bill, after the thank-you', async () => {
	const scene = line([false, true]);
	await offered(scene);
	await passUntil(scene.network, () => scene.r.offered().state === 'thanked');
	await pass(scene.network, 20_000);
	expect(scene.m1.engine.carriages()[0]).toMatchObject({
		incoming: { kind: 'hold', state: 'settled' },
		outgoing: { kind: 'iou', state: 'paid' },
	});
	expect(balances(...scene.accounts)).toEqual(settled);
});

test('a worker without a wallet is not asked to carry what costs a reply', async () => {
	const scene = line([true, true], false);
	await pass(scene.network, 100);
	scene.post();
	await pass(scene.network, 20_000);
	expect(scene.r.engine.leads()).toEqual([]);
});

test('three offers, one thanked: only that one pays', async () => {
	const network = new Network({ parameters: { baseComplexity: 64 } });
	const money = playMoney(network);
	const o = network.add('O');
	const m = network.add('M');
	const workers = ['R1', 'R2', 'R3'].map((name) => network.add(name));
	o.open();
	m.open();
	const owner = money.give(o, 0, { ...withWallet, ownReplyMsat: 2_000 });
	const middle = money.give(m, 50_000, { ...withWallet, replyMsat: 3_000 });
	network.link(o, m);
	const accounts = workers.map((worker) => {
		worker.open('/drive');
		network.link(m, worker);
		return money.give(worker, 50_000).account;
	});
	await pass(network, 100);
	o.do('post', { topic: drive, message: 'To the airport', expiresInMs: hour });
	await passUntil(network, () => workers.every((worker) => worker.engine.leads().length === 1));
	for (const worker of workers.slice(1)) network.uncallable.add(worker);
	for (const worker of workers) worker.do('offer', { msgId: worker.lead().msgId, text: `by ${worker.name}` });
	await passUntil(network, () => o.job().offers.length === 3);
	await pass(network, defaultParameters.replyLockMs + 60_000);
	expect(balances(...accounts)).toEqual([43_000, 50_000, 50_000]);
	expect(balances(owner.account, middle.account)).toEqual([2_000, 55_000]);
});

test('a worker that reloads before it offers still knows what its way costs', async () => {
	const scene = line();
	await pass(scene.network, 100);
	scene.post();
	await passUntil(scene.network, () => scene.r.engine.leads().length === 1);
	scene.network.reload(scene.r, '/drive');
	scene.money.give(scene.r, 0, { ...withWallet, holds: false });
	await pass(scene.network, 1_000);
	expect(scene.r.lead().replyMsat).toBe(14_000);
	scene.r.do('offer', { msgId: scene.r.lead().msgId, text: 'I can' });
	await passUntil(scene.network, () => scene.r.offered().state === 'thanked');
	await pass(scene.network, 20_000);
	expect(balances(...scene.accounts)).toEqual(settled);
});

test('a price that was told stays, however the owner changes it before the reply', async () => {
	const scene = line();
	await pass(scene.network, 100);
	scene.post();
	await passUntil(scene.network, () => scene.r.engine.leads().length === 1);
	scene.m2.dispatch({ kind: 'till-terms', terms: { ...withWallet, replyMsat: 20_000 } });
	scene.r.do('offer', { msgId: scene.r.lead().msgId, text: 'I can' });
	await passUntil(scene.network, () => scene.r.offered().state === 'thanked');
	await pass(scene.network, 20_000);
	expect(balances(...scene.accounts)).toEqual(settled);
});
