import type { Millis, PeerId } from '#lib/core/brand.ts';
import type { PaymentRecord } from '#lib/gossip/settling/records.ts';
import { sats, type Msat } from './msat.ts';

/** What leaves without asking, and what never leaves. Amounts in msat; everything in flight counts as spent. */
export interface SpendingLimits {
	/** One payment up to this leaves by itself. */
	readonly autoMsat: Msat;
	/** By itself, all together in a minute and in a day. */
	readonly minuteMsat: Msat;
	readonly dayMsat: Msat;
	/** By itself to one neighbour in a day. */
	readonly peerDayMsat: Msat;
	/** By itself in flight at once: sum and number. */
	readonly inFlightMsat: Msat;
	readonly locks: number;
	/** Locks of one neighbour at once. */
	readonly peerLocks: number;
	/** Confirmed with one tap up to this; above, with all details. */
	readonly tapMsat: Msat;
}

export const defaultLimits: SpendingLimits = {
	autoMsat: sats(25), // what a favour or a reply may reasonably cost
	minuteMsat: sats(100),
	dayMsat: sats(1_000),
	peerDayMsat: sats(250), // four neighbours may cheat in a day, not one four times
	inFlightMsat: sats(500),
	locks: 10, // a wallet's channels hold 22 to 50 locks at once
	peerLocks: 4,
	tapMsat: sats(10_000),
};

export const minute = 60_000;
export const day = 24 * 60 * minute;

/** Routing fee that a wallet may add at most, msat: counted as spent until the true fee is known. */
export const feeReserve = (amount: number): number => Math.max(10_000, Math.ceil(amount / 100));

export interface Asked {
	readonly msat: Msat;
	readonly purpose: PaymentRecord['purpose'];
	readonly hold: boolean;
	readonly peer?: PeerId;
}

export type Decision =
	{ readonly do: 'pay' } | { readonly do: 'ask'; readonly level: 'tap' | 'full' } | { readonly do: 'refuse' };

/** What one payment counts as. */
export const counted = ({ msat, feeMsat, state }: PaymentRecord): number =>
	state === 'failed' ? 0 : msat + (state === 'settled' ? feeMsat : feeReserve(msat));

/**
 * Whether a payment leaves by itself, waits for the person, or never leaves. Work for a gig is always asked about;
 * payments the person confirmed do not use up what leaves by itself.
 */
export function decide(
	limits: SpendingLimits,
	payments: Iterable<PaymentRecord>,
	asked: Asked,
	now: Millis,
): Decision {
	const mine = asked.msat + feeReserve(asked.msat);
	const sum = { minute: mine, day: mine, peer: mine, flight: mine, locks: 1, peerLocks: 1 };
	for (const payment of payments) {
		const amount = counted(payment);
		const isFlying = payment.state === 'started';
		if (isFlying) {
			sum.flight += amount;
			sum.locks += 1;
			if (payment.peer !== undefined && payment.peer === asked.peer) sum.peerLocks += 1;
		}
		if (!payment.auto) continue;
		// A clock set back must not make room: what lies ahead counts as now.
		if (isFlying || payment.at > now - minute) sum.minute += amount;
		if (isFlying || payment.at > now - day) {
			sum.day += amount;
			if (payment.peer !== undefined && payment.peer === asked.peer) sum.peer += amount;
		}
	}
	if (sum.locks > limits.locks) return { do: 'refuse' };
	if (asked.hold && asked.peer !== undefined && sum.peerLocks > limits.peerLocks) return { do: 'refuse' };
	const level = asked.msat <= limits.tapMsat && asked.purpose !== 'gig' ? 'tap' : 'full';
	const byItself =
		asked.purpose !== 'gig' &&
		asked.msat <= limits.autoMsat &&
		sum.minute <= limits.minuteMsat &&
		sum.day <= limits.dayMsat &&
		sum.peer <= limits.peerDayMsat &&
		sum.flight <= limits.inFlightMsat;
	return byItself ? { do: 'pay' } : { do: 'ask', level };
}
