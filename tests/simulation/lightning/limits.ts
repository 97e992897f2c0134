import { sats } from '#lib/wallet/lightning/msat.ts';
import { defaultLimits, type SpendingLimits } from '#lib/wallet/lightning/policy.ts';

/** Room for two replies with the fees they may cost, not for three. */
export const limits: SpendingLimits = {
	...defaultLimits,
	autoMsat: sats(20),
	minuteMsat: sats(50),
	dayMsat: sats(50),
	inFlightMsat: sats(50),
};
