import type { OfferView } from '#lib/gossip/view.ts';

export const offerSorts = ['received', 'price'] as const;
export type OfferSort = (typeof offerSorts)[number];

/** States in which nothing more can come of an offer. */
const over: ReadonlySet<OfferView['state']> = new Set(['rejected', 'declined', 'withdrawn']);

/** The chosen offer first, those that came to nothing last, the rest by arrival or by price. */
export function sortOffers(offers: readonly OfferView[], sort: OfferSort): readonly OfferView[] {
	const rank = ({ state }: OfferView) =>
		state === 'chosen' || state === 'done' ? 0 : over.has(state) ? 2 : 1;
	const unit = ({ price }: OfferView) => price?.unit ?? '';
	const byArrival = (a: OfferView, b: OfferView) => a.receivedAt - b.receivedAt;
	// Amounts of different units cannot be compared; units are kept together, no price comes last.
	const byPrice = (a: OfferView, b: OfferView) =>
		Number(a.price === undefined) - Number(b.price === undefined) ||
		unit(a).localeCompare(unit(b)) ||
		(a.price?.amount ?? 0) - (b.price?.amount ?? 0);
	return [...offers].sort(
		(a, b) => rank(a) - rank(b) || (sort === 'price' ? byPrice(a, b) : 0) || byArrival(a, b),
	);
}
