import { describe, expect, test } from 'vitest';
import { split, stakes, suggesterDeposit, userDeposit, withBond } from '#lib/channel/settlement.ts';
import { channel } from './fixture.ts';

test.each([
	// reward, userBurn, suggesterBurn, rewarded, burned -> user, escrow, burned, fee, slashed
	[1000n, 1000n, 2000n, 7, 2, 1000n, 22_930n, 6070n, 70n, 4000n],
	[1000n, 1500n, 5000n, 3, 4, 6000n, 32_970n, 26_030n, 30n, 20_000n],
	[99n, 99n, 1n, 1, 0, 891n, 109n, 0n, 0n, 0n],
	[3333n, 4000n, 10_000n, 7, 1, 12_669n, 113_098n, 14_233n, 233n, 10_000n],
	[1000n, 1500n, 3000n, 0, 0, 15_000n, 30_000n, 0n, 0n, 0n],
	[1000n, 1500n, 3000n, 0, 10, 0n, 0n, 45_000n, 0n, 30_000n],
])(
	'%d a reward, %d and %d a burn, %i rewarded, %i burned',
	(reward, userBurn, suggesterBurn, rewarded, burned, user, escrow, gone, fee, slashed) => {
		const c = channel({ reward, userBurn, suggesterBurn });
		const parts = split(c, { rewarded, burned });
		expect(parts).toEqual({ user, escrow, burned: gone, fee, slashed });
		expect(parts.user + parts.escrow + parts.burned).toBe(userDeposit(c) + suggesterDeposit(c));
	},
);

describe('the bond', () => {
	const parts = split(channel(), { rewarded: 1, burned: 1 });

	test('goes back to the side that staked it', () => {
		expect(withBond(parts, 2000n, 'user', false)).toEqual({ ...parts, user: parts.user + 2000n });
		expect(withBond(parts, 2000n, 'suggester', false)).toEqual({ ...parts, escrow: parts.escrow + 2000n });
	});

	test.each(['user', 'suggester'] as const)('burns when the %s was at fault', (closer) => {
		expect(withBond(parts, 2000n, closer, true)).toEqual({ ...parts, burned: parts.burned + 2000n });
	});
});

test('what one more round can cost', () => {
	expect(stakes(channel(), { rewarded: 3, burned: 4 })).toEqual({
		roundsLeft: 3,
		rewardCosts: 1000n,
		burnCostsUser: 1500n,
		burnCostsSuggester: 3000n,
	});
});
