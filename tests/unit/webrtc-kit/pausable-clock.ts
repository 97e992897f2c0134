import type { Clock } from '#lib/core/clock.ts';

export interface PausableClock extends Clock {
	/** From now on nothing runs, as in a frozen tab; time goes on. */
	pause(): void;
	/** What came due meanwhile runs now. */
	resume(): void;
}

export function pausableClock(clock: Clock): PausableClock {
	let held: (() => void)[] | undefined;
	return {
		now: () => clock.now(),
		after(ms, run) {
			let cancelled = false;
			const fire = () => {
				if (cancelled) return;
				if (held) held.push(fire);
				else run();
			};
			const cancel = clock.after(ms, fire);
			return () => {
				cancelled = true;
				cancel();
			};
		},
		pause() {
			held ??= [];
		},
		resume() {
			const due = held ?? [];
			held = undefined;
			for (const run of due) run();
		},
	};
}
