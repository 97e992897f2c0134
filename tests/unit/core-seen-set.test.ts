import { describe, expect, it } from 'vitest';
import { SeenSet } from '#lib/core/seen-set.ts';

describe('SeenSet', () => {
	it('says once that a key is new', () => {
		const seen = new SeenSet(1_000, 10, 0);
		expect(seen.add('a', 0)).toBe(true);
		expect(seen.add('a', 1)).toBe(false);
		expect(seen.has('a')).toBe(true);
		expect(seen.has('b')).toBe(false);
	});

	it('remembers for at least its span, whenever in a generation the key came', () => {
		for (const at of [0, 1, 500, 999]) {
			const seen = new SeenSet(1_000, 10, 0);
			seen.add('a', at);
			for (let now = at; now <= at + 1_000; now += 50) expect(seen.add('a', now)).toBe(false);
		}
	});

	it('forgets after at most twice its span', () => {
		const seen = new SeenSet(1_000, 10, 0);
		seen.add('a', 0);
		seen.add('b', 1_000);
		expect(seen.add('a', 2_000)).toBe(true);
	});

	it('forgets everything after a long silence', () => {
		const seen = new SeenSet(1_000, 10, 0);
		seen.add('a', 0);
		expect(seen.add('a', 5_000)).toBe(true);
		expect(seen.size).toBe(1);
	});

	it('holds at most twice its capacity, dropping the oldest generation', () => {
		const seen = new SeenSet(1_000, 10, 0);
		for (let i = 0; i < 1_000; i++) seen.add(`key ${i}`, 0);
		expect(seen.size).toBeLessThanOrEqual(20);
		expect(seen.has('key 999')).toBe(true);
		expect(seen.has('key 0')).toBe(false);
	});

	it('keeps what it knows when the clock is set back, and ages from there', () => {
		const seen = new SeenSet(1_000, 10, 1_000_000);
		seen.add('a', 1_000_000);
		expect(seen.add('a', 0)).toBe(false);
		seen.add('b', 1_000);
		expect(seen.add('a', 2_000)).toBe(true);
	});
});
