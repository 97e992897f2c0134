import type { Money } from '#lib/gossip/view.ts';

/**
 * Money as typed: whole amount and a unit of 1..8 letters (what a frame can carry).
 * `undefined` when no amount was given, `'bad'` when it cannot be sent.
 */
export function moneyFromInput(amount: string, unit: string): Money | 'bad' | undefined {
	const digits = amount.trim();
	if (digits === '') return undefined;
	const letters = unit.trim();
	const value = Number(digits);
	if (!/^\d{1,15}$/.test(digits) || value === 0 || !/^[A-Za-z]{1,8}$/.test(letters)) return 'bad';
	return { amount: value, unit: letters };
}
