import type { Msat } from '#lib/wallet/lightning/msat.ts';
import type { LightningView, SpendingPolicy } from './protocol.ts';

/** Whole sats in msat; not that of the wallet's room, which the first screen would have to load. */
const sats = (value: number) => (value * 1_000) as Msat;

/** The owner's rules until the owner says otherwise: small sums leave by themselves, nothing is asked of others. */
export const defaultPolicy: SpendingPolicy = {
	autoMsat: sats(25), // what a favour or a reply may reasonably cost
	minuteMsat: sats(100),
	dayMsat: sats(1_000),
	peerDayMsat: sats(250), // four neighbours may cheat in a day, not one four times
	inFlightMsat: sats(500),
	locks: 10, // a wallet's channels hold 22 to 50 locks at once
	tapMsat: sats(10_000),
	favourMsat: sats(0),
	replyMsat: sats(0),
	ownReplyMsat: sats(0),
	prefer: 'cheaper',
	secondMsat: sats(1),
};

/** Without a wallet. */
export const noLightning: LightningView = {
	state: 'none',
	stopped: false,
	sums: {
		lockedMsat: sats(0),
		pendingMsat: sats(0),
		promisedMsat: sats(0),
		earnedMsat: sats(0),
		spentMsat: sats(0),
		refundedMsat: sats(0),
		leftTodayMsat: defaultPolicy.dayMsat,
	},
	policy: defaultPolicy,
	confirmations: [],
	locks: [],
	receipts: [],
	earned: { msat: sats(0), replies: 0, favours: 0 },
};
