import { jittered, type Core } from './core.ts';
import { overlayLimits } from './limits.ts';

/** How badly a node needs the rendezvous. */
export type Need = 'none' | 'independent' | 'some' | 'urgent';

const pace = {
	/** Again after this, then ever more slowly, ms. */
	urgent: { first: 1_000, most: 30_000 },
	some: { first: 30_000, most: 30_000 },
	/** All links go back to one introduction: one more contact, now and then. */
	independent: { first: overlayLimits.diversityMs, most: overlayLimits.mostDiversityMs },
} as const;

const factor = 1.7;

/** Asks the rendezvous for neighbours, at once when there are none, and with growing pauses until there are. */
export class Joins {
	readonly #core: Core;
	#need: Need = 'none';
	#attempt = 0;
	#wait = 0;
	#cancel: (() => void) | undefined;

	constructor(core: Core) {
		this.#core = core;
	}

	/** JOINs sent for the present need. */
	get asked(): number {
		return this.#attempt;
	}

	update(need: Need): void {
		if (need === this.#need && (this.#cancel || need === 'none')) return;
		const before = this.#need;
		this.#need = need;
		this.#cancel?.();
		this.#cancel = undefined;
		if (need === 'none') {
			this.#attempt = 0;
			return;
		}
		if (need !== before) this.#wait = pace[need].first;
		// Who has nobody asks at once; for a second contact and more the first JOIN usually suffices.
		this.#schedule(need === 'urgent' && this.#attempt === 0 ? 0 : this.#next(need));
	}

	/** The next need is answered at once. */
	reset(): void {
		this.#cancel?.();
		this.#cancel = undefined;
		this.#need = 'none';
		this.#attempt = 0;
	}

	#next(need: Exclude<Need, 'none'>): number {
		const wait = jittered(this.#core.ports.random, this.#core.slack * this.#wait);
		this.#wait = Math.min(pace[need].most, this.#wait * factor);
		return wait;
	}

	#schedule(wait: number): void {
		const { agenda, now } = this.#core;
		this.#cancel = agenda.at(now + wait, () => {
			this.#cancel = undefined;
			const { neighbours } = this.#core;
			// Somebody is being called already: that may be enough.
			if (neighbours.size > 0 || neighbours.hoped(this.#core.now, this.#core.slack) === 0) {
				this.#core.emit({ kind: 'join', degree: neighbours.size, attempt: this.#attempt });
				this.#attempt += 1;
				if (this.#need !== 'none') this.#schedule(this.#next(this.#need));
			} else this.#schedule(pace.urgent.first);
			this.#core.review();
		});
	}
}
