import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { verify } from '#lib/core/crypto/schnorr.ts';
import { meshFrames } from '#lib/gossip/wire/frames.ts';
import { shortIdOf, type SignedJob } from '#lib/gossip/wire/job.ts';
import { customerJob } from '../kit/actors.ts';
import { Network } from '../simulation/network.ts';
import type { SimNode } from '../simulation/node.ts';

/** What one hostile neighbour can take away from others: room, turns, signature checks, thanks. */

const drive = '/drive/australia/sydney' as Topic;
const hour = 3_600_000;
const parameters = { baseComplexity: 64, garbage: 1_000, startCredit: 1_000 };

const ask = (shortId: string, askId = 1, size = 300) =>
	meshFrames.encode({ kind: 'AskForFavour', askId, topic: drive, size, shortId });

/** `from` brings a job on credit, as any neighbour may. */
function bring(network: Network, from: SimNode, to: SimNode, job: SignedJob): void {
	network.inject(from, to, ask(shortIdOf(job.msgId), 1, job.bytes.length));
	const { frame } = network.frames('AskForFavourReply').at(-1)!;
	network.inject(
		from,
		to,
		meshFrames.encode({
			kind: 'Broadcast',
			favourNumber: frame.favourNumber,
			favourTimestamp: frame.favourTimestamp,
			complexity: frame.powComplexity ?? 0,
			proof: new Uint8Array(0),
			ttl: 3,
			core: job.bytes,
			signature: job.signature,
		}),
	);
}

describe('a job of mine', () => {
	test('takes offers however many jobs of others came since', () => {
		const network = new Network({ parameters: { ...parameters, routes: 4 } });
		const [a, b, x] = [network.add('A').open('/'), network.add('B').open('/'), network.add('X')];
		network.link(a, b);
		network.link(a, x);
		const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.run(3_000);
		for (let i = 0; i < 8; i++) bring(network, x, a, customerJob({}, `Customer ${i}`));
		expect(a.engine.leads()).toHaveLength(8);
		b.do('offer', { msgId, text: 'Me' });
		network.run(5_000);
		expect(network.frames('Refuse')).toEqual([]);
		expect(a.job().offers).toMatchObject([{ state: 'thanked' }]);
	});
});

describe('a copied ephemeral key', () => {
	test('under another job does not take the place of the reply it was copied from', () => {
		const network = new Network({ parameters });
		const [a, m, b, x] = [
			network.add('A').open(),
			network.add('M'),
			network.add('B').open('/'),
			network.add('X'),
		];
		network.line(a, m, b);
		network.link(m, x);
		const first = a.do('post', { topic: drive, message: 'First', expiresInMs: hour });
		const second = a.do('post', { topic: drive, message: 'Second', expiresInMs: hour });
		network.run(3_000);
		b.do('offer', { msgId: first.msgId, text: 'Me' });
		network.run(100);
		const { frame } = network.frames('ReplyRequest')[0]!;
		network.inject(x, m, meshFrames.encode({ ...frame, msgId: second.msgId }));
		expect(network.frames('Refuse').at(-1)).toMatchObject({ to: x, frame: { code: 'bad-reply' } });
		network.run(200_000);
		expect(m.account(a)).toMatchObject({ thanks: 1, misses: 0 });
	});
});

describe('a reply that was refused', () => {
	test('is owed no thanks, also not after a reload', () => {
		const network = new Network({ parameters });
		const [a, m, x] = [network.add('A').open(), network.add('M'), network.add('X')];
		network.line(a, m, x);
		const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.run(3_000);
		network.inject(
			x,
			m,
			meshFrames.encode({
				kind: 'ReplyRequest',
				msgId,
				ephemeralKey: new Uint8Array(33).fill(2),
				paymentHash: new Uint8Array(32),
				hops: 0,
				sealed: new Uint8Array(2_113),
			}),
		);
		expect(m.tables.tab().routes).toHaveLength(1);
		network.run(1_000);
		expect(network.frames('Refuse').at(-1)).toMatchObject({ from: m, to: x, frame: { code: 'bad-reply' } });
		expect(m.tables.tab().routes).toEqual([]);
		network.reload(m);
		network.run(300_000);
		expect(m.account(a).misses).toBe(0);
	});
});

