import type { Clock } from '#lib/core/clock.ts';

/** The real clock of a tab, a Worker or Node. Worker timers are not throttled when the tab is hidden. */
export const systemClock: Clock = {
	now: () => Date.now(),
	after(ms, run) {
		// setTimeout takes 31 bits; a longer wait comes back early and its owner asks again.
		const timer = setTimeout(run, Math.min(ms, 0x7fff_ffff));
		return () => clearTimeout(timer);
	},
};
