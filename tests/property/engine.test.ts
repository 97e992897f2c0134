import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { Network } from '../simulation/network.ts';
import { runScenario } from '../simulation/scenario.ts';
import { createDice } from '../kit/dice.ts';

const parameters = { baseComplexity: 64 };
const names = ['A', 'B', 'C', 'D', 'E'];

/** What may happen to five nodes, in any order. */
const step = fc.oneof(
	fc.record({
		kind: fc.constant('post' as const),
		who: fc.nat(4),
		topic: fc.constantFrom('/', '/a', '/a/b', '/c'),
	}),
	fc.record({ kind: fc.constant('offer' as const), who: fc.nat(4) }),
	fc.record({
		kind: fc.constant('answer' as const),
		who: fc.nat(4),
		how: fc.constantFrom('choose', 'decline', 'markDone', 'retryCall', 'withdrawOffer'),
	}),
	fc.record({ kind: fc.constant('chat' as const), who: fc.nat(4) }),
	fc.record({ kind: fc.constant('cancel' as const), who: fc.nat(4) }),
	fc.record({ kind: fc.constant('link' as const), who: fc.nat(4), other: fc.nat(4), admitted: fc.boolean() }),
	fc.record({ kind: fc.constant('unlink' as const), who: fc.nat(4), other: fc.nat(4) }),
	fc.record({ kind: fc.constant('reload' as const), who: fc.nat(4) }),
	fc.record({
		kind: fc.constant('noise' as const),
		who: fc.nat(4),
		other: fc.nat(4),
		bytes: fc.uint8Array({ maxLength: 80 }),
	}),
	fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(5, 50, 500, 5_000, 130_000) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function play(steps: readonly Step[], loss: number, seed: number) {
	const dice = createDice(seed);
	const network = new Network({ parameters, seed });
	const nodes = names.map((name) => network.add(name).open('/'));
	// Frames are lost, doubled and damaged on the way.
	network.fate = (sent) => {
		const draw = dice.below(100);
		if (draw < loss) return undefined;
		if (draw < loss + 3) {
			const damaged = new Uint8Array(sent.bytes);
			const at = dice.below(damaged.length);
			damaged[at] = (damaged[at] ?? 0) ^ (1 << dice.below(8));
			return damaged;
		}
		return sent.bytes;
	};
	network.line(...nodes);
	for (const taken of steps) take(network, nodes, taken);
	network.run(200_000);
	return { network, nodes };
}

function take(network: Network, nodes: readonly ReturnType<Network['add']>[], taken: Step): void {
	if (taken.kind === 'wait') {
		network.run(taken.ms);
		return;
	}
	const node = nodes[taken.who];
	if (!node) return;
	const received = node.engine.jobs().flatMap((job) => job.offers);
	const mine = node.engine.offers();
	switch (taken.kind) {
		case 'post':
			node.try('post', { topic: taken.topic as Topic, message: `by ${node.name}`, expiresInMs: 100_000 });
			return;
		case 'offer':
			for (const lead of node.engine.leads().slice(0, 2))
				node.try('offer', { msgId: lead.msgId, text: 'Me' });
			return;
		case 'answer':
			for (const { replyId } of [...received, ...mine].slice(0, 2))
				node.try(taken.how as 'decline', { replyId, reason: 'x' });
			return;
		case 'chat':
			for (const { replyId } of [...received, ...mine].slice(0, 2))
				node.try('chat', { replyId, text: 'Hello' });
			return;
		case 'cancel':
			for (const job of node.engine.jobs().slice(0, 1))
				node.try('cancelJob', { msgId: job.msgId, reason: '' });
			return;
		case 'reload':
			network.reload(node, '/');
			return;
		default: {
			const other = nodes[taken.other];
			if (!other || other === node) return;
			if (taken.kind === 'noise') network.inject(node, other, taken.bytes);
			else if (taken.kind === 'unlink') network.unlink(node, other);
			else if (!node.links.has(other.peer)) network.link(node, other, taken.admitted);
		}
	}
}

describe('whatever happens in whatever order', () => {
	test('nothing throws, ledgers add up, and what is shown is what is kept', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 25 }), fc.nat(40), fc.nat(), (steps, loss, seed) => {
				const { network, nodes } = play(steps, loss, seed);
				for (const node of nodes) {
					const kept = node.tables.persona();
					expect(
						node.engine
							.jobs()
							.map((job) => job.msgId)
							.sort(),
					).toEqual(kept.jobs.map((job) => job.msgId).sort());
					const offers = kept.receivedOffers.map((offer) => [
						offer.replyId,
						offer.state === 'calling' ? 'opened' : offer.state,
					]);
					const shown = node.engine
						.jobs()
						.flatMap((job) =>
							job.offers.map((offer) => [offer.replyId, offer.state === 'calling' ? 'opened' : offer.state]),
						);
					expect(shown.sort()).toEqual(offers.sort());
					expect(
						node.engine
							.offers()
							.map((offer) => [offer.replyId, offer.state])
							.sort(),
					).toEqual(kept.sentOffers.map((offer) => [offer.replyId, offer.state]).sort());
					for (const account of node.engine.ledger(network.now())) {
						expect(account.factor).toBeGreaterThanOrEqual(1);
						expect(account.factor).toBeLessThanOrEqual(256);
						expect(account.creditLimit).toBeGreaterThanOrEqual(0);
						expect(account.creditLimit).toBeLessThanOrEqual(128);
						expect(account.thanks + account.misses).toBeLessThanOrEqual(2 * account.carriedForThem);
						expect(account.complexity >= 0 && Number.isSafeInteger(account.complexity)).toBe(true);
					}
				}
			}),
			{ numRuns: 60, seed: 20_261_120 },
		);
	}, 120_000);

	test('every job has ended or somebody is named who acts next', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 20 }), fc.nat(), (steps, seed) => {
				const { network, nodes } = play(steps, 10, seed);
				const final = ['done', 'cancelled', 'expired', 'failed'];
				for (const node of nodes) {
					for (const job of node.engine.jobs())
						expect(final.includes(job.status)).toBe(job.waiting === undefined);
					network.run(100_001);
					for (const job of node.engine.jobs()) expect([...final, 'filled']).toContain(job.status);
				}
			}),
			{ numRuns: 30, seed: 20_261_121 },
		);
	}, 120_000);

	test('a thanked broadcast counts once, however often its thank-you comes and from wherever', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 6 }), fc.boolean(), (repeats, reload) => {
				const network = new Network({ parameters });
				const [a, m, b] = [network.add('A').open(), network.add('M'), network.add('B').open('/')];
				network.line(a, m, b);
				const { msgId } = a.do('post', { topic: '/a' as Topic, message: 'Job', expiresInMs: 3_600_000 });
				network.run(3_000);
				b.do('offer', { msgId, text: 'Me' });
				network.run(5_000);
				const [thanks] = network.frames('ThankYou');
				for (let i = 0; i < repeats; i++) {
					if (reload && i === 1) network.reload(m);
					for (const from of [a, b]) if (thanks) network.inject(from, m, thanks.bytes);
				}
				network.run(300_000);
				expect(m.account(a)).toMatchObject({ thanks: 1, misses: 0, carriedForThem: 1 });
				expect(m.account(b).thanks).toBe(0);
			}),
			{ numRuns: 10, seed: 20_261_122 },
		);
	}, 60_000);
});

