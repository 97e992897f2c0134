import { describe, expect, it } from 'vitest';
import type { Address } from '#lib/channel/address.ts';
import { checkChannel, type Channel } from '#lib/channel/channel.ts';
import type { ChainError, Terms } from '#lib/channel/ports.ts';
import { calendarEvent } from '#lib/ui/calendar.ts';
import { chainSentence } from '#lib/ui/chain-words.ts';
import { coins, coinsFromInput, exactCoins } from '#lib/ui/coins.ts';
import { dealOf, fewestRounds, mostRounds, obstacleOf, usualRounds } from '#lib/ui/deal.ts';
import { chainWords } from '#lib/ui/i18n/en-chain.ts';
import { reactionOfKey, swipeOf } from '#lib/ui/swipe.ts';
import { readTerms, type TermsInput } from '#lib/ui/terms-input.ts';
import { abi } from '#lib/wallet/evm/abi.ts';

describe('amounts', () => {
	it.each([
		[0n, '0 ETH'],
		[10n ** 18n, '1 ETH'],
		[15n * 10n ** 14n, '0.0015 ETH'],
		[1n, '0.000000000000000001 ETH'],
		[123_456_789n * 10n ** 10n, '~1.2345 ETH'],
		[-(10n ** 15n), '-0.001 ETH'],
	])('%s wei reads %s', (wei, words) => expect(coins(wei)).toBe(words));

	it('are read back exactly as they are written', () => {
		for (const wei of [0n, 1n, 999n, 10n ** 18n + 1n, 123_456_789_012_345_678_901n])
			expect(coinsFromInput(exactCoins(wei))).toBe(wei);
	});

	it.each(['', '-1', '1e3', '0x10', '.5', '1.', '1.0000000000000000001', '1 000', 'NaN'])(
		'“%s” is no amount',
		(text) => expect(coinsFromInput(text)).toBeUndefined(),
	);
});

const form: TermsInput = {
	...{ reward: '0.001', userBurn: '0.002', suggesterBurn: '0.004', bond: '0.01' },
	...{ maxRounds: '50', window: '72', amount: '0.5' },
};

describe('terms as typed', () => {
	it('become what the contract takes', () => {
		expect(readTerms(form)).toMatchObject({
			ok: true,
			value: { amount: 5n * 10n ** 17n, terms: { reward: 10n ** 15n, maxRounds: 50, window: 259_200 } },
		});
	});
	it.each([
		[{ reward: 'free' }, 'reward', 'termsAmount'],
		[{ amount: '' }, 'amount', 'termsAmount'],
		[{ userBurn: '0.0009' }, 'userBurn', 'termsCheap'],
		[{ maxRounds: '0' }, 'maxRounds', 'termsRounds'],
		[{ maxRounds: '1.5' }, 'maxRounds', 'termsRounds'],
		[{ window: '721' }, 'window', 'termsWindow'],
		[{ bond: '0.1001' }, 'bond', 'termsBond'],
	] as const)('%j are refused at the field', (change, field, code) => {
		expect(readTerms({ ...form, ...change })).toEqual({ ok: false, error: { field, code } });
	});
});

it('a deal says what comes back at best and at worst, and escrow bounds it', () => {
	const terms = { userBurn: 2n, suggesterBurn: 5n, bond: 0n, maxRounds: 100 };
	expect(dealOf({ ...terms, reward: 1n }, 10)).toEqual({
		deposit: 20n,
		theirs: 50n,
		afterRewards: 10n,
		afterBurns: 0n,
	});
	expect(mostRounds({ escrow: 49n, terms })).toBe(9);
	expect(mostRounds({ escrow: 10n ** 20n, terms })).toBe(100);
	expect(mostRounds({ escrow: 0n, terms: { ...terms, maxRounds: 7, suggesterBurn: 0n } })).toBe(7);
});

