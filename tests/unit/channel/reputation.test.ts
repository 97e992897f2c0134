import { describe, expect, test } from 'vitest';
import { afterClose, griefingFactor, isNew, shelves, standing } from '#lib/channel/reputation.ts';
import { split } from '#lib/channel/settlement.ts';
import { channel } from './fixture.ts';

const fresh = { positive: 0n, negative: 0n };
const rated = (name: string, positive: bigint, negative: bigint, escrow = 0n) => ({
	name,
	escrow,
	reputation: { positive, negative },
});
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

test('a close adds the fee to the good and the burns to the bad', () => {
	const closed = split(channel(), { rewarded: 6, burned: 2 });
	expect(afterClose({ positive: 5n, negative: 7n }, closed)).toEqual({ positive: 65n, negative: 6007n });
});

test('scores stop at their top', () => {
	const top = 2n ** 80n - 1n;
	const closed = { ...split(channel(), { rewarded: 0, burned: 0 }), fee: 5n, slashed: top };
	expect(afterClose({ positive: top - 1n, negative: 1n }, closed)).toEqual({ positive: top, negative: top });
});

test('standing is the share of good in what was burned', () => {
	expect(standing({ positive: 1n, negative: 3n })).toBe(250_000);
	expect(standing({ positive: 5n, negative: 0n })).toBe(1_000_000);
	expect(standing({ positive: 0n, negative: 5n })).toBe(0);
	expect(standing(fresh)).toBeUndefined();
	expect(isNew(fresh)).toBe(true);
	expect(isNew({ positive: 0n, negative: 1n })).toBe(false);
});

describe('the list of suggesters', () => {
	test('best standing first, then the larger record, then escrow; newcomers apart', () => {
		const list = [
			rated('new and rich', 0n, 0n, 90n),
			rated('half', 5n, 5n),
			rated('good and small', 9n, 1n),
			rated('good and large', 90n, 10n),
			rated('good, large and backed', 90n, 10n, 7n),
			rated('burned', 0n, 4n),
			rated('new and poor', 0n, 0n, 1n),
		];
		const { rated: shelf, fresh: newcomers } = shelves(list);
		expect(names(shelf)).toEqual([
			'good, large and backed',
			'good and large',
			'good and small',
			'half',
			'burned',
		]);
		expect(names(newcomers)).toEqual(['new and rich', 'new and poor']);
		expect(names(list)[0]).toBe('new and rich');
	});

	test('paying oneself lifts a burned name only at the price of what was burned', () => {
		const burnedByUsers = 1_000_000n;
		const washed = { positive: burnedByUsers, negative: burnedByUsers };
		expect(standing(washed)).toBe(500_000);
		expect(washed.positive).toBe(burnedByUsers);
	});
});

test('the griefing factor is what a burn does for each coin it costs', () => {
	expect(griefingFactor(1500n, 3000n)).toBe(2);
	expect(griefingFactor(3n, 1n)).toBe(0.333);
	expect(griefingFactor(0n, 1n)).toBeUndefined();
});
