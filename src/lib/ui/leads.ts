import type { Topic } from '#lib/core/brand.ts';
import { topicsMatch } from '#lib/gossip/topic.ts';
import type { LeadView } from '#lib/gossip/view.ts';

export const leadSorts = ['newest', 'ending', 'budget'] as const;
export type LeadSort = (typeof leadSorts)[number];

export interface LeadQuery {
	readonly words: string;
	readonly topic: Topic | undefined;
	readonly sort: LeadSort;
}

/** Leads of each shelf, searched and sorted. A lead fits when it holds every word, in any order. */
export function arrangeLeads(
	leads: readonly LeadView[],
	{ words, topic, sort }: LeadQuery,
): { open: readonly LeadView[]; ended: readonly LeadView[]; hidden: readonly LeadView[] } {
	const needles = words.toLowerCase().split(/\s+/).filter(Boolean);
	const fitting = leads
		.filter((lead) => topic === undefined || topicsMatch(lead.topic, topic))
		.filter((lead) => {
			const text = `${lead.topic} ${lead.message}`.toLowerCase();
			return needles.every((needle) => text.includes(needle));
		})
		.sort(comparators[sort]);
	return {
		open: fitting.filter(({ status }) => status === 'open' || status === 'offered'),
		ended: fitting.filter(({ status }) => status === 'cancelled' || status === 'expired'),
		hidden: fitting.filter(({ status }) => status === 'hidden'),
	};
}

const comparators: Readonly<Record<LeadSort, (a: LeadView, b: LeadView) => number>> = {
	newest: (a, b) => b.heardAt - a.heardAt,
	ending: (a, b) => a.expiresAt - b.expiresAt,
	// Amounts of different units cannot be compared; units are kept together.
	budget: (a, b) =>
		Number(b.budget !== undefined) - Number(a.budget !== undefined) ||
		(a.budget?.unit ?? '').localeCompare(b.budget?.unit ?? '') ||
		(b.budget?.amount ?? 0) - (a.budget?.amount ?? 0) ||
		b.heardAt - a.heardAt,
};
