import { round, type Channel, type Party, type Tally } from './channel.ts';

/** Where every coin of a channel goes, in the smallest unit of the asset; the contract's `Settlement.split`. */
export interface Split {
	readonly user: bigint;
	/** Back to the suggester's escrow, the rewards included. */
	readonly escrow: bigint;
	/** 1 % of the rewards, rounded down: burned, and added to the positive score. */
	readonly fee: bigint;
	/** The suggester's burned money: added to the negative score. */
	readonly slashed: bigint;
	/** Everything burned: fee, slashed, and what the user burned of its own. */
	readonly burned: bigint;
}

/** 1 % of the rewards buys the positive score. */
const feeDivisor = 100n;

export const userDeposit = (channel: Channel): bigint => BigInt(channel.rounds) * channel.userBurn;
export const suggesterDeposit = (channel: Channel): bigint => BigInt(channel.rounds) * channel.suggesterBurn;

/** Splits the deposits by a tally that `checkTally` accepts. Nothing is ever negative, and nothing is lost. */
export function split(channel: Channel, tally: Tally): Split {
	const paid = BigInt(tally.rewarded) * channel.reward;
	const scorched = BigInt(tally.burned) * channel.userBurn;
	const fee = paid / feeDivisor;
	const slashed = BigInt(tally.burned) * channel.suggesterBurn;
	return {
		user: userDeposit(channel) - paid - scorched,
		escrow: suggesterDeposit(channel) + paid - fee - slashed,
		fee,
		slashed,
		burned: fee + slashed + scorched,
	};
}

/** Adds the bond of a contested close: back to the closer, or burned when it was at fault. */
export function withBond(parts: Split, bond: bigint, closer: Party, faulty: boolean): Split {
	if (faulty) return { ...parts, burned: parts.burned + bond };
	return closer === 'user'
		? { ...parts, user: parts.user + bond }
		: { ...parts, escrow: parts.escrow + bond };
}

/** The most each side can lose in one more round, for the screens that ask for a decision. */
export const stakes = (channel: Channel, tally: Tally) => ({
	roundsLeft: channel.rounds - round(tally),
	rewardCosts: channel.reward,
	burnCostsUser: channel.userBurn,
	burnCostsSuggester: channel.suggesterBurn,
});
