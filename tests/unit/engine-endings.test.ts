import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { Network } from '../simulation/network.ts';

const drive = '/drive/australia' as Topic;
const hour = 3_600_000;

function line() {
	const network = new Network();
	const [a, m, b] = [network.add('A').open('/'), network.add('M').open('/'), network.add('B').open('/')];
	network.line(a, m, b);
	const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
	network.run(5_000);
	return { network, a, m, b, msgId };
}

function withOffer() {
	const scene = line();
	const { replyId } = scene.b.do('offer', { msgId: scene.msgId, text: 'Me' });
	scene.network.until(() => scene.b.offered().state === 'thanked' && scene.a.received().state === 'thanked');
	return { ...scene, replyId };
}

describe('a cancelled job', () => {
	test('is cancelled everywhere, with the customer’s words', () => {
		const { network, a, m, b, msgId } = line();
		a.do('cancelJob', { msgId, reason: 'Found a taxi' });
		network.run(2_000);
		expect(a.job()).toMatchObject({ status: 'cancelled', cause: { code: 'cancelled-by-you' } });
		const cause = { code: 'cancelled-by-customer', reason: 'Found a taxi' };
		for (const node of [m, b]) expect(node.lead()).toMatchObject({ status: 'cancelled', cause });
		expect(b.try('offer', { msgId, text: 'Me' })).toMatchObject({
			ok: false,
			error: { code: 'wrong-state' },
		});
	});

	test('cancels the offers made to it, and tells their workers why', () => {
		const { network, a, b, msgId } = withOffer();
		a.do('cancelJob', { msgId, reason: 'Sorry' });
		network.run(5_000);
		expect(b.offered()).toMatchObject({
			state: 'cancelled',
			cause: { code: 'cancelled-by-customer', reason: 'Sorry' },
		});
		expect(b.offered().waiting).toBeUndefined();
	});

	test('reaches a neighbour that was away meanwhile', () => {
		const { network, a, m, b, msgId } = line();
		network.unlink(a, m);
		a.do('cancelJob', { msgId, reason: '' });
		network.run(2_000);
		expect(b.lead().status).toBe('open');
		network.link(a, m);
		network.run(2_000);
		expect(b.lead().status).toBe('cancelled');
	});

	test('refuses a late offer with the reason, back to the worker', () => {
		const { network, a, m, b, msgId } = line();
		// B does not hear of the cancel; M does.
		network.fate = (sent) =>
			sent.from === m && sent.to === b && sent.bytes[1] === 0x19 ? undefined : sent.bytes;
		a.do('cancelJob', { msgId, reason: '' });
		network.run(2_000);
		b.do('offer', { msgId, text: 'Me' });
		network.run(5_000);
		expect(b.offered()).toMatchObject({ state: 'refused', cause: { code: 'job-cancelled', peer: m.peer } });
		expect(b.kinds()).toContain('offer-refused');
		expect(a.job().offers).toEqual([]);
	});

	test('is refused by the customer itself when nobody on the way knows', () => {
		const { network, a, b, msgId } = line();
		network.fate = (sent) => (sent.bytes[1] === 0x19 ? undefined : sent.bytes);
		a.do('cancelJob', { msgId, reason: '' });
		network.run(2_000);
		b.do('offer', { msgId, text: 'Me' });
		network.run(5_000);
		expect(b.offered()).toMatchObject({ state: 'refused', cause: { code: 'job-cancelled' } });
		expect(a.job().offers).toEqual([]);
	});

	test('a forged cancel changes nothing and costs its sender patience', () => {
		const { network, m, b } = line();
		const forged = new Uint8Array(network.frames('Broadcast')[0]!.bytes.length);
		expect(forged.length).toBeGreaterThan(100);
		const { msgId } = b.lead();
		const frame = new Uint8Array(2 + 32 + 8 + 2 + 64);
		frame.set([1, 0x19]);
		frame.set(
			Uint8Array.from(msgId.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
			2,
		);
		for (let i = 0; i < 8; i++) network.inject(m, b, frame);
		network.run(1_000);
		expect(b.lead().status).toBe('open');
		expect(b.links.has(m.peer)).toBe(true);
		network.inject(m, b, frame);
		network.run(1_000);
		expect(b.links.has(m.peer)).toBe(false);
	});
});

describe('an expired job', () => {
	test('expires on every side at once, with the cause', () => {
		const { network, a, m, b } = line();
		network.run(hour);
		expect(a.job()).toMatchObject({ status: 'expired', cause: { code: 'expired' } });
		expect(a.kinds()).toContain('job-expired');
		for (const node of [m, b])
			expect(node.lead()).toMatchObject({ status: 'expired', cause: { code: 'expired' } });
	});

	test('takes its unanswered offers with it', () => {
		const { network, b, msgId, a } = line();
		network.uncallable.add(a);
		network.fate = (sent) => (sent.bytes[1] === 0x16 ? undefined : sent.bytes);
		b.do('offer', { msgId, text: 'Me' });
		network.run(hour);
		expect(b.offered()).toMatchObject({ state: 'expired', cause: { code: 'expired' } });
	});

	test('refuses an offer that was on its way', () => {
		const { network, a, b, msgId } = line();
		network.run(hour - 5_000 - 30);
		b.do('offer', { msgId, text: 'Me' });
		network.run(1_000);
		expect(a.job().offers).toEqual([]);
		expect(b.offered().state).toMatch(/expired|refused/);
	});

	test('can be renewed once, and is a new job then', () => {
		const { network, a, b, msgId } = line();
		expect(a.try('renew', { msgId, expiresInMs: hour })).toMatchObject({
			ok: false,
			error: { code: 'wrong-state' },
		});
		network.run(hour);
		const renewed = a.do('renew', { msgId, expiresInMs: hour }).msgId;
		network.run(5_000);
		expect(renewed).not.toBe(msgId);
		expect(b.engine.leads().map((lead) => [lead.msgId, lead.status])).toEqual([
			[renewed, 'open'],
			[msgId, 'expired'],
		]);
		expect(a.try('renew', { msgId, expiresInMs: hour })).toMatchObject({ ok: false });
	});
});

describe('what either side may take back', () => {
	test('a declined worker is told why', () => {
		const { network, a, b, replyId } = withOffer();
		a.do('decline', { replyId, reason: 'Too dear' });
		network.run(3_000);
		expect(b.offered()).toMatchObject({
			state: 'declined',
			cause: { code: 'declined-by-customer', reason: 'Too dear' },
		});
	});

	test('an offer declined before its worker could be asked is never thanked, not even after a reload', () => {
		const { network, a, m, b, msgId } = line();
		network.uncallable.add(b);
		const { replyId } = b.do('offer', { msgId, text: 'Me' });
		network.run(1_000);
		a.do('decline', { replyId, reason: '' });
		network.reload(a, '/');
		network.run(60_000);
		expect(a.received().state).toBe('declined');
		expect(network.frames('ThankYou')).toEqual([]);
		expect(m.engine.traffic().thanksSeen).toBe(0);
	});

	test('declining the chosen one opens the job again', () => {
		const { network, a, b, replyId } = withOffer();
		a.do('choose', { replyId });
		network.run(3_000);
		a.do('decline', { replyId, reason: '' });
		network.run(3_000);
		expect(a.job().status).toBe('open');
		expect(b.offered().state).toBe('declined');
	});

	test('a withdrawn offer is withdrawn at the customer, and the job is open again', () => {
		const { network, a, b, replyId } = withOffer();
		a.do('choose', { replyId });
		network.until(() => b.offered().state === 'chosen');
		b.do('withdrawOffer', { replyId });
		network.run(3_000);
		expect(a.received()).toMatchObject({ state: 'withdrawn', cause: { code: 'withdrawn-by-worker' } });
		expect(a.job().status).toBe('open');
		expect(b.lead().status).toBe('open');
	});

	test('an offer withdrawn before the call is answered as withdrawn', () => {
		const { network, a, b, msgId } = line();
		const { replyId } = b.do('offer', { msgId, text: 'Me' });
		b.do('withdrawOffer', { replyId });
		network.run(5_000);
		expect(a.received()).toMatchObject({ state: 'withdrawn', cause: { code: 'withdrawn-by-worker' } });
	});

	test('only what has ended can be removed, and then nothing of it is kept', () => {
		const { network, a, b, msgId, replyId } = withOffer();
		a.do('chat', { replyId, text: 'Hello' });
		network.run(1_000);
		expect(a.try('removeJob', { msgId })).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
		expect(b.try('removeOffer', { replyId })).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
		a.do('cancelJob', { msgId, reason: '' });
		network.run(3_000);
		a.do('removeJob', { msgId });
		b.do('removeOffer', { replyId });
		for (const node of [a, b]) {
			const { leads, activity, ...rest } = node.tables.persona();
			expect(Object.values(rest).flat()).toEqual([]);
			expect(activity.filter((entry) => entry.kind !== 'lead-cancelled')).toEqual([]);
			expect(leads.length).toBeLessThanOrEqual(1);
		}
	});

	test('a lead can be hidden and shown again', () => {
		const { b, msgId } = line();
		b.do('hideLead', { msgId, hidden: true });
		expect(b.lead().status).toBe('hidden');
		b.do('hideLead', { msgId, hidden: false });
		expect(b.lead().status).toBe('open');
	});
});

describe('commands with bad input', () => {
	const good = { topic: drive, message: 'Job', expiresInMs: hour };
	test.each([
		['bad-topic', { ...good, topic: 'drive' as Topic }],
		['bad-topic', { ...good, topic: '/Drive' as Topic }],
		['empty', { ...good, message: ' \n\t ' }],
		['too-long', { ...good, message: 'ä'.repeat(2_049) }],
		['bad-expiry', { ...good, expiresInMs: 0 }],
		['bad-expiry', { ...good, expiresInMs: Number.NaN }],
		['bad-expiry', { ...good, expiresInMs: 8 * 24 * hour }],
		['bad-money', { ...good, budget: { amount: -1, unit: 'EUR' } }],
		['bad-money', { ...good, budget: { amount: 1.5, unit: 'EUR' } }],
		['bad-money', { ...good, budget: { amount: 1, unit: 'E<UR>' } }],
	])('a job is refused as %s', (code, args) => {
		const a = new Network().add('A').open();
		expect(a.try('post', args)).toMatchObject({ ok: false, error: { type: 'command', code } });
		expect(a.engine.jobs()).toEqual([]);
	});

	test('control characters are dropped and line ends made equal', () => {
		const a = new Network().add('A').open();
		a.do('post', { ...good, message: ' one\r\ntwo\u0000\u0007 ' });
		expect(a.job().message).toBe('one\ntwo');
	});

	test('what does not exist is not found', () => {
		const a = new Network().add('A').open();
		const replyId = '00'.repeat(16) as never;
		const msgId = '00'.repeat(32) as never;
		for (const result of [
			a.try('cancelJob', { msgId, reason: '' }),
			a.try('offer', { msgId, text: 'x' }),
			a.try('choose', { replyId }),
			a.try('chat', { replyId, text: 'x' }),
			a.try('markDone', { replyId }),
			a.try('retryCall', { replyId }),
			a.try('withdrawOffer', { replyId }),
			a.try('hideLead', { msgId, hidden: true }),
		])
			expect(result).toMatchObject({ ok: false, error: { code: 'not-found' } });
	});
});
