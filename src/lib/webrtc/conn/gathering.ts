import type { Clock } from '#lib/core/clock.ts';
import { connLimits } from './limits.ts';

export interface Gathering {
	/** Something was gathered, or everything was. */
	news(complete: boolean): void;
	cancel(): void;
}

/**
 * Says once when a description may leave, for there is no trickle: when all addresses are known; after a while with
 * those there are; and on a machine too busy to have found even its own, with the first.
 *
 * @param hasCandidate whether there is any yet.
 */
export function watchGathering(clock: Clock, hasCandidate: () => boolean, done: () => void): Gathering {
	const { gatherMs, firstCandidateMs } = connLimits;
	let isLate = false;
	let isOver = false;
	let cancelTimer = clock.after(gatherMs, () => {
		isLate = true;
		if (hasCandidate()) finish();
		else cancelTimer = clock.after(firstCandidateMs - gatherMs, finish);
	});

	function cancel(): void {
		isOver = true;
		cancelTimer();
	}

	function finish(): void {
		if (isOver) return;
		cancel();
		done();
	}

	return {
		news(complete) {
			if (complete || (isLate && hasCandidate())) finish();
		},
		cancel,
	};
}

/** Whether an SDP names an address. */
export const namesCandidate = (sdp: string | undefined): boolean => sdp?.includes('\na=candidate:') ?? false;