describe('memory', () => {
	test('stays within its parameters, whatever is sent', () => {
		const small = {
			routes: 20,
			leads: 10,
			activity: 5,
			accounts: 4,
			askedJobs: 8,
			heldReplies: 4,
			offersPerJob: 3,
			repliesPerJob: 2,
			messagesPerOffer: 3,
		};
		const network = new Network({
			parameters: { ...parameters, ...small, startCredit: 1_000, creditCap: 10_000, asksAtOnce: 10_000 },
		});
		const [a, m, b] = [network.add('A').open('/'), network.add('M').open('/'), network.add('B').open('/')];
		network.line(a, m, b);
		for (let i = 0; i < 60; i++) {
			a.do('post', { topic: '/a' as Topic, message: `Job ${i}`, expiresInMs: 3_600_000 });
			network.run(300);
			for (const lead of b.engine.leads().slice(0, 1))
				b.try('offer', { msgId: lead.msgId, text: `Offer ${i}` });
		}
		network.run(30_000);
		expect(m.engine.leads().length).toBeLessThanOrEqual(small.leads);
		expect(b.tables.persona().leads.length).toBeLessThanOrEqual(small.leads);
		expect(a.engine.activity().length).toBeLessThanOrEqual(small.activity);
		expect(a.tables.persona().activity.length).toBeLessThanOrEqual(small.activity);
		expect(m.tables.tab().routes.length).toBeLessThanOrEqual(small.routes);
		for (let i = 0; i < 20; i++) {
			const stranger = network.add(`S${i}`);
			network.link(stranger, m);
			network.unlink(stranger, m);
		}
		network.run(10_000);
		expect(m.engine.ledger(network.now()).length).toBeLessThanOrEqual(small.accounts);
		expect(m.tables.tab().ledger.length).toBeLessThanOrEqual(small.accounts);
	}, 60_000);
});

describe('the simulator', () => {
	const options = { nodes: 60, seed: 7, jobs: 2, mute: 0, stall: 0, gone: 0 };

	test('gives the same run for the same seed, and another for another', () => {
		const first = runScenario(options);
		expect(runScenario(options)).toEqual(first);
		expect(runScenario({ ...options, seed: 8 }).traceHash).not.toBe(first.traceHash);
		expect(first).toMatchObject({ nodes: 60, delivery: 1, thanked: 1 });
		expect(first.copies).toBeLessThan(1.1);
	}, 60_000);

	test('shows what mute, stalling and leaving nodes cost', () => {
		const odd = runScenario({ ...options, mute: 0.2, stall: 0.1, gone: 0.1 });
		expect(odd.delivery).toBeGreaterThan(0.85);
		expect(odd.thanked).toBeGreaterThan(0.5);
		expect(odd.traceHash).toMatch(/^[0-9a-f]{64}$/);
	}, 60_000);
});
