import { round, type Party, type Tally } from './channel.ts';

/** A contested close as the chain keeps it. */
export interface Claim {
	readonly closer: Party;
	/** Unix seconds; a challenge counts up to and including it, `finish` after it. */
	readonly deadline: number;
	/** What stands now: the claim, or the newest correction of it. */
	readonly standing: Tally;
	/** Round the closer claimed first; a correction does not move it. */
	readonly claimed: number;
}

export type Verdict =
	/** The shown state does not beat the claim. */
	| { readonly effect: 'none' }
	/** Settles at once; `faulty` burns the closer's bond. */
	| { readonly effect: 'settles'; readonly faulty: boolean }
	/** Replaces the claim; the window runs on. */
	| { readonly effect: 'corrects'; readonly faulty: boolean };

/**
 * What a challenge with `shown`, signed by both, does to a claim; the contract's rule.
 *
 * The counterparty settles at once. Anyone else only corrects, because otherwise a closer could challenge itself
 * with a state that is newer than its claim but older than the truth, and end the window with it. A user is at
 * fault for any older claim and, shown by the suggester itself, for another state of the same round. A suggester
 * one round behind may never have seen the user's last answer; two behind, it has built on what it denies.
 */
export function judge(claim: Claim, shown: Tally, by: 'counterparty' | 'anyone'): Verdict {
	const newer = round(shown) > round(claim.standing);
	const contradicts =
		claim.closer === 'user' &&
		by === 'counterparty' &&
		round(shown) === round(claim.standing) &&
		shown.rewarded !== claim.standing.rewarded;
	if (!newer && !contradicts) return { effect: 'none' };
	const faulty = claim.closer === 'user' || round(shown) > claim.claimed + 1;
	return { effect: by === 'counterparty' ? 'settles' : 'corrects', faulty };
}
