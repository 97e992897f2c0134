import type { Terms } from '#lib/channel/ports.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { coinsFromInput } from './coins.ts';

/** Terms as typed: coins, whole numbers, hours. */
export interface TermsInput {
	reward: string;
	userBurn: string;
	suggesterBurn: string;
	bond: string;
	maxRounds: string;
	window: string;
	/** Added to the escrow with them. */
	amount: string;
}

export interface TermsProblem {
	readonly field: keyof TermsInput;
	readonly code: 'termsAmount' | 'termsCheap' | 'termsRounds' | 'termsBond' | 'termsWindow';
}

type Advertised = Omit<Terms, 'key' | 'url'>;

const milli = 10n ** 15n;
/** Proposed to who suggests for the first time: small, with a burn that costs the suggester more than the user. */
export const usualTerms: Advertised = {
	reward: milli,
	userBurn: milli,
	suggesterBurn: 2n * milli,
	bond: 5n * milli,
	maxRounds: 100,
	/** Three days: a tab sleeps, a person travels. */
	window: 72 * 3600,
};

const amountFields = ['reward', 'userBurn', 'suggesterBurn', 'bond', 'amount'] as const;

/** Reads a form of terms; the first field that is wrong is the one to look at. */
export function readTerms(
	input: Readonly<TermsInput>,
): Result<{ readonly terms: Advertised; readonly amount: bigint }, TermsProblem> {
	const amounts = { reward: 0n, userBurn: 0n, suggesterBurn: 0n, bond: 0n, amount: 0n };
	for (const field of amountFields) {
		const amount = coinsFromInput(input[field]);
		if (amount === undefined) return err({ field, code: 'termsAmount' });
		amounts[field] = amount;
	}
	const { amount, ...rates } = amounts;
	if (rates.reward > rates.userBurn) return err({ field: 'userBurn', code: 'termsCheap' });
	const maxRounds = Number(input.maxRounds);
	if (!/^\d{1,5}$/.test(input.maxRounds.trim()) || maxRounds < 1 || maxRounds > 10_000)
		return err({ field: 'maxRounds', code: 'termsRounds' });
	if (rates.bond > BigInt(maxRounds) * rates.userBurn) return err({ field: 'bond', code: 'termsBond' });
	const hours = Number(input.window);
	if (!/^\d{1,3}$/.test(input.window.trim()) || hours < 1 || hours > 720)
		return err({ field: 'window', code: 'termsWindow' });
	return ok({ terms: { ...rates, maxRounds, window: hours * 3600 }, amount });
}
