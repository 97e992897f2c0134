import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { PeerId } from '#lib/core/brand.ts';
import { ContactBook, type Candidate } from './contact-book.ts';
import type { Core } from './core.ts';
import { Joins, type Need } from './joins.ts';
import { overlayLimits } from './limits.ts';

/** Calls at once: leaves one of the browser's four (conn/budget.ts) for who calls us. */
const dialsAtOnce = 3;
/** Wait after the browser's budget for connections was used up, ms. */
const budgetMs = 1_000;

/** Neighbours by way of the rendezvous: the first ones, and those that walks cannot bring. */
export class Contacts {
	readonly #core: Core;
	readonly #walksFail: () => boolean;
	readonly #book = new ContactBook();
	readonly #joins: Joins;
	readonly #dialling = new Set<PeerId>();
	/** Where those called last were heard: the next are sought elsewhere, that no relay alone brings them all. */
	readonly #vias = new BoundedMap<PeerId, string>(16);
	#cancelSettle: (() => void) | undefined;
	#holdUntil = 0;

	constructor(core: Core, walksFail: () => boolean) {
		this.#core = core;
		this.#walksFail = walksFail;
		this.#joins = new Joins(core);
	}

	/** Without links, without anybody to call, and asked only once: a newcomer among newcomers. */
	get lonely(): boolean {
		const { neighbours, now } = this.#core;
		return neighbours.taken(now) === 0 && this.#joins.asked < 2 && this.#book.candidates(now).length === 0;
	}

	/** Somebody has room. */
	heard(candidate: Candidate): void {
		const { neighbours, now, agenda, walking } = this.#core;
		if (neighbours.knows(candidate.peer)) return;
		this.#book.add(candidate, now);
		// The first is called at once, or soon where every link comes this way; others are chosen among.
		if (walking && neighbours.taken(now) === 0) return;
		this.#hold(agenda, walking ? overlayLimits.settleMs : 250);
	}

	linked(peer: PeerId): void {
		this.#dialling.delete(peer);
		this.#book.remove(peer);
		this.#book.remember(peer);
	}

	failed(
		peer: PeerId,
		reason: 'refused' | 'unreachable' | 'no-answer' | 'busy' | 'budget' | 'no-relay',
	): void {
		const { now, neighbours, agenda } = this.#core;
		const ours = this.#dialling.delete(peer);
		if (!ours) return;
		if (reason === 'budget' || reason === 'busy') {
			// Last of all: whoever else has room is tried before.
			this.#book.add({ peer, degree: Infinity, via: this.#vias.get(peer) ?? '' }, now);
			this.#hold(agenda, budgetMs);
			return;
		}
		// Who has no other link tries even an unlikely peer again.
		if (reason === 'refused' || neighbours.size > 0) this.#book.avoid(peer, now);
		if (reason === 'no-answer') this.#book.forget(peer);
	}

	avoid(peer: PeerId): void {
		this.#book.avoid(peer, this.#core.now);
	}

	/** After a sleep: former neighbours first. */
	recall(): void {
		this.#book.recall(this.#core.now);
		this.#joins.reset();
	}

	sleep(): void {
		this.#joins.reset();
		this.#dialling.clear();
		this.#cancelSettle?.();
		this.#cancelSettle = undefined;
		this.#holdUntil = 0;
	}

	review(): void {
		const need = this.#need();
		this.#joins.update(need);
		const { now, neighbours, slack } = this.#core;
		if (now < this.#holdUntil) return;
		let missing = Math.min(
			this.#wanted(need) - neighbours.hoped(now, slack),
			dialsAtOnce - this.#dialling.size,
		);
		if (need === 'independent' && neighbours.taken(now) < this.#core.bounds.max)
			missing = 1 - this.#dialling.size;
		const order = this.#book
			.candidates(now)
			.filter(({ peer }) => !neighbours.knows(peer))
			.sort((a, b) => a.degree - b.degree);
		for (; missing > 0; missing--) {
			const used = new Set(
				[...this.#vias.keys()].filter((id) => neighbours.knows(id)).map((id) => this.#vias.get(id)),
			);
			const fresh = order.findIndex(({ via }) => !used.has(via));
			const [chosen] = order.splice(Math.max(0, fresh), 1);
			if (!chosen) return;
			const { peer, via } = chosen;
			this.#book.remove(peer);
			this.#dialling.add(peer);
			this.#vias.set(peer, via);
			neighbours.expect(peer, peer, now);
			this.#core.emit({ kind: 'dial', peer });
		}
	}

	#need(): Need {
		const { neighbours, bounds, walking } = this.#core;
		const { size } = neighbours;
		if (size === 0) return 'urgent';
		if (!walking) return size < bounds.min ? 'urgent' : size < bounds.target ? 'some' : 'none';
		if (size < bounds.min && this.#walksFail()) return 'urgent';
		return neighbours.oneSided ? 'independent' : 'none';
	}

	/** Links that contacts should bring; the rest is the walks' business, where there are any. */
	#wanted(need: Need): number {
		const { bounds, walking } = this.#core;
		if (!walking) return bounds.target;
		return need === 'urgent' && this.#walksFail() ? bounds.min : overlayLimits.contacts;
	}

	#hold(agenda: Core['agenda'], ms: number): void {
		const until = this.#core.now + ms;
		if (this.#cancelSettle && until <= this.#holdUntil) return;
		this.#cancelSettle?.();
		this.#holdUntil = until;
		this.#cancelSettle = agenda.at(this.#holdUntil, () => {
			this.#cancelSettle = undefined;
			this.#core.review();
		});
	}
}
