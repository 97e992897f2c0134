import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { meshFrames } from '#lib/gossip/wire/frames.ts';
import { kindOf, Network } from '../simulation/network.ts';

const drive = '/drive/australia' as Topic;
const hour = 3_600_000;
const post = { topic: drive, message: 'Job', expiresInMs: hour };

describe('topics', () => {
	test.each([
		['/drive/australia', '/drive', true],
		['/drive', '/drive/australia/sydney', true],
		['/drive/australia', '/drive/australia', true],
		['/', '/cook', true],
		['/drive', '/', true],
		['/drive/australia', '/drive/austria', false],
		['/drive', '/driver', false],
	])('a job on %s is a lead for who follows %s: %s', (topic, followed, heard) => {
		const network = new Network();
		const [a, m, b] = [network.add('A').open(), network.add('M'), network.add('B').open(followed)];
		network.line(a, m, b);
		a.do('post', { ...post, topic: topic as Topic });
		network.run(5_000);
		expect(b.engine.leads().length).toBe(heard ? 1 : 0);
		expect(b.engine.traffic().broadcastsSeen).toBe(1);
	});

	test('a topic followed later brings the live jobs that passed before', () => {
		const network = new Network();
		const [a, b] = [network.add('A').open(), network.add('B').open('/cook')];
		network.link(a, b);
		a.do('post', post);
		network.run(5_000);
		expect(b.engine.leads()).toEqual([]);
		b.dispatch({ kind: 'topics', topics: ['/cook', '/drive', '//bad'] });
		expect(b.lead().topic).toBe(drive);
	});

	test('a newcomer is offered the live jobs on its topics, and only those', () => {
		const network = new Network();
		const [a, b, c] = [network.add('A').open(), network.add('B'), network.add('C').open('/drive')];
		network.link(a, b);
		a.do('post', post);
		a.do('post', { ...post, topic: '/cook' as Topic });
		network.run(5_000);
		network.link(b, c);
		network.run(5_000);
		expect(c.lead().topic).toBe(drive);
		expect(c.engine.traffic().broadcastsSeen).toBe(1);
	});
});

describe('spreading', () => {
	test('in a ring of five every node lists the job once, and nobody gets it twice', () => {
		const network = new Network();
		const ring = ['A', 'B', 'C', 'D', 'E'].map((name) => network.add(name).open('/'));
		network.line(...ring, ring[0]!);
		ring[0]!.do('post', post);
		network.run(10_000);
		for (const node of ring.slice(1)) {
			expect(node.lead()).toMatchObject({ topic: drive, status: 'open' });
			expect(node.engine.traffic()).toMatchObject({ broadcastsSeen: 1, duplicates: 0 });
		}
		expect(network.frames('Broadcast')).toHaveLength(4);
	});

	test('a job travels no further than its hops', () => {
		const network = new Network({ parameters: { ttl: 2, ttlSpread: 0 } });
		const line = ['A', 'B', 'C', 'D', 'E'].map((name) => network.add(name).open('/'));
		network.line(...line);
		line[0]!.do('post', post);
		network.run(10_000);
		expect(line.slice(1).map((node) => node.engine.leads().length)).toEqual([1, 1, 0, 0]);
	});

	test('a job waits for neighbours, and is posted when the first comes', () => {
		const network = new Network();
		const [a, b] = [network.add('A').open(), network.add('B').open('/')];
		a.do('post', post);
		network.run(10 * 60_000);
		expect(a.job()).toMatchObject({
			status: 'posting',
			waiting: { step: 'find-neighbours', otherwise: 'job-expires' },
		});
		network.link(a, b);
		network.run(5_000);
		expect(a.job().status).toBe('open');
		expect(b.lead().topic).toBe(drive);
	});

	test('a neighbour that comes while the job is open is asked too', () => {
		const network = new Network();
		const [a, b, c] = [network.add('A').open(), network.add('B'), network.add('C').open('/')];
		network.link(a, b);
		a.do('post', post);
		network.run(5_000);
		network.link(a, c);
		network.run(5_000);
		expect(a.job().carriers).toHaveLength(2);
		expect(c.engine.leads()).toHaveLength(1);
	});

	test('after a reload an open job is offered again, and a neighbour that has it says so', () => {
		const network = new Network();
		const [a, b] = [network.add('A').open(), network.add('B').open('/')];
		network.link(a, b);
		a.do('post', post);
		network.run(5_000);
		network.reload(a, '/');
		network.run(5_000);
		expect(a.job()).toMatchObject({ status: 'open', carriers: [{ state: 'had-it' }] });
		const replyId = b.do('offer', { msgId: b.lead().msgId, text: 'Still here' }).replyId;
		network.until(() => b.offered().state === 'thanked');
		expect(a.received().replyId).toBe(replyId);
	});
});

