import { describe, expect, it } from 'vitest';
import { Lateness } from '#lib/core/lateness.ts';

const now = 1_800_000_000_000;

describe('a node that runs late', () => {
	it('stretches its plans by how late it was, and forgets it by halves', () => {
		const lateness = new Lateness();
		expect(lateness.slack(now)).toBe(1);
		lateness.saw(now - 500, now);
		expect(lateness.slack(now)).toBe(3);
		expect(lateness.slack(now + 2_000)).toBe(2);
		expect(lateness.slack(now + 60_000)).toBeCloseTo(1, 6);
	});

	it('goes by the worst it saw, not by the last', () => {
		const lateness = new Lateness();
		lateness.saw(now - 1_000, now);
		lateness.saw(now, now);
		expect(lateness.slack(now)).toBe(5);
	});

	it('stretches them no further after a night than after two seconds', () => {
		const [night, moment] = [new Lateness(), new Lateness()];
		night.saw(now - 28_800_000, now);
		moment.saw(now - 2_000, now);
		expect(night.slack(now)).toBe(moment.slack(now));
	});

	it('is not early for a clock that was set back', () => {
		const lateness = new Lateness();
		lateness.saw(now + 5_000, now);
		expect(lateness.slack(now - 60_000)).toBe(1);
	});
});
