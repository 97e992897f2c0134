import { describe, expect, test } from 'vitest';
import type { Party, Tally } from '#lib/channel/channel.ts';
import { judge, type Claim } from '#lib/channel/contest.ts';

const claim = (closer: Party, standing: Tally, claimed = standing.rewarded + standing.burned): Claim => ({
	closer,
	deadline: 1_800_086_400,
	standing,
	claimed,
});
const three = { rewarded: 2, burned: 1 };
const none = { effect: 'none' };

describe('shown by the counterparty', () => {
	test.each([
		['user', 'an older state', { rewarded: 2, burned: 0 }, none],
		['user', 'the same state', three, none],
		['user', 'another state of the round', { rewarded: 1, burned: 2 }, { effect: 'settles', faulty: true }],
		['user', 'one round newer', { rewarded: 3, burned: 1 }, { effect: 'settles', faulty: true }],
		['user', 'two rounds newer', { rewarded: 4, burned: 1 }, { effect: 'settles', faulty: true }],
		['suggester', 'an older state', { rewarded: 1, burned: 1 }, none],
		['suggester', 'the same state', three, none],
		['suggester', 'another state of the round', { rewarded: 1, burned: 2 }, none],
		['suggester', 'one round newer', { rewarded: 2, burned: 2 }, { effect: 'settles', faulty: false }],
		['suggester', 'two rounds newer', { rewarded: 2, burned: 3 }, { effect: 'settles', faulty: true }],
	] as const)('a %s that claimed round 3, shown %s', (closer, _, shown, verdict) => {
		expect(judge(claim(closer, three), shown, 'counterparty')).toEqual(verdict);
	});
});

describe('shown by anyone else', () => {
	test.each([
		['user', 'another state of the round', { rewarded: 1, burned: 2 }, none],
		['user', 'one round newer', { rewarded: 3, burned: 1 }, { effect: 'corrects', faulty: true }],
		['suggester', 'one round newer', { rewarded: 2, burned: 2 }, { effect: 'corrects', faulty: false }],
		['suggester', 'two rounds newer', { rewarded: 2, burned: 3 }, { effect: 'corrects', faulty: true }],
	] as const)('a %s that claimed round 3, shown %s', (closer, _, shown, verdict) => {
		expect(judge(claim(closer, three), shown, 'anyone')).toEqual(verdict);
	});
});

test('a correction does not move the line of fault', () => {
	const corrected = claim('suggester', { rewarded: 2, burned: 2 }, 3);
	expect(judge(corrected, { rewarded: 2, burned: 3 }, 'counterparty')).toEqual({
		effect: 'settles',
		faulty: true,
	});
});
