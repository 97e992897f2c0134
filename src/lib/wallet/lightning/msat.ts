import type { Brand } from '#lib/core/brand.ts';

/** Millisatoshi: a whole number from 0 to 2^53-1. All of bitcoin is 2.1e18 msat; nothing here handles that much. */
export type Msat = Brand<number, 'Msat'>;

/** Checks an amount once, at the border; undefined when it is no whole, safe, non-negative number. */
export const parseMsat = (value: unknown): Msat | undefined =>
	typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? (value as Msat) : undefined;

/** An amount this program made; throws on a programming error. */
export function msat(value: number): Msat {
	const parsed = parseMsat(value);
	if (parsed === undefined) throw new Error(`not an amount: ${value}`);
	return parsed;
}

/** Whole sats in msat. */
export const sats = (value: number): Msat => msat(value * 1_000);
