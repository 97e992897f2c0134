import type { ActivityView } from '#lib/gossip/view.ts';

export interface ActivityGroup {
	readonly msgId: ActivityView['msgId'];
	readonly excerpt: string;
	readonly unread: number;
	/** Newest first. */
	readonly entries: readonly ActivityView[];
}

/** The notification centre by job, the job with the latest news first. */
export function groupActivity(activity: readonly ActivityView[]): readonly ActivityGroup[] {
	const byJob = Map.groupBy(
		[...activity].sort((a, b) => b.at - a.at),
		(entry) => entry.msgId,
	);
	return [...byJob].map(([msgId, entries]) => ({
		msgId,
		excerpt: entries.findLast((entry) => entry.kind !== 'chat')?.excerpt ?? entries[0]?.excerpt ?? '',
		unread: entries.filter((entry) => !entry.read).length,
		entries,
	}));
}

/** What happened to one job, oldest first. */
export const activityOf = (
	activity: readonly ActivityView[],
	msgId: ActivityView['msgId'],
): readonly ActivityView[] => activity.filter((entry) => entry.msgId === msgId).sort((a, b) => a.at - b.at);
