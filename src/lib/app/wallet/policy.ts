import { minute, type SpendingLimits } from '#lib/wallet/lightning/policy.ts';
import { parseMsat } from '#lib/wallet/lightning/msat.ts';
import type { WalletCapabilities } from '#lib/wallet/lightning/port.ts';
import { noWallet, type TillTerms } from '#lib/gossip/settling/till.ts';
import type { WalletRecord } from '#lib/gossip/settling/records.ts';
import { defaultPolicy } from './initial.ts';
import type { SpendingPolicy } from './protocol.ts';

/** Locks of one neighbour at once: some offers to one customer, and never all of `locks`. */
const peerLocks = 4;

const preferences = ['work', 'sats', 'cheaper'] as const;

/** The owner's rules as kept or as sent by the page; what is absent or no sound value has its default. */
export function parsePolicy(given: Readonly<Record<string, unknown>>): SpendingPolicy {
	const { prefer, locks, ...amounts } = defaultPolicy;
	const parsed = Object.fromEntries(
		Object.entries(amounts).map(([name, otherwise]) => [name, parseMsat(given[name]) ?? otherwise]),
	) as typeof amounts;
	const wished = given['locks'];
	return {
		...parsed,
		locks: Number.isInteger(wished) && (wished as number) >= 0 ? Math.min(wished as number, 50) : locks,
		prefer: preferences.find((name) => name === given['prefer']) ?? prefer,
	};
}

export const keptPolicy = (policy: SpendingPolicy): WalletRecord['policy'] => ({ ...policy });

/** What the till holds payments against. */
export const limitsOf = (policy: SpendingPolicy): SpendingLimits => ({
	autoMsat: policy.autoMsat,
	minuteMsat: policy.minuteMsat,
	dayMsat: policy.dayMsat,
	peerDayMsat: policy.peerDayMsat,
	inFlightMsat: policy.inFlightMsat,
	locks: policy.locks,
	peerLocks,
	tapMsat: policy.tapMsat,
});

/** What neighbours are told and asked, as far as wallet and owner allow. */
export function termsOf(
	policy: SpendingPolicy,
	can: WalletCapabilities | undefined,
	stopped: boolean,
): TillTerms {
	if (!can) return noWallet;
	const bills = can.makeInvoice && can.lookup;
	return {
		pays: can.pay && !stopped,
		bills,
		holds: can.hold,
		wraps: can.hold && can.pay && !stopped && can.holdSameHashMiddleman === 'yes',
		favourMsat: bills ? policy.favourMsat : 0,
		replyMsat: bills ? policy.replyMsat : 0,
		ownReplyMsat: bills ? policy.ownReplyMsat : 0,
		mostMsat: stopped ? 0 : policy.tapMsat,
		prefer: policy.prefer,
		secondMsat: policy.secondMsat,
	};
}

/** How long a wallet that does not answer is left alone before it is asked again, ms. */
export const askAgainMs = minute / 2;
