import type { Clock } from '#lib/core/clock.ts';

export interface VirtualClock extends Clock {
	/** Runs everything due within `ms`, in order of time then of creation, and lets promises settle in between. */
	advance(ms: number): Promise<void>;
}

/** Time that moves only when told to. */
export function virtualClock(start = 1_800_000_000_000): VirtualClock {
	let now = start;
	let order = 0;
	const timers = new Map<number, { at: number; run: () => void }>();
	const settle = async () => {
		for (let i = 0; i < 10; i++) await Promise.resolve();
	};
	const next = () => [...timers.entries()].sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
	return {
		now: () => now,
		after(ms, run) {
			const id = order++;
			timers.set(id, { at: now + Math.max(0, ms), run });
			return () => timers.delete(id);
		},
		async advance(ms) {
			const end = now + ms;
			await settle();
			for (let due = next(); due && due[1].at <= end; due = next()) {
				timers.delete(due[0]);
				now = due[1].at;
				due[1].run();
				await settle();
			}
			now = end;
		},
	};
}
