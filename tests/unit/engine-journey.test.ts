import { describe, expect, test } from 'vitest';
import { toHex, utf8 } from '#lib/core/bytes.ts';
import type { Topic } from '#lib/core/brand.ts';
import { Network } from '../simulation/network.ts';

const drive = '/drive/australia' as Topic;
const hour = 3_600_000;

/** A customer, a middleman and a worker in a line; the worker has offered and was thanked. */
function thankedOffer(parameters = {}) {
	const network = new Network({ parameters });
	const [a, m, b] = [network.add('A'), network.add('M'), network.add('B')];
	a.open();
	b.open('/drive');
	network.line(a, m, b);
	a.do('post', {
		topic: drive,
		message: 'Two people to the airport',
		expiresInMs: hour,
		budget: { amount: 45, unit: 'AUD' },
	});
	network.until(() => b.engine.leads().length === 1);
	const { msgId } = b.lead();
	const { replyId } = b.do('offer', {
		msgId,
		text: 'I leave in ten minutes',
		price: { amount: 40, unit: 'AUD' },
	});
	network.until(() => b.offered().state === 'thanked' && a.received().state === 'thanked');
	return { network, a, m, b, msgId, replyId };
}

describe('a job from posting to done, through a middleman', () => {
	test('the worker hears it, the customer opens, validates and thanks the offer, and both sides say so', () => {
		const { a, b } = thankedOffer();
		expect(a.job()).toMatchObject({ status: 'open', topic: drive, budget: { amount: 45, unit: 'AUD' } });
		expect(a.received()).toMatchObject({
			text: 'I leave in ten minutes',
			price: { amount: 40, unit: 'AUD' },
			hops: 1,
			online: true,
			waiting: { actor: 'you', step: 'choose-worker' },
		});
		expect(b.offered()).toMatchObject({
			state: 'thanked',
			waiting: { actor: 'customer', step: 'choose-offer' },
		});
		expect(a.kinds()).toEqual(['offer-validated', 'offer-received', 'job-posted']);
		expect(b.kinds()).toEqual(['offer-thanked', 'offer-validated']);
	});

	test('the middleman never sees the text of the offer', () => {
		const { network } = thankedOffer();
		const secret = toHex(utf8('I leave in ten minutes'));
		const frames = network.sent.map((sent) => toHex(sent.bytes));
		expect(frames.some((frame) => frame.includes(toHex(utf8('Two people to the airport'))))).toBe(true);
		expect(frames.filter((frame) => frame.includes(secret))).toEqual([]);
	});

	test('the thank-you settles with the middleman what carrying cost', () => {
		const { a, m } = thankedOffer();
		expect(m.account(a)).toMatchObject({ thanks: 1, misses: 0, carriedForThem: 1 });
		expect(m.account(a).factor).toBeLessThan(2.1);
		expect(m.account(a).creditLimit).toBeGreaterThan(7.9);
	});

	test('both chat, the worker says done, the customer confirms, and the job ends for everybody', () => {
		const { network, a, b, m, replyId } = thankedOffer();
		a.do('choose', { replyId });
		network.until(() => b.offered().state === 'chosen');
		expect(a.job()).toMatchObject({ status: 'filled', waiting: { actor: 'worker', step: 'do-job' } });

		a.do('chat', { replyId, text: 'Bring a trailer, please' });
		b.do('chat', { replyId, text: 'On my way' });
		network.until(
			() => a.received().chat.length === 2 && a.received().chat.every((message) => message.delivered),
		);
		expect(b.offered().chat.map(({ mine, text }) => [mine, text])).toEqual([
			[true, 'On my way'],
			[false, 'Bring a trailer, please'],
		]);
		expect(b.offered().unread).toBe(1);
		b.do('markRead', { replyId });
		expect(b.offered().unread).toBe(0);

		b.do('markDone', { replyId });
		expect(b.offered().waiting).toMatchObject({ actor: 'customer', step: 'confirm-done' });
		network.until(() => a.received().waiting?.step === 'confirm-done');
		a.do('markDone', { replyId });
		network.until(() => b.offered().state === 'done');
		expect(a.job().status).toBe('done');
		expect(a.received().state).toBe('done');
		expect(b.lead().status).toBe('cancelled');
		expect(m.engine.jobs()).toEqual([]);
	});

	test('what a person says while the other is away is kept, and said again when the other is back', () => {
		const { network, a, b, replyId } = thankedOffer();
		network.drop(b);
		network.uncallable.add(b);
		a.do('chat', { replyId, text: 'Are you there?' });
		network.run(60_000);
		expect(a.received().chat).toMatchObject([{ text: 'Are you there?', delivered: false }]);
		expect(a.received().online).toBe(false);

		network.uncallable.delete(b);
		network.reload(b, '/drive');
		network.until(() => a.received().chat.every((message) => message.delivered), 10 * 60_000);
		expect(b.offered().chat).toMatchObject([{ text: 'Are you there?', mine: false }]);
	});

	test('after a reload of both, jobs, offers and chats are as they were and the talk goes on', () => {
		const { network, a, b, replyId } = thankedOffer();
		a.do('chat', { replyId, text: 'Before' });
		network.until(() => b.offered().unread === 1);
		const before = { job: a.job(), offered: b.offered(), activity: a.engine.activity() };
		network.reload(a, '/');
		network.reload(b, '/drive');
		expect(a.job().offers[0]?.chat).toEqual(before.job.offers[0]?.chat);
		expect(a.job()).toMatchObject({ status: 'open', msgId: before.job.msgId, message: before.job.message });
		expect(b.offered()).toMatchObject({ state: 'thanked', text: before.offered.text, unread: 1 });
		expect(a.engine.activity()).toEqual(before.activity);
		b.do('chat', { replyId, text: 'After' });
		network.until(() => a.received().chat.length === 2);
		expect(a.received().chat.map((message) => message.text)).toEqual(['Before', 'After']);
	});
});

