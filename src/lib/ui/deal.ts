import type { Address } from '#lib/channel/address.ts';
import { channelLimits } from '#lib/channel/channel.ts';
import type { Terms } from '#lib/channel/ports.ts';

/** Pictures offered at first: enough to get to know a suggester, little enough to lose. */
const usual = 10;

interface Offered {
	readonly escrow: bigint;
	readonly terms: Pick<Terms, 'maxRounds' | 'userBurn' | 'suggesterBurn' | 'bond'>;
}

/** Most pictures a channel could cover right now: by the terms, and by what the free escrow can back. */
export function mostRounds({ escrow, terms }: Offered): number {
	if (terms.suggesterBurn === 0n) return terms.maxRounds;
	const backed = escrow / terms.suggesterBurn;
	return backed < BigInt(terms.maxRounds) ? Number(backed) : terms.maxRounds;
}

/** Fewest pictures a channel must cover: the contract wants a deposit no smaller than the bond. */
export function fewestRounds({ terms: { bond, userBurn } }: Offered): number {
	if (bond === 0n) return 1;
	return userBurn === 0n ? Infinity : Math.max(1, Number((bond + userBurn - 1n) / userBurn));
}

export const usualRounds = (suggester: Offered): number =>
	Math.min(Math.max(usual, fewestRounds(suggester)), mostRounds(suggester));

/** Why no channel can be opened with a suggester now, whatever its length. The contract's rules (`checkChannel`). */
export type Obstacle =
	| 'full'
	| 'burn-cheaper'
	| 'window'
	/** The bond is above the deposit for as many pictures as the terms allow. */
	| 'bond'
	/** Free escrow backs no picture, or fewer than the bond asks for. */
	| 'no-escrow'
	| 'own-account';

/** `user` is the account that would open, where one is chosen. */
export function obstacleOf(
	suggester: Offered & { readonly suggester: Address; readonly terms: Terms },
	user?: Address,
): Obstacle | undefined {
	const { terms } = suggester;
	if (terms.maxRounds === 0) return 'full';
	if (terms.reward > terms.userBurn) return 'burn-cheaper';
	if (terms.window < channelLimits.minWindow || terms.window > channelLimits.maxWindow) return 'window';
	const fewest = fewestRounds(suggester);
	if (fewest > terms.maxRounds) return 'bond';
	if (mostRounds(suggester) < fewest) return 'no-escrow';
	return user === suggester.suggester || user === terms.key ? 'own-account' : undefined;
}

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
