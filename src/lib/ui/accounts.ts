import { checksummed, type Address } from '#lib/channel/address.ts';

/** First and last digits of an account, in the mixed case by which people compare them. */
export function shortAccount(address: Address): string {
	const full = checksummed(address);
	return `${full.slice(0, 6)}…${full.slice(-4)}`;
}
