import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { Network } from '../simulation/network.ts';

const drive = '/drive/australia/sydney' as Topic;
const hour = 3_600_000;
/** Small enough to be solved for real in a moment. */
const parameters = { baseComplexity: 64 };
const isThankYou = (bytes: Uint8Array) => bytes[1] === 0x18;

function line() {
	const network = new Network({ parameters });
	const [a, m, b] = [network.add('A').open(), network.add('M'), network.add('B').open('/')];
	network.line(a, m, b);
	return { network, a, m, b };
}

function answeredJob(
	{ network, a, b }: Pick<ReturnType<typeof line>, 'network' | 'a' | 'b'>,
	message = 'Job',
) {
	const { msgId } = a.do('post', { topic: drive, message, expiresInMs: hour });
	network.until(() => b.engine.leads().some((lead) => lead.msgId === msgId), 30_000, 'lead');
	const { replyId } = b.do('offer', { msgId, text: 'Me' });
	network.run(3_000);
	return { msgId, replyId };
}

describe('lack of thank-you', () => {
	test('makes the next favours dearer, and thanks make them cheaper again', () => {
		const scene = line();
		const { network, a, m } = scene;
		network.fate = (sent) => (isThankYou(sent.bytes) ? undefined : sent.bytes);
		answeredJob(scene);
		network.run(130_000);
		const missed = m.account(a);
		expect(missed).toMatchObject({ thanks: 0, misses: 1 });
		expect(missed.factor).toBeCloseTo(8, 1);
		expect(missed.creditLimit).toBeCloseTo(2, 1);

		answeredJob(scene, 'Again');
		answeredJob(scene, 'And again');
		network.run(130_000);
		const dear = m.account(a);
		expect(dear.misses).toBe(3);
		expect(dear.factor).toBeGreaterThan(28);
		expect(dear).toMatchObject({ priceBecause: 'missing-thanks' });
		expect(dear.complexity).toBeGreaterThan(28 * 64 * 0.9);

		network.fate = (sent) => sent.bytes;
		answeredJob(scene, 'With thanks');
		network.run(5_000);
		const thanked = m.account(a);
		expect(thanked.thanks).toBe(1);
		expect(thanked.factor).toBeLessThan(dear.factor * 0.55);
		expect(thanked.creditLimit).toBeGreaterThan(dear.creditLimit + 3);
		expect(thanked.complexity).toBe(0);
	});

	test('counts once for a broadcast, however many replies were carried', () => {
		const network = new Network({ parameters });
		const [a, m, b, c] = [
			network.add('A').open(),
			network.add('M'),
			network.add('B').open('/'),
			network.add('C').open('/'),
		];
		network.line(a, m, b);
		network.link(m, c);
		network.fate = (sent) => (isThankYou(sent.bytes) ? undefined : sent.bytes);
		const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.run(3_000);
		for (const node of [b, c]) node.do('offer', { msgId, text: node.name });
		network.run(200_000);
		expect(m.account(a)).toMatchObject({ thanks: 0, misses: 1 });
		expect(m.engine.traffic().repliesCarried).toBe(2);
	});

	test('a thank-you that comes late undoes the miss', () => {
		const scene = line();
		const { network, a, m, b } = scene;
		network.fate = (sent) => (isThankYou(sent.bytes) ? undefined : sent.bytes);
		answeredJob(scene);
		network.run(130_000);
		expect(m.account(a).misses).toBe(1);
		network.fate = (sent) => sent.bytes;
		network.unlink(a, m);
		network.link(a, m);
		network.run(2_000);
		expect(m.account(a)).toMatchObject({ thanks: 1, misses: 1 });
		expect(m.account(a).factor).toBeCloseTo(4, 1);
		expect(b.offered().state).toBe('thanked');
	});

	test('favours that nobody answered count for nothing', () => {
		const { network, a, m } = line();
		a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.run(300_000);
		expect(m.account(a)).toMatchObject({ thanks: 0, misses: 0, carriedForThem: 1 });
	});
});

