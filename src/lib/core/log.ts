import type { Millis } from './brand.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogEntry {
	readonly at: Millis;
	readonly level: LogLevel;
	/** The room and part that speaks, such as `webrtc/link`. */
	readonly part: string;
	readonly text: string;
}

/** Where a part reports what a person debugging a connection would want to read. Never secrets. */
export type Log = (level: LogLevel, part: string, text: string) => void;

/** A bounded memory of log lines; the oldest fall out. */
export function createLogRing(
	now: () => Millis,
	capacity = 500,
): { readonly log: Log; readonly entries: () => readonly LogEntry[] } {
	const ring: LogEntry[] = [];
	return {
		log(level, part, text) {
			ring.push({ at: now(), level, part, text });
			if (ring.length > capacity) ring.shift();
		},
		entries: () => ring,
	};
}