describe('a tab that does not keep the jobs', () => {
	test('carries for others, and refuses commands', () => {
		const { network, m, a } = thankedOffer();
		expect(m.try('post', { topic: drive, message: 'x', expiresInMs: hour })).toMatchObject({
			ok: false,
			error: { code: 'not-ready' },
		});
		expect(m.engine.traffic()).toMatchObject({ broadcastsSeen: 1, repliesCarried: 1, thanksSeen: 1 });
		expect(a.engine.traffic().broadcastsSeen).toBe(0);
		expect(network.frames('Broadcast')).toHaveLength(2);
	});

	test('takes over with everything: live jobs it carried become leads', () => {
		const { m } = thankedOffer();
		m.open('/');
		expect(m.lead()).toMatchObject({ status: 'open', topic: drive });
	});
});

describe('several workers', () => {
	test('one is chosen, the others are told no when the job is done', () => {
		const network = new Network();
		const [a, m, b, c] = ['A', 'M', 'B', 'C'].map((name) => network.add(name).open('/'));
		if (!a || !m || !b || !c) throw new Error('four nodes');
		network.line(a, m, b);
		network.link(m, c);
		a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.until(() => b.engine.leads().length + c.engine.leads().length === 2);
		const offers = [b, c].map(
			(node) => node.do('offer', { msgId: node.lead().msgId, text: `by ${node.name}` }).replyId,
		);
		network.until(
			() => a.job().offers.length === 2 && a.job().offers.every((offer) => offer.state === 'thanked'),
		);
		const [first, second] = offers;
		if (!first || !second) throw new Error('two offers');
		a.do('choose', { replyId: first });
		a.do('markDone', { replyId: first });
		network.until(() => b.offered().state === 'done' && c.offered().state === 'declined');
		expect(c.offered().cause).toMatchObject({ code: 'declined-by-customer' });
		expect(m.account(a)).toMatchObject({ thanks: 1, misses: 0 });
	});
});
