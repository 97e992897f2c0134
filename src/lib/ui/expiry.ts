/** How long a job may be open; the longest is what a frame can say (7 days). */
export const expiries = {
	'15m': 900_000,
	'1h': 3_600_000,
	'4h': 14_400_000,
	'1d': 86_400_000,
	'3d': 259_200_000,
	'7d': 604_800_000,
} as const;
export type Expiry = keyof typeof expiries;
export const expiryNames = Object.keys(expiries) as Expiry[];

/** The offered span nearest to the one a job had, for posting it again. */
export const sameExpiry = (spanMs: number): number =>
	Object.values(expiries).find((ms) => ms >= spanMs) ?? expiries['7d'];
