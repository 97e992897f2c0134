import type { SpendingPolicy } from '#lib/app/wallet/protocol.ts';
import type { Msat } from '#lib/wallet/lightning/msat.ts';
import { satsFromInput, satsInput } from './sats.ts';

/** The policy's amounts, in the order they are shown. */
export const spendFields = ['auto', 'minute', 'day', 'peer', 'inFlight', 'tap'] as const;
export const priceFields = ['favour', 'reply', 'ownReply'] as const;
export type AmountField = (typeof spendFields)[number] | (typeof priceFields)[number] | 'second';

const keys = {
	auto: 'autoMsat',
	minute: 'minuteMsat',
	day: 'dayMsat',
	peer: 'peerDayMsat',
	inFlight: 'inFlightMsat',
	tap: 'tapMsat',
	favour: 'favourMsat',
	reply: 'replyMsat',
	ownReply: 'ownReplyMsat',
	second: 'secondMsat',
} as const satisfies Record<AmountField, keyof SpendingPolicy>;

export const amountFields = Object.keys(keys) as AmountField[];

export type PolicyInput = Record<AmountField, string>;

export const policyInput = (policy: SpendingPolicy): PolicyInput =>
	Object.fromEntries(amountFields.map((field) => [field, satsInput(policy[keys[field]])])) as PolicyInput;

/** The policy as typed, or the first field that is no amount. */
export function policyFromInput(
	policy: SpendingPolicy,
	input: PolicyInput,
): { readonly policy: SpendingPolicy } | { readonly bad: AmountField } {
	const amounts: Partial<Record<(typeof keys)[AmountField], Msat>> = {};
	for (const field of amountFields) {
		const amount = satsFromInput(input[field]);
		if (amount === undefined) return { bad: field };
		amounts[keys[field]] = amount;
	}
	return { policy: { ...policy, ...amounts } };
}
