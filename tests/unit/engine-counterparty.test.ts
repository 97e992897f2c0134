import { describe, expect, test } from 'vitest';
import type { Hex, Topic } from '#lib/core/brand.ts';
import { directFrames, meshFrames, type DirectFrame } from '#lib/gossip/wire/frames.ts';
import { Network } from '../simulation/network.ts';
import type { SimNode } from '../simulation/node.ts';

/** What the other side of a job, or a person's own strange letters, must not be able to do. */

const drive = '/drive/australia' as Topic;
const hour = 3_600_000;
const day = 24 * hour;
const idOf = (n: number): Hex => n.toString(16).padStart(32, '0');

/** A and B have agreed on `jobs` jobs, and both are on the line. */
function talking({ jobs = 1, ...parameters }: { jobs?: number; messagesPerOffer?: number } = {}) {
	const network = new Network({ parameters });
	const [a, b] = [network.add('A').open('/'), network.add('B').open('/')];
	network.link(a, b);
	const replies = Array.from({ length: jobs }, (_, i) => {
		const { msgId } = a.do('post', { topic: drive, message: `Job ${i}`, expiresInMs: hour });
		network.run(3_000);
		const { replyId } = b.do('offer', { msgId, text: 'Me' });
		network.run(5_000);
		return replyId;
	});
	expect(b.engine.offers().map((offer) => offer.state)).toEqual(replies.map(() => 'thanked'));
	/** Hands A a frame as if B had said it in the conversation of one reply. */
	const say = (index: number, frame: DirectFrame) =>
		a.dispatch({ kind: 'call-frame', callId: `call ${index + 1} out`, bytes: directFrames.encode(frame) });
	const chat = (index: number, n: number) =>
		say(index, {
			kind: 'Chat',
			id: idOf(n),
			replyId: replies[index]!,
			at: network.now(),
			text: `words ${n}`,
		});
	const offerOf = (node: SimNode, index: number) =>
		node.engine.jobs().flatMap((job) => job.offers.filter((offer) => offer.replyId === replies[index]))[0]!;
	return { network, a, b, replies, say, chat, offer: (index = 0) => offerOf(a, index) };
}

describe('letters that cannot travel', () => {
	test.each([
		['half of a character outside the plane', 'At \ud83d six', 'At \ufffd six'],
		['an accent behind a control character', 'Caf e\u0000\u0301', 'Caf \u00e9'],
		['a bell and a letter', '\u0007Ring', 'Ring'],
	])('%s become such as can, in jobs, offers and chat', (_, typed, sent) => {
		const { network, a, b, replies } = talking();
		a.do('chat', { replyId: replies[0]!, text: typed });
		b.do('chat', { replyId: replies[0]!, text: typed });
		const { msgId } = a.do('post', { topic: drive, message: typed, expiresInMs: hour });
		network.run(5_000);
		b.do('offer', { msgId, text: typed });
		a.do('cancelJob', { msgId, reason: typed });
		network.run(5_000);
		expect(a.engine.jobs().find((job) => job.msgId === msgId)).toMatchObject({ message: sent });
		expect(b.engine.offers()[0]).toMatchObject({
			text: sent,
			cause: { code: 'cancelled-by-customer', reason: sent },
		});
		expect(b.engine.offers()[1]!.chat.map(({ text, delivered }) => [text, delivered])).toEqual([
			[sent, true],
			[sent, true],
		]);
	});
});

describe('somebody who talks without end', () => {
	test('cannot push out what I said', () => {
		const { a, chat, offer, replies } = talking({ messagesPerOffer: 5 });
		a.do('chat', { replyId: replies[0]!, text: 'The price is ten' });
		for (let n = 0; n < 20; n++) chat(0, n);
		const words = offer().chat.map(({ text }) => text);
		expect(words[0]).toBe('The price is ten');
		expect(words).toHaveLength(6);
		expect(a.tables.persona().chats).toHaveLength(6);
	});

	test('is hung up on', () => {
		const { network, chat, offer } = talking({ messagesPerOffer: 2_000 });
		for (let n = 0; n < 1_000; n++) chat(0, n);
		expect(offer().chat).toHaveLength(600);
		network.run(1_000);
		expect(offer().online).toBe(false);
	});

	test('cannot use the name of a message of another conversation', () => {
		const { a, chat, offer } = talking({ jobs: 2 });
		chat(0, 1);
		chat(1, 1);
		expect([offer(0).chat.length, offer(1).chat.length]).toEqual([1, 0]);
		expect(a.tables.persona().chats).toMatchObject([{ replyId: offer(0).replyId }]);
	});
});

describe('a worker that is gone for good', () => {
	test('is not called any more a day after the job’s end, nor after a reload', () => {
		const { network, a, b, replies } = talking();
		network.uncallable.add(b);
		network.unlink(a, b);
		network.drop(b);
		a.do('chat', { replyId: replies[0]!, text: 'Hello?' });
		network.run(day);
		const calls = () => network.dialled.filter(({ kind }) => kind === 'call').length;
		expect(calls()).toBeGreaterThan(100);
		network.run(2 * hour);
		const before = calls();
		network.run(day);
		network.reload(a, '/');
		network.run(hour);
		expect(calls()).toBe(before);
		expect(a.try('chat', { replyId: replies[0]!, text: 'Still there?' })).toMatchObject({
			ok: false,
			error: { code: 'wrong-state' },
		});
	});
});

describe('what a node follows', () => {
	test('is told to its neighbours when it changes, and only then', () => {
		const { network, a } = talking();
		const hellos = () => network.frames('Hello').filter(({ from }) => from === a).length;
		const before = hellos();
		a.dispatch({ kind: 'topics', topics: ['/'] });
		expect(hellos()).toBe(before);
		a.dispatch({ kind: 'topics', topics: ['/drive'] });
		expect(hellos()).toBe(before + 1);
	});

	test('told over and over costs the link', () => {
		const { network, a, b } = talking();
		const hello = meshFrames.encode({ kind: 'Hello', capabilities: 0, interests: [drive] });
		for (let n = 0; n < 10; n++) network.inject(b, a, hello);
		network.run(1);
		expect(a.links.has(b.peer)).toBe(true);
		for (let n = 0; n < 30; n++) network.inject(b, a, hello);
		network.run(1);
		expect(a.links.has(b.peer)).toBe(false);
	});
});