describe('a neighbour that will not carry', () => {
	/** A with R and M; only M leads to B. R's answers meet `fate`. */
	function detour(answer: 'refuse' | 'silence') {
		const network = new Network();
		const [a, r, m, b] = [
			network.add('A').open(),
			network.add('R'),
			network.add('M'),
			network.add('B').open('/'),
		];
		network.fate = (sent) => {
			if (sent.from !== r || kindOf(sent.bytes) !== 'AskForFavourReply') return sent.bytes;
			const terms = meshFrames.decode(sent.bytes);
			if (answer === 'silence' || !terms.ok || terms.value.kind !== 'AskForFavourReply') return undefined;
			const ref = new Uint8Array(4);
			new DataView(ref.buffer).setUint32(0, terms.value.askId);
			return meshFrames.encode({ kind: 'Refuse', ref, code: 'not-now', retryAfterMs: 0 });
		};
		network.link(a, r);
		network.line(a, m, b);
		a.do('post', post);
		return { network, a, r, m, b };
	}

	test('one refuses: another carries it, and the person sees who refused and why', () => {
		const { network, a, r, m, b } = detour('refuse');
		network.run(15_000);
		expect(b.engine.leads()).toHaveLength(1);
		expect(a.job().status).toBe('open');
		expect(a.job().carriers).toContainEqual({
			peer: r.peer,
			state: 'refused',
			complexity: 0,
			progress: 0,
			cause: { code: 'not-now', peer: r.peer },
		});
		expect(a.job().carriers).toContainEqual({ peer: m.peer, state: 'sent', complexity: 0, progress: 0 });
	});

	test('one is silent: another carries it, and the silence is named', () => {
		const { network, a, r, b } = detour('silence');
		network.run(15_000);
		expect(b.engine.leads()).toHaveLength(1);
		expect(a.job().carriers.find((carrier) => carrier.peer === r.peer)).toMatchObject({
			state: 'silent',
			cause: { code: 'silent' },
		});
	});

	test('all refuse: the job has failed with the reason, and is renewed in one step', () => {
		const network = new Network();
		const [a, r] = [network.add('A').open(), network.add('R')];
		network.fate = (sent) => (sent.from === r ? undefined : sent.bytes);
		network.link(a, r);
		const { msgId } = a.do('post', post);
		network.run(61_000);
		expect(a.job()).toMatchObject({ status: 'failed', cause: { code: 'silent' } });
		expect(a.kinds()).toEqual(['job-failed']);
		network.fate = (sent) => sent.bytes;
		const renewed = a.do('renew', { msgId, expiresInMs: hour }).msgId;
		network.until(() => a.engine.jobs().some((job) => job.msgId === renewed && job.status === 'open'));
		expect(a.engine.jobs().find((job) => job.msgId === msgId)?.renewedAs).toBe(renewed);
	});

	test('the granted one stalls: the next asker brings it', () => {
		const slowly = (name: string) => (name === 'M' ? 100 : 20);
		const network = new Network({ latency: (from, to) => Math.max(slowly(from.name), slowly(to.name)) });
		const [a, s, m, b] = [
			network.add('A').open(),
			network.add('S'),
			network.add('M'),
			network.add('B').open('/'),
		];
		// S and M both ask B; S got terms first and never delivers.
		network.fate = (sent) => (sent.from === s && kindOf(sent.bytes) === 'Broadcast' ? undefined : sent.bytes);
		network.line(a, s, b);
		network.line(a, m, b);
		a.do('post', post);
		network.run(1_000);
		expect(network.frames('Broadcast').map(({ to }) => to.name)).toContain('B');
		expect(b.engine.leads()).toEqual([]);
		network.run(7_000);
		expect(b.engine.leads()).toHaveLength(1);
	});
});

test('a neighbour that introduces itself again and again is offered each job once', () => {
	const network = new Network();
	const [a, b, c] = [network.add('A').open(), network.add('B'), network.add('C')];
	network.line(a, b, c);
	a.do('post', post);
	network.run(5_000);
	const hello = meshFrames.encode({ kind: 'Hello', capabilities: 0, interests: ['/' as Topic] });
	for (let i = 0; i < 50; i++) network.inject(c, b, hello);
	network.run(5_000);
	expect(network.frames('AskForFavour').filter(({ from, to }) => from === b && to === c)).toHaveLength(1);
	for (let i = 0; i < 300; i++) network.inject(c, b, hello);
	network.run(1_000);
	expect(b.links.has(c.peer)).toBe(false);
});

test('jobs posted in one moment on one topic all arrive', () => {
	const network = new Network();
	const [a, b] = [network.add('A').open(), network.add('B').open('/')];
	network.link(a, b);
	for (const message of ['One', 'Two', 'Three']) a.do('post', { ...post, message });
	network.run(5_000);
	expect(b.engine.leads()).toHaveLength(3);
	expect(b.engine.traffic().refused).toEqual({});
});
