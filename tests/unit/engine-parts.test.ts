import { describe, expect, test } from 'vitest';
import type { PeerId, Topic } from '#lib/core/brand.ts';
import { Agenda } from '#lib/gossip/agenda.ts';
import { BoundedMap } from '#lib/core/bounded-map.ts';
import { decay, driftTo } from '#lib/gossip/carrying/decay.ts';
import { defaultStrategies } from '#lib/gossip/default-strategies.ts';
import { Load } from '#lib/gossip/carrying/load.ts';
import { Outbox } from '#lib/gossip/outbox.ts';
import { defaultParameters } from '#lib/gossip/parameters.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import { createDice } from '../kit/dice.ts';
import { seededRandom } from '../simulation/random.ts';

describe('the agenda', () => {
	test('runs what is due in order of time, then of making, and skips what was cancelled', () => {
		const agenda = new Agenda();
		const ran: string[] = [];
		const dice = createDice(3);
		const entries = Array.from({ length: 200 }, (_, i) => ({ i, at: dice.below(20) }));
		const cancels = entries.map(({ i, at }) => agenda.at(at, () => ran.push(`${at}:${i}`)));
		entries.filter(({ i }) => i % 3 === 0).forEach(({ i }) => cancels[i]?.());
		agenda.runDue(12);
		const expected = entries
			.filter(({ i, at }) => i % 3 !== 0 && at <= 12)
			.sort((a, b) => a.at - b.at || a.i - b.i)
			.map(({ i, at }) => `${at}:${i}`);
		expect(ran).toEqual(expected);
		expect(agenda.next()).toBe(13);
	});

	test('runs what becomes due meanwhile, and has nothing next when empty', () => {
		const agenda = new Agenda();
		const ran: number[] = [];
		agenda.at(1, () => {
			ran.push(1);
			agenda.at(2, () => ran.push(2));
			agenda.at(9, () => ran.push(9));
		});
		agenda.runDue(5);
		expect(ran).toEqual([1, 2]);
		agenda.runDue(9);
		expect(agenda.next()).toBeUndefined();
	});
});

describe('the outbox', () => {
	test('keeps what depends on a commit, and notices, behind it', () => {
		const out = new Outbox();
		const entry = { id: '1', at: 1, kind: 'chat', msgId: 'm', excerpt: '', read: false } as never;
		out.notify(entry);
		out.push({ kind: 'hang-up', callId: 'now', reason: '' });
		out.commit([], () => out.push({ kind: 'hang-up', callId: 'then', reason: '' }));
		out.changed('jobs', 'jobs');
		expect(out.drain()).toEqual([
			{ kind: 'hang-up', callId: 'now', reason: '' },
			{
				kind: 'commit',
				writes: [],
				then: [
					{ kind: 'hang-up', callId: 'then', reason: '' },
					{ kind: 'notify', activity: entry },
				],
			},
			{ kind: 'changed', slices: ['jobs'] },
		]);
		expect(out.drain()).toEqual([]);
	});
});

describe('bounded memories', () => {
	test('a bounded map forgets the least recently set', () => {
		const map = new BoundedMap<string, number>(2);
		map.set('a', 1);
		map.set('b', 2);
		map.set('a', 3);
		expect(map.set('c', 4)).toBe(2);
		expect([...map.keys()]).toEqual(['a', 'c']);
	});

	test('a token bucket gives its rate, and a clock set back gives nothing', () => {
		const bucket = new TokenBucket(2, 3, 1_000);
		expect([1, 2, 3, 4].map(() => bucket.take(1_000))).toEqual([true, true, true, false]);
		expect(bucket.take(1_500)).toBe(true);
		expect(bucket.take(1_500)).toBe(false);
		expect(bucket.take(0)).toBe(false);
		expect(bucket.take(500)).toBe(true);
		expect(bucket.available(1_000_000)).toBe(3);
	});
});

describe('decay', () => {
	test('halves at each half-life, falls all the way, and ends at nothing', () => {
		expect([0, 10, 20, 30].map((elapsed) => decay(elapsed, 10))).toEqual([1, 0.5, 0.25, 0.125]);
		const values = Array.from({ length: 100 }, (_, i) => decay(i, 10));
		expect(values.every((value, i) => i === 0 || value < (values[i - 1] ?? 0))).toBe(true);
		expect(decay(-5, 10)).toBe(1);
		expect(decay(10_000, 10)).toBe(0);
		expect(driftTo(4, 8, 10, 10)).toBe(6);
		expect(driftTo(4, 1, 10, 10)).toBe(2.5);
	});
});

