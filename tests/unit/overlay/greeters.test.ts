import { describe, expect, it } from 'vitest';
import type { PeerId } from '#lib/core/brand.ts';
import { Greeters, rankOf } from '#lib/webrtc/overlay/greeters.ts';
import { Bench, peerOf, start } from './kit.ts';

const hour = 3_600_000;
const crowd = (count: number): PeerId[] => Array.from({ length: count }, (_, i) => peerOf(`member ${i}`));

/** Everybody hears of everybody, as far as a list of eight carries it. */
function elect(members: readonly PeerId[], now: number): PeerId[] {
	const nodes = members.map((id) => ({ id, greeters: new Greeters(id, now) }));
	for (const { greeters } of nodes) greeters.stand(true, now);
	for (let round = 0; round < 12; round++)
		for (const [index, { greeters }] of nodes.entries()) {
			const next = nodes[(index + 1 + round * 7) % nodes.length]!;
			next.greeters.merge(greeters.list(now), now);
		}
	return nodes.filter(({ greeters }) => greeters.elected(true, now)).map(({ id }) => id);
}

describe('greeters', () => {
	it('are the eight of the lowest rank, and with one in 64 of a crowd', () => {
		for (const size of [20, 100, 400]) {
			const members = crowd(size);
			const ranked = members.toSorted((a, b) => rankOf(a, start) - rankOf(b, start));
			const always = members.filter((id) => rankOf(id, start) < 1 / 64);
			const expected = new Set([...ranked.slice(0, 8), ...always]);
			expect(new Set(elect(members, start))).toEqual(expected);
		}
	});

	it('are all, while there are fewer than eight', () => {
		expect(elect(crowd(5), start)).toHaveLength(5);
	});

	it('are others in another hour', () => {
		const members = crowd(100);
		expect(new Set(elect(members, start + hour))).not.toEqual(new Set(elect(members, start)));
	});

	it('are forgotten when nothing confirms them', () => {
		const greeters = new Greeters(peerOf('me'), start);
		greeters.merge(
			crowd(8).map((id) => ({ id, age: 0 })),
			start,
		);
		expect(greeters.scarce).toBe(false);
		expect(greeters.list(start + 119_000)).toHaveLength(8);
		expect(greeters.list(start + 121_000)).toHaveLength(0);
		expect(greeters.scarce).toBe(true);
	});

	it('answer a join together about four times, and more often when it is repeated', () => {
		const members = crowd(100);
		const asker = peerOf('asker');
		for (const [attempt, least, most] of [
			[0, 2, 5],
			[1, 7, 8],
		] as const) {
			const total = elect(members, start).reduce((sum, id) => {
				const greeters = new Greeters(id, start);
				greeters.merge(
					members
						.toSorted((a, b) => rankOf(a, start) - rankOf(b, start))
						.slice(0, 8)
						.map((each) => ({ id: each, age: 1 })),
					start,
				);
				return sum + greeters.share(asker, attempt, start);
			}, 0);
			expect(total).toBeGreaterThanOrEqual(least);
			expect(total).toBeLessThanOrEqual(most + 2);
		}
	});

	it('stay quiet in a welcome storm: the more ask at once, the less each of them answers', () => {
		const greeters = new Greeters(peerOf('me'), start);
		let welcomes = 0;
		for (let i = 0; i < 200; i++) {
			const now = start + 3_000 + i * 10;
			greeters.heardAsking(peerOf(`asker ${i}`), now);
			welcomes += greeters.share(peerOf(`asker ${i}`), 0, now);
		}
		expect(welcomes).toBeLessThan(25);
	});

	it('cannot be silenced by claims of a vast mesh: a repeated join is still answered', () => {
		const greeters = new Greeters(peerOf('me'), start);
		// Ids ground to the lowest ranks there are.
		const ground = crowd(3_000).filter((id) => rankOf(id, start) < 0.005);
		greeters.merge(
			ground.slice(0, 8).map((id) => ({ id, age: 0 })),
			start,
		);
		expect(greeters.share(peerOf('asker'), 1, start)).toBeGreaterThan(0.15);
	});
});

describe('a greeter on a device that runs late', () => {
	const asks = (bench: Bench, name: string) =>
		bench.tell({ kind: 'contact', id: peerOf(name), asks: true, degree: 0, attempt: 1, via: 'wss://one' });
	/** Welcomes for a crowd that asks one after another. */
	const welcomes = (bench: Bench) => {
		for (let i = 0; i < 20; i++) {
			asks(bench, `asker ${i}`);
			bench.pass(100);
		}
		return bench.effects('welcome').length;
	};
	const greeter = () => {
		const bench = new Bench();
		bench.link('a', 'b', 'c', 'd', 'e');
		return bench;
	};

	it('leaves most of a crowd to others', () => {
		const [inTime, late] = [greeter(), greeter()];
		late.oversleep(3_000);
		const usual = welcomes(inTime);
		expect(usual).toBeGreaterThan(10);
		expect(welcomes(late)).toBeLessThan(usual / 2);
	});

	it('does not say what it meant to say long ago', () => {
		const [inTime, late] = [greeter(), greeter()];
		for (const each of [inTime, late]) asks(each, 'asker');
		inTime.pass(3_000);
		late.oversleep(3_000);
		expect(inTime.effects('welcome')).toHaveLength(1);
		expect(late.effects('welcome')).toEqual([]);
	});
});

describe('the first two peers ever', () => {
	it('find each other, although neither was elected', () => {
		const [a, b] = [new Bench('a', {}, 1), new Bench('b', {}, 2)];
		for (const each of [a, b]) each.tell({ kind: 'wake-up' });
		for (const [me, other] of [
			[a, b],
			[b, a],
		] as const)
			me.tell({ kind: 'contact', id: other.self, asks: true, degree: 0, attempt: 0, via: 'wss://one' });
		a.pass(1_000);
		expect(a.effects('welcome')).toMatchObject([{ to: b.self }]);
	});

	it('are answered at once by one that has waited for somebody', () => {
		const a = new Bench('a');
		a.tell({ kind: 'wake-up' });
		a.pass(20_000);
		a.tell({ kind: 'contact', id: peerOf('b'), asks: true, degree: 0, attempt: 0, via: 'wss://one' });
		a.pass(200);
		expect(a.effects('welcome')).toMatchObject([{ to: peerOf('b') }]);
	});
});