describe('replies to one job', () => {
	test('of one neighbour leave room for those of others', () => {
		const network = new Network({ parameters: { ...parameters, repliesPerJob: 8, repliesAtOnce: 100 } });
		const [a, m, b, x] = [
			network.add('A').open(),
			network.add('M'),
			network.add('B').open('/'),
			network.add('X'),
		];
		network.line(a, m, b);
		network.link(m, x);
		const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.run(3_000);
		// A never answers for what X sends, so that it stays.
		network.fate = (sent) => (sent.from === a && sent.bytes[1] === 0x13 ? undefined : sent.bytes);
		for (let i = 0; i < 20; i++)
			network.inject(
				x,
				m,
				meshFrames.encode({
					kind: 'ReplyRequest',
					msgId,
					ephemeralKey: new Uint8Array(33).fill(i),
					paymentHash: new Uint8Array(32),
					hops: 0,
					sealed: new Uint8Array(2_113),
				}),
			);
		expect(network.frames('Refuse').filter(({ frame }) => frame.code === 'not-now')).toHaveLength(16);
		b.do('offer', { msgId, text: 'Me' });
		network.run(5_000);
		expect(a.received().state).toBe('thanked');
	});
});

describe('a neighbour that asks and never brings', () => {
	/** H has the job and wants to bring it to V; X has asked V about it before. */
	function censored(own: Partial<typeof parameters & { askedJobs: number }> = {}) {
		const network = new Network({ parameters: { ...parameters, ...own } });
		const [a, h, v, x] = [
			network.add('A').open(),
			network.add('H'),
			network.add('V').open('/'),
			network.add('X'),
		];
		network.link(a, h);
		network.link(v, x);
		const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.run(3_000);
		network.inject(x, v, ask(shortIdOf(msgId)));
		network.link(h, v);
		network.run(100);
		return { network, v, x, shortId: shortIdOf(msgId) };
	}

	test('keeps others waiting for one turn, however often it asks again', () => {
		const { network, v, x, shortId } = censored();
		for (let i = 0; i < 4; i++) {
			network.inject(x, v, ask(shortId, i));
			network.run(1_000);
		}
		expect(v.lead().message).toBe('Job');
	});

	test('about many jobs makes nobody else’s turn forgotten', () => {
		const { network, v, x } = censored({ askedJobs: 64 });
		for (let i = 0; i < 150; i++) network.inject(x, v, ask(i.toString(16).padStart(16, '0'), i));
		network.run(4_000);
		expect(v.lead().message).toBe('Job');
	});

	test('for a job that is known costs no write for each question', () => {
		const { network, v, x, shortId } = censored();
		network.run(4_000);
		const commits = () =>
			v.engine
				.handle({ kind: 'frame', peer: x.peer, bytes: ask(shortId) }, network.now())
				.filter((effect) => effect.kind === 'commit');
		expect(v.lead().message).toBe('Job');
		commits();
		expect(commits()).toEqual([]);
	});
});

describe('a neighbour that is new', () => {
	test('is offered what it missed on credit, and nobody works to bring it', () => {
		const network = new Network({ parameters });
		const [a, m, x] = [network.add('A').open(), network.add('M'), network.add('X').open('/')];
		network.link(a, m);
		a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.run(3_000);
		network.link(m, x, false);
		network.run(20_000);
		expect(network.frames('AskForFavourReply').at(-1)).toMatchObject({ from: x, to: m });
		expect(m.engine.traffic().hashesDone).toBe(0);
		expect(x.engine.leads()).toEqual([]);
	});
});

describe('favours that bring no job', () => {
	test('buy no signature checks', () => {
		let checks = 0;
		const network = new Network({
			parameters,
			verify: (...args) => {
				checks += 1;
				return verify(...args);
			},
		});
		const [x, v] = [network.add('X'), network.add('V').open('/')];
		network.link(x, v);
		bring(network, x, v, customerJob({ createdAt: 1_700_000_000_000, expiresAt: 1_700_000_001_000 }));
		expect(network.frames('Refuse').at(-1)?.frame.code).toBe('job-expired');
		expect(checks).toBe(0);
	});
});
