import type { Clock } from '#lib/core/clock.ts';

/** The machine's clock, for tests over real connections. */
export const realClock: Clock = {
	now: () => Date.now(),
	after(ms, run) {
		const timer = setTimeout(run, ms);
		return () => clearTimeout(timer);
	},
};
