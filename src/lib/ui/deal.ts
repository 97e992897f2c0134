import type { Terms } from '#lib/channel/ports.ts';

/** Pictures offered at first: enough to get to know a suggester, little enough to lose. */
const usual = 10;

interface Offered {
	readonly escrow: bigint;
	readonly terms: Pick<Terms, 'maxRounds' | 'suggesterBurn'>;
}

/** Most pictures a channel could cover right now: by the terms, and by what the free escrow can back. */
export function mostRounds({ escrow, terms }: Offered): number {
	if (terms.suggesterBurn === 0n) return terms.maxRounds;
	const backed = escrow / terms.suggesterBurn;
	return backed < BigInt(terms.maxRounds) ? Number(backed) : terms.maxRounds;
}

export const usualRounds = (suggester: Offered): number => Math.min(usual, mostRounds(suggester));

/** What both put in, and what the user has again at best and at worst, in wei. */
export const dealOf = (terms: Pick<Terms, 'reward' | 'userBurn' | 'suggesterBurn'>, rounds: number) => {
	const count = BigInt(rounds);
	const deposit = count * terms.userBurn;
	return {
		deposit,
		theirs: count * terms.suggesterBurn,
		afterRewards: deposit - count * terms.reward,
		afterBurns: 0n,
	};
};
