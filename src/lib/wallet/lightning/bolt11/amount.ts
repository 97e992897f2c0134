import { parseMsat, type Msat } from '../msat.ts';

/** Picobitcoin of one unit of each multiplier; 1 msat is 10 of them. */
const units = { '': 1_000_000_000_000n, m: 1_000_000_000n, u: 1_000_000n, n: 1_000n, p: 1n } as const;

/** BOLT 11 amount such as `2500u`; undefined when it is none, is zero, or is no whole msat. */
export function parseAmount(digits: string, multiplier: string): Msat | undefined {
	// 21 million bitcoin are 20 digits of pico: longer is no amount, whatever its unit.
	if (!/^[1-9][0-9]{0,19}$/.test(digits) || !(multiplier in units)) return undefined;
	const pico = BigInt(digits) * units[multiplier as keyof typeof units];
	return pico % 10n === 0n ? parseMsat(Number(pico / 10n)) : undefined;
}

/** The shortest way to write an amount, as BOLT 11 asks of a writer. */
export function formatAmount(msat: Msat): string {
	const pico = BigInt(msat) * 10n;
	for (const [multiplier, unit] of Object.entries(units))
		if (pico % unit === 0n) return `${pico / unit}${multiplier}`;
	throw new Error('unreachable: every amount is whole in pico');
}