describe('load', () => {
	test('raises the price while too much is accepted, and lets it fall again', () => {
		const load = new Load(10);
		for (let at = 0; at < 60_000; at += 20) load.accepted(at);
		const busy = load.level(60_000);
		expect(busy).toBeGreaterThan(20);
		expect(load.level(70_000)).toBeLessThan(busy);
		expect(load.level(600_000)).toBe(1);
		expect(load.level(10)).toBe(1);
	});
});

describe('the default strategies', () => {
	const { pricing, limits, grants, peerSelector, topicChoice, forwarding } = defaultStrategies;
	const inputs = {
		balance: 0,
		creditLimit: 4,
		factor: 4,
		thanks: 0,
		misses: 0,
		load: 1,
		topic: '/a/b/c' as Topic,
		bytes: 1_000,
	};

	test.each([
		['a newcomer within its credit', {}, 0, 'credit'],
		['one that owes three of four', { balance: -3 }, 0, 'credit'],
		['one that owes four of four', { balance: -4 }, 4, 'newcomer'],
		['a stranger', { creditLimit: 0 }, 4, 'newcomer'],
		['one that was thanked for', { creditLimit: 0, factor: 1, thanks: 3 }, 1, 'thanked'],
		['one whose thanks are missing', { creditLimit: 0, factor: 64, misses: 4 }, 64, 'missing-thanks'],
		['anyone, when the node is busy', { creditLimit: 0, load: 10 }, 40, 'busy'],
		['a job for everybody', { creditLimit: 0, topic: '/' as Topic }, 32, 'newcomer'],
	])('%s pays accordingly', (_, change, units, because) => {
		const price = pricing({ ...inputs, ...change }, defaultParameters);
		expect(price).toEqual({ complexity: units * defaultParameters.baseComplexity, because });
	});

	test('a proof is worth making when it takes at most half a minute of this device', () => {
		const device = { hashRate: 1_000_000, saving: false };
		const asked = (complexity: number) => ({ complexity, validForMs: 60_000 });
		expect(limits(asked(29_000_000), device, defaultParameters)).toBe(true);
		expect(limits(asked(31_000_000), device, defaultParameters)).toBe(false);
		expect(limits(asked(29_000_000), { ...device, saving: true }, defaultParameters)).toBe(false);
		expect(limits({ complexity: 29_000_000, validForMs: 5_000 }, device, defaultParameters)).toBe(false);
	});

	test('one brings it on credit at a time, or two for work, and credit does not wait for work', () => {
		expect(grants([], 0, defaultParameters)).toBe(true);
		expect(grants([0], 0, defaultParameters)).toBe(false);
		expect(grants([64, 64], 0, defaultParameters)).toBe(true);
		expect(grants([64], 64, defaultParameters)).toBe(true);
		expect(grants([64, 64], 64, defaultParameters)).toBe(false);
	});

	test('neighbours that care come first, then the thanked, then chance', () => {
		const candidate = (peer: string, affinity: number, thanks: number, misses: number) => ({
			peer: peer as PeerId,
			affinity,
			thanks,
			misses,
		});
		const candidates = [
			candidate('stranger', 0, 0, 0),
			candidate('faithful', 0, 9, 0),
			candidate('faithless', 0, 0, 9),
			candidate('interested', 2, 0, 0),
		];
		expect(peerSelector(candidates, 3, seededRandom(1))).toEqual(['interested', 'faithful', 'stranger']);
	});

	test('topics deeper in common count more', () => {
		const topic = '/drive/australia/sydney' as Topic;
		const value = (...interests: string[]) => topicChoice(interests as Topic[], topic);
		expect(value('/cook')).toBe(0);
		expect(value('/')).toBe(1);
		expect(value('/', '/drive')).toBe(2);
		expect(value('/drive/australia/sydney/bondi')).toBe(4);
	});

	test('half of what was paid is passed on, one hop fewer', () => {
		expect(forwarding.passOn(101)).toBe(50);
		expect(forwarding.nextTtl(1)).toBe(0);
	});
});
