import type { Clock } from '#lib/core/clock.ts';
import type { Slices } from './protocol.ts';

/** Least time between two sendings of a slice, ms: jobs follow the eye, counters need not. */
const intervals: { readonly [K in keyof Slices]: number } = {
	jobs: 50,
	leads: 100,
	offers: 50,
	activity: 100,
	settings: 0,
	lightning: 100,
	keys: 0,
	network: 400,
	memes: 50,
	studio: 100,
};

/** Collects stale slice names and sends each slice's current value once per its interval. */
export function createPublisher(
	clock: Clock,
	send: (name: keyof Slices) => void,
): { stale(...names: readonly (keyof Slices)[]): void; stop(): void } {
	const waiting = new Map<keyof Slices, () => void>();
	return {
		stale(...names) {
			for (const name of names) {
				if (waiting.has(name)) continue;
				const cancel = clock.after(intervals[name], () => {
					waiting.delete(name);
					send(name);
				});
				waiting.set(name, cancel);
			}
		},
		stop() {
			for (const cancel of waiting.values()) cancel();
			waiting.clear();
		},
	};
}

export const everySlice: readonly (keyof Slices)[] = [
	'jobs',
	'leads',
	'offers',
	'activity',
	'settings',
	'lightning',
	'keys',
	'network',
	'memes',
	'studio',
];
