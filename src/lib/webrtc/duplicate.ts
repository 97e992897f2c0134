import { linkLimits } from './limits.ts';
import type { Session } from './link/session.ts';

/**
 * Which of two sessions between the same two keys stays; both sides come to the same answer. Two calls that
 * crossed: the lower key's. Otherwise the newer: its caller has lost the older one, or would not have called.
 */
export function survivor(existing: Session, fresh: Session): Session {
	const crossed =
		existing.terms.role !== fresh.terms.role && fresh.since - existing.since < linkLimits.attemptMs;
	if (!crossed) return fresh;
	const lowerCalls = (session: Session) =>
		session.terms.self.id < session.peer === (session.terms.role === 'caller');
	return lowerCalls(existing) ? existing : fresh;
}
