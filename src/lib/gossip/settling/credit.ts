import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { PeerId } from '#lib/core/brand.ts';
import type { Carriage } from './carriage.ts';

/** What a neighbour may owe for replies carried on trust, msat. */
export const startCredit = 20_000; // a few replies; what a stranger may cheat me of
export const mostCredit = 200_000;
const remembered = 512;

/** What a neighbour owes on trust now, msat. */
export const owedOnTrust = (carriages: readonly Carriage[], peer: PeerId): number =>
	carriages
		.map(({ incoming }) => incoming)
		.filter((incoming) => incoming?.peer === peer)
		.filter((incoming) => incoming && ['promised', 'billing', 'billed'].includes(incoming.state))
		.reduce((sum, incoming) => sum + (incoming?.msat ?? 0), 0);

/** How far each neighbour is trusted to pay its bills: it grows as they are paid, and ends with the first that is not. */
export class TollCredit {
	readonly #limits = new BoundedMap<PeerId, number>(remembered);

	limit(peer: PeerId): number {
		return this.#limits.get(peer) ?? startCredit;
	}

	/** As the carriages on disk, oldest first, have taught: a reload forgives nobody. */
	restore(carriages: Iterable<Carriage>): void {
		const byTime = [...carriages].sort((a, b) => a.at - b.at);
		for (const { incoming } of byTime) {
			if (incoming?.kind === 'iou' && incoming.state === 'paid') this.paid(incoming.peer);
			if (incoming?.state === 'defaulted') this.defaulted(incoming.peer);
		}
	}

	paid(peer: PeerId): void {
		if (this.limit(peer) > 0) this.#limits.set(peer, Math.min(mostCredit, this.limit(peer) + startCredit));
	}

	defaulted(peer: PeerId): void {
		this.#limits.set(peer, 0);
	}
}
