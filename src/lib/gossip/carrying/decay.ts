import type { Millis } from '#lib/core/brand.ts';

/**
 * Share left after `elapsed`: exact at every half-life, straight lines between. Only + and /, so that every
 * engine computes the same bits (exponentials are not guaranteed to be equal between them).
 */
export function decay(elapsed: Millis, halfLife: Millis): number {
	if (elapsed <= 0) return 1;
	const halvings = Math.floor(elapsed / halfLife);
	if (halvings > 60) return 0;
	const within = (elapsed - halvings * halfLife) / halfLife;
	return (1 - within / 2) / 2 ** halvings;
}

/** `value` on its way to `rest`. */
export const driftTo = (rest: number, value: number, elapsed: Millis, halfLife: Millis): number =>
	rest + (value - rest) * decay(elapsed, halfLife);
