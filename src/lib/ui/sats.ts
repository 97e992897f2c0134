import type { Msat } from '#lib/wallet/lightning/msat.ts';
import { msat } from '#lib/wallet/lightning/msat.ts';
import { tWallet } from './i18n/wallet.ts';

const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

/** "12 sats", "1 sat", "0.5 sats": what a person is shown for an amount in msat. */
export const sats = (amount: Msat): string =>
	tWallet('wallet.sats', { count: amount / 1_000, amount: tenths.format(amount / 1_000) });

/** The bare number of sats, for a field. */
export const satsInput = (amount: Msat): string => String(amount / 1_000);

/** More than anybody should type here: one bitcoin. */
export const mostSats = 100_000_000;

/** Reads what a person typed: sats with up to three places; `undefined` when it is no such amount. */
export function satsFromInput(text: string): Msat | undefined {
	const digits = text.trim().replace(',', '.');
	if (!/^\d{1,9}(\.\d{1,3})?$/.test(digits)) return undefined;
	const value = Math.round(Number(digits) * 1_000);
	return value <= mostSats * 1_000 ? msat(value) : undefined;
}