describe('a thank-you', () => {
	test('from the worker’s side settles as well: it is a bearer secret', () => {
		const scene = line();
		const { network, a, m, b } = scene;
		// Nothing goes from A to M any more once the reply is there; B is thanked over the direct link.
		network.fate = (sent) => (sent.from === a && isThankYou(sent.bytes) ? undefined : sent.bytes);
		answeredJob(scene);
		network.run(5_000);
		expect(b.offered().state).toBe('thanked');
		expect(m.account(a)).toMatchObject({ thanks: 1 });
		expect(network.frames('ThankYou').some(({ from, to }) => from === b && to === m)).toBe(true);
	});

	test('with a wrong secret is nobody’s', () => {
		const scene = line();
		const { network, a, m } = scene;
		network.fate = (sent) => {
			if (!isThankYou(sent.bytes)) return sent.bytes;
			const forged = new Uint8Array(sent.bytes);
			forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
			return forged;
		};
		answeredJob(scene);
		network.run(130_000);
		expect(m.account(a)).toMatchObject({ thanks: 0, misses: 1 });
	});

	test('passes a middleman that was reloaded between reply and thank-you, and its ledger is right', () => {
		const scene = line();
		const { network, a, m, b } = scene;
		// M hears no thank-you before its reload.
		network.fate = (sent) => (isThankYou(sent.bytes) ? undefined : sent.bytes);
		answeredJob(scene);
		const before = m.account(a);
		expect(before).toMatchObject({ thanks: 0, misses: 0, carriedForThem: 1 });
		network.fate = (sent) => sent.bytes;
		network.reload(m);
		network.run(2_000);
		expect(m.account(a)).toMatchObject({ thanks: 1, misses: 0, carriedForThem: 1 });
		expect(m.account(a).creditLimit).toBeCloseTo(8, 1);
		expect(m.account(b).balance).toBeGreaterThan(0.9);
		network.run(200_000);
		expect(m.account(a)).toMatchObject({ thanks: 1, misses: 0 });
	});

	test('is still missed after a reload when it never comes', () => {
		const scene = line();
		const { network, a, m } = scene;
		network.fate = (sent) => (isThankYou(sent.bytes) ? undefined : sent.bytes);
		answeredJob(scene);
		network.reload(m);
		network.run(200_000);
		expect(m.account(a)).toMatchObject({ thanks: 0, misses: 1 });
	});
});

describe('credit', () => {
	test('carries four jobs of a newcomer for nothing, then asks for work, and work earns credit', () => {
		const network = new Network({ parameters });
		const [a, b] = [network.add('A').open(), network.add('B').open('/')];
		network.link(a, b);
		for (let i = 0; i < 5; i++) {
			a.do('post', { topic: drive, message: `Job ${i}`, expiresInMs: hour });
			network.run(3_000);
		}
		const asked = a.engine.jobs().map((job) => job.carriers[0]?.complexity ?? -1);
		expect(asked.slice(1)).toEqual([0, 0, 0, 0]);
		expect(asked[0]).toBeGreaterThan(64);
		expect(a.engine.jobs()[0]?.status).toBe('open');
		expect(a.engine.traffic().hashesDone).toBeGreaterThan(0);
		expect(b.account(a).creditLimit).toBeGreaterThan(5);
		expect(b.engine.leads()).toHaveLength(5);
	});

	test('there is none before the admission proof', () => {
		const network = new Network({ parameters });
		const [a, b] = [network.add('A').open(), network.add('B')];
		network.link(a, b, false);
		const before = a.engine.estimate(drive, 100, network.now());
		expect(before).toMatchObject({ neighbours: 1, onCredit: 0 });
		expect(before.hashes).toBeGreaterThan(64);
		a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.run(3_000);
		expect(a.job().carriers[0]?.complexity).toBeGreaterThan(64);
		const estimate = a.engine.estimate(drive, 100, network.now());
		expect(estimate).toMatchObject({ neighbours: 1, onCredit: 0, hashes: a.job().carriers[0]?.complexity });
		expect(estimate.p95Ms).toBeCloseTo(estimate.expectedMs * 1.44, 3);
	});

	test('is forgotten with a half-life of five minutes, and factors drift back in an hour', () => {
		const { network, a, m } = line();
		a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.run(1_000);
		const before = m.account(a).balance;
		network.run(300_000);
		expect(m.account(a).balance).toBeCloseTo(before / 2, 2);
	});

	test('admission counts once, however often a link is made', () => {
		const { network, a, m } = line();
		network.unlink(a, m);
		network.link(a, m);
		expect(m.account(a).creditLimit).toBe(4);
	});

	test('survives a reload of the tab', () => {
		const scene = line();
		const { network, a, m } = scene;
		answeredJob(scene);
		network.run(5_000);
		const before = m.account(a);
		network.reload(m);
		const after = m.account(a);
		expect(after.creditLimit).toBeCloseTo(before.creditLimit, 5);
		expect(after.factor).toBeCloseTo(before.factor, 5);
		expect(after).toMatchObject({ thanks: 1, carriedForThem: 1 });
	});
});