describe('whether a channel can be opened at all', () => {
	const account = `0x${'1'.repeat(40)}` as Address;
	const key = `0x${'2'.repeat(40)}` as Address;
	const other = `0x${'3'.repeat(40)}` as Address;
	const terms = {
		...{ reward: 1n, userBurn: 2n, suggesterBurn: 5n, bond: 0n },
		...{ maxRounds: 100, window: 3_600, key, url: '' },
	};
	const offered = { suggester: account, escrow: 500n, terms };

	it.each([
		['nobody is taken', { maxRounds: 0 }, 'full'],
		['a burn is cheaper', { reward: 3n }, 'burn-cheaper'],
		['the window is too short', { window: 599 }, 'window'],
		['the window is too long', { window: 2_592_001 }, 'window'],
		['the bond is above any deposit', { bond: 201n }, 'bond'],
		['there is a bond but no deposit', { userBurn: 0n, reward: 0n, bond: 1n }, 'bond'],
		['the escrow backs nothing', { suggesterBurn: 501n }, 'no-escrow'],
		['the escrow backs less than the bond asks for', { suggesterBurn: 50n, bond: 22n }, 'no-escrow'],
		['nothing is wrong', {}, undefined],
		['the bond is just the deposit', { bond: 200n }, undefined],
	] as const)('%s', (_, change, obstacle) => {
		expect(obstacleOf({ ...offered, terms: { ...terms, ...change } }, other)).toBe(obstacle);
		// What the form lets through, the contract's rules let through, from the fewest pictures on.
		if (obstacle) return;
		const suggester = { ...offered, terms: { ...terms, ...change } };
		for (const rounds of [fewestRounds(suggester), usualRounds(suggester), mostRounds(suggester)])
			expect(checkChannel(openedBy(suggester.terms, rounds)).ok).toBe(true);
		expect(checkChannel(openedBy(suggester.terms, fewestRounds(suggester) - 1)).ok).toBe(false);
	});

	const openedBy = ({ reward, userBurn, suggesterBurn, bond, window }: Terms, rounds: number): Channel => ({
		...{ user: other, userKey: other, suggester: account, suggesterKey: key },
		...{ reward, userBurn, suggesterBurn, bond, window, rounds, salt: 1n },
	});

	it('not with oneself, by neither key', () => {
		expect(obstacleOf(offered, account)).toBe('own-account');
		expect(obstacleOf(offered, key)).toBe('own-account');
		expect(obstacleOf(offered)).toBeUndefined();
	});
});

it('every error of the chain has a cause and a next step', () => {
	const codes = Object.keys(chainWords)
		.map((key) => /^chain\.([a-z-]+)-next$/.exec(key)?.[1])
		.filter((code) => code !== undefined) as ChainError['code'][];
	expect(codes).toHaveLength(11);
	for (const code of codes) {
		const { cause, next } = chainSentence({ code }, 'Base');
		expect([cause, next].every((words) => words.length > 10)).toBe(true);
	}
	expect(chainSentence({ code: 'reverted', reason: 'TooEarly' }, '').cause).toMatch(/not over yet/);
	// Whatever the contract may say, the app says something.
	for (const { name } of abi.filter((item) => item.type === 'error'))
		expect(chainSentence({ code: 'reverted', reason: name }, '').cause).not.toBe('');
});

it('swipes count when they go clearly sideways, keys as they are printed', () => {
	expect(swipeOf({ x: 10, y: 10 }, { x: 110, y: 20 })).toBe('right');
	expect(swipeOf({ x: 110, y: 10 }, { x: 10, y: 20 })).toBe('left');
	expect(swipeOf({ x: 10, y: 10 }, { x: 110, y: 110 })).toBeUndefined();
	expect(swipeOf({ x: 10, y: 10 }, { x: 40, y: 10 })).toBeUndefined();
	expect(['r', 'ArrowRight', 'B', 'ArrowLeft', 'Escape', 'x'].map(reactionOfKey)).toEqual([
		...['reward', 'reward', 'burn', 'burn', 'undo', undefined],
	]);
});

it('a reminder is one event with an alarm at its time', () => {
	const at = Date.UTC(2026, 10, 28, 12, 30);
	const text = calendarEvent({ uid: 'a@b', at, now: 0, title: 'End, of it', description: 'One\nTwo; three' });
	expect(text).toContain('\r\nDTSTART:20261128T123000Z\r\n');
	expect(text).toContain('SUMMARY:End\\, of it');
	expect(text).toContain('DESCRIPTION:One\\nTwo\\; three');
	expect(text).toContain('BEGIN:VALARM');
});
