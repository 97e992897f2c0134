import { describe, expect, test } from 'vitest';
import { channelToJson, checkTally, parseChannel, partyOf, round } from '#lib/channel/channel.ts';
import { channel } from './fixture.ts';

const json = (changes: Record<string, unknown> = {}) => ({ ...channelToJson(channel()), ...changes });

test('a channel survives its JSON', () => {
	expect(parseChannel(JSON.parse(JSON.stringify(json())))).toEqual({ ok: true, value: channel() });
});

describe('hostile channels', () => {
	test.each([
		['nothing', undefined, 'malformed'],
		['null', null, 'malformed'],
		['text', 'channel', 'malformed'],
		['a list', [], 'malformed'],
		['no user', json({ user: undefined }), 'malformed'],
		['an address too short', json({ user: '0x1234' }), 'malformed'],
		['an address without 0x', json({ userKey: 'ab'.repeat(21) }), 'malformed'],
		['an address of other digits', json({ suggester: `0x${'zz'.repeat(20)}` }), 'malformed'],
		['an address as a number', json({ suggesterKey: 5 }), 'malformed'],
		['an amount as a number', json({ reward: 1000 }), 'malformed'],
		['a negative amount', json({ reward: '-1' }), 'malformed'],
		['a fraction', json({ userBurn: '1.5' }), 'malformed'],
		['an exponent', json({ userBurn: '1e3' }), 'malformed'],
		['hex', json({ bond: '0x10' }), 'malformed'],
		['a leading zero', json({ bond: '01' }), 'malformed'],
		['an empty amount', json({ suggesterBurn: '' }), 'malformed'],
		['an endless amount', json({ suggesterBurn: '9'.repeat(100_000) }), 'malformed'],
		['an amount of 2^96', json({ suggesterBurn: String(2n ** 96n) }), 'malformed'],
		['a salt of 2^64', json({ salt: String(2n ** 64n) }), 'malformed'],
		['rounds as text', json({ rounds: '10' }), 'malformed'],
		['negative rounds', json({ rounds: -1 }), 'malformed'],
		['half a round', json({ rounds: 1.5 }), 'malformed'],
		['rounds of 2^32', json({ rounds: 2 ** 32 }), 'malformed'],
		['a window that is no number', json({ window: Number.NaN }), 'malformed'],
		['no rounds', json({ rounds: 0 }), 'bad-terms'],
		['burning cheaper than rewarding', json({ reward: '1501' }), 'bad-terms'],
		['a bond above the deposit', json({ bond: '15001' }), 'bad-terms'],
		['a window too short', json({ window: 599 }), 'bad-terms'],
		['a window too long', json({ window: 2_592_001 }), 'bad-terms'],
		['no session key', json({ userKey: `0x${'0'.repeat(40)}` }), 'bad-key'],
		['no key of the suggester', json({ suggesterKey: `0x${'0'.repeat(40)}` }), 'bad-key'],
		['a key on both sides', json({ userKey: channel().suggesterKey }), 'bad-key'],
		['the suggester as user', json({ user: channel().suggester }), 'bad-key'],
	])('%s', (_, value, code) => {
		expect(parseChannel(value)).toMatchObject({ ok: false, error: { type: 'channel', code } });
	});

	test('the limits themselves are inside', () => {
		const most = json({ reward: '1500', bond: '15000', window: 600, salt: String(2n ** 64n - 1n) });
		expect(parseChannel(most).ok).toBe(true);
		expect(parseChannel(json({ window: 2_592_000, userKey: channel().user })).ok).toBe(true);
	});

	test('fields nobody asked for are left behind', () => {
		const parsed = parseChannel(json({ extra: 1, __proto__: { rounds: 99 } }));
		expect(parsed).toEqual({ ok: true, value: channel() });
	});
});

test.each([
	[{ rewarded: 0, burned: 0 }, true],
	[{ rewarded: 10, burned: 0 }, true],
	[{ rewarded: 4, burned: 6 }, true],
	[{ rewarded: 10, burned: 1 }, false],
	[{ rewarded: -1, burned: 2 }, false],
	[{ rewarded: 0.5, burned: 0.5 }, false],
	[{ rewarded: Number.NaN, burned: 0 }, false],
	[{ rewarded: Number.POSITIVE_INFINITY, burned: 0 }, false],
])('tally %o is covered: %s', (tally, covered) => {
	expect(checkTally(channel(), tally).ok).toBe(covered);
});

test('accounts and keys stand on their side', () => {
	const c = channel();
	expect([c.user, c.userKey, c.suggester, c.suggesterKey].map((who) => partyOf(c, who))).toEqual([
		'user',
		'user',
		'suggester',
		'suggester',
	]);
	expect(partyOf(c, channel().user.replace(/.$/, '0') as typeof c.user)).toBeUndefined();
	expect(round({ rewarded: 3, burned: 4 })).toBe(7);
});
