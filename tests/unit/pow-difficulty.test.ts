import { describe, expect, it } from 'vitest';
import {
	defaultBase,
	estimateWork,
	isAffordable,
	nextLoad,
	priceOf,
	type Demand,
} from '#lib/pow/difficulty.ts';

const usual: Demand = { bytes: 1_000, depth: 3, load: 1, peer: 1 };

describe('the price of a favour', () => {
	it.each<[string, Partial<Demand>, number]>([
		['1,000 bytes on a deep topic, settled peer, idle node', {}, 1],
		['3,000 bytes', { bytes: 3_000 }, 2],
		['a topic of two levels', { depth: 2 }, 2],
		['a topic of one level', { depth: 1 }, 4],
		['everyone', { depth: 0 }, 8],
		['a deeper topic', { depth: 8 }, 1],
		['a newcomer', { peer: 4 }, 4],
		['a node at twice its load', { load: 2 }, 2],
		['all of that together', { bytes: 3_000, depth: 0, load: 2, peer: 4 }, 128],
		['the least', { bytes: 0, load: 0.001 }, 1 / 16],
		['the most', { depth: 0, load: 4_096, peer: 256 }, 4_096],
	])('%s', (_, demand, factor) => {
		expect(priceOf({ ...usual, ...demand })).toBe(defaultBase * factor);
		expect(priceOf({ ...usual, ...demand }, 1_024)).toBe(1_024 * factor);
	});

	it('is always a whole number of hashes, at least one', () => {
		expect(priceOf({ ...usual, bytes: 333 }, 7)).toBe(5);
		expect(priceOf({ ...usual, bytes: 0 }, 1)).toBe(1);
	});
});

describe('the load of a node', () => {
	it('rises by an eighth a period at full use and falls back at none', () => {
		expect(nextLoad(1, 1.4)).toBeCloseTo(1.125);
		expect(nextLoad(8, 0)).toBeCloseTo(7);
		expect(nextLoad(8, 0.7)).toBeCloseTo(8);
	});

	it('stays between 1 and 4096 whatever happens', () => {
		let load = 1;
		for (let period = 0; period < 200; period++) load = nextLoad(load, 1_000);
		expect(load).toBe(4_096);
		for (let period = 0; period < 200; period++) load = nextLoad(load, 0);
		expect(load).toBe(1);
	});

	it('cannot be talked up faster by more offered work than by full use', () => {
		expect(nextLoad(2, 1e9)).toBe(nextLoad(2, 1.4));
	});
});

describe('an estimate', () => {
	it('says the expected time and the time that 19 of 20 proofs keep', () => {
		const { expectedMs, p95Ms } = estimateWork(4_000_000, 2_000_000);
		expect(expectedMs).toBe(2_000);
		expect(p95Ms).toBeCloseTo(2_880);
	});

	it('counts only what is left', () => {
		expect(estimateWork(4_000_000, 2_000_000, 12).expectedMs).toBe(500);
		expect(estimateWork(4_000_000, 2_000_000, 16).expectedMs).toBe(0);
	});

	it('is endless at an unknown rate, but not for free', () => {
		expect(estimateWork(1, 0).expectedMs).toBe(Infinity);
		expect(estimateWork(0, 0).expectedMs).toBe(0);
	});

	it.each<[string, number, number, number, boolean]>([
		['free', 0, 0, 0, true],
		['half of the budget', 2_000_000, 1_000_000, 4_000, true],
		['a hash more than half', 2_000_001, 1_000_000, 4_000, false],
		['absurd', 2 ** 60, 15_000_000, 60_000, false],
		['anything before the rate is known', 1, 0, 60_000, false],
	])('tells what is affordable: %s', (_, complexity, rate, budgetMs, affordable) => {
		expect(isAffordable(complexity, rate, budgetMs)).toBe(affordable);
	});
});
