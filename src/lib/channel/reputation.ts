import type { Split } from './settlement.ts';

/** The two scores of a suggester, in the smallest unit of the asset. Both are burned money and never decrease. */
export interface Reputation {
	/** 1 % of all rewards. */
	readonly positive: bigint;
	/** Everything users burned of its escrow. */
	readonly negative: bigint;
}

/** Scores stop here on chain instead of reverting. */
const maxScore = 2n ** 80n - 1n;

const capped = (score: bigint): bigint => (score > maxScore ? maxScore : score);

/** The scores after a channel closed, on whichever path. */
export const afterClose = (before: Reputation, closed: Split): Reputation => ({
	positive: capped(before.positive + closed.fee),
	negative: capped(before.negative + closed.slashed),
});

/** Nobody has rewarded or burned it yet: such a suggester stands on a shelf of its own, not above or below others. */
export const isNew = ({ positive, negative }: Reputation): boolean => positive === 0n && negative === 0n;

/**
 * Share of good in what was burned, in millionths (0..1,000,000); `undefined` for a new suggester. Positive counts
 * one hundredth of a reward and negative a whole burn, so raising the share by paying oneself costs its face value
 * in burned money, and a washed score still stands beside the burns of real users.
 */
export function standing({ positive, negative }: Reputation): number | undefined {
	const all = positive + negative;
	return all === 0n ? undefined : Number((positive * 1_000_000n) / all);
}

export interface Rated {
	readonly reputation: Reputation;
	readonly escrow: bigint;
}

const descending = (a: bigint, b: bigint): number => (a < b ? 1 : a > b ? -1 : 0);

/** Best first: standing, then the positive score behind it, then escrow. Suggesters without a record come apart. */
export function shelves<T extends Rated>(suggesters: readonly T[]): { rated: T[]; fresh: T[] } {
	const fresh = suggesters.filter((one) => isNew(one.reputation));
	const rated = suggesters.filter((one) => !isNew(one.reputation));
	rated.sort(
		(a, b) =>
			(standing(b.reputation) ?? 0) - (standing(a.reputation) ?? 0) ||
			descending(a.reputation.positive, b.reputation.positive) ||
			descending(a.escrow, b.escrow),
	);
	fresh.sort((a, b) => descending(a.escrow, b.escrow));
	return { rated, fresh };
}

/** Harm a burn does to the suggester for each coin the user gives up for it; `undefined` when burning is free. */
export const griefingFactor = (userBurn: bigint, suggesterBurn: bigint): number | undefined =>
	userBurn === 0n ? undefined : Number((suggesterBurn * 1000n) / userBurn) / 1000;
