import type { PeerId } from '#lib/core/brand.ts';
import { randomInt } from '#lib/core/random.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import { between, type Core } from './core.ts';
import type { OverlayFrame } from '../frames.ts';
import { Greeters } from './greeters.ts';
import { overlayLimits } from './limits.ts';

/** What this node tells its neighbours about itself, and whom of those who join it greets. */
export class Surroundings {
	readonly #core: Core;
	readonly #greeters: Greeters;
	readonly #welcomes: TokenBucket;
	readonly #since: number;
	#attending: boolean | undefined;
	#due = Infinity;
	#cancel = () => {};

	constructor(core: Core) {
		this.#core = core;
		this.#since = core.now;
		this.#greeters = new Greeters(core.ports.self, core.now);
		const { welcomesPerMinute } = overlayLimits;
		this.#welcomes = new TokenBucket(welcomesPerMinute / 60, welcomesPerMinute / 8, core.now);
	}

	/** A neighbour told of its surroundings. */
	heard(peer: PeerId, frame: Extract<OverlayFrame, { kind: 'Around' }>): void {
		const { neighbours, now, ports } = this.#core;
		const neighbour = neighbours.get(peer);
		if (!neighbour) return;
		neighbour.around = frame.neighbours.filter((id) => id !== ports.self);
		neighbour.degree = frame.neighbours.length;
		const candidates = frame.greeters.flatMap((id, index) => {
			const age = frame.ages[index];
			return age === undefined ? [] : [{ id, age }];
		});
		if (this.#greeters.merge(candidates, now)) this.tellWithin(overlayLimits.aroundAgainMs);
	}

	/** Tells every neighbour within `ms`. */
	tellWithin(ms: number): void {
		const { agenda, now } = this.#core;
		if (this.#due <= now + ms) return;
		this.#cancel();
		this.#due = now + ms;
		this.#cancel = agenda.at(this.#due, () => this.#tellAll());
	}

	tell(peer: PeerId): void {
		const { neighbours, now } = this.#core;
		const list = this.#greeters.list(now);
		this.#core.emit({
			kind: 'send',
			peer,
			frame: {
				kind: 'Around',
				neighbours: neighbours.all().map((each) => each.peer),
				greeters: list.map(({ id }) => id),
				ages: list.map(({ age }) => age),
			},
		});
	}

	lost(peer: PeerId): void {
		this.#greeters.forget(peer);
		this.tellWithin(overlayLimits.aroundAgainMs);
	}

	/** Listens to joins while it needs links itself, or was elected to greet. */
	attend(visible: boolean): void {
		const { neighbours, bounds } = this.#core;
		const on = neighbours.size < bounds.min || this.#elected(visible);
		if (on === this.#attending) return;
		this.#attending = on;
		if (on) this.#greeters.listen(this.#core.now);
		this.#core.emit({ kind: 'attend', on });
	}

	/**
	 * Somebody wants neighbours. `seeking`: this node has none itself and has only just asked, so it answers late,
	 * and only if nobody has helped it by then.
	 */
	asked(id: PeerId, attempt: number, visible: boolean, lonely: () => boolean): void {
		const { now, neighbours, ports, bounds, slack } = this.#core;
		this.#greeters.heardAsking(id, now);
		if (neighbours.knows(id) || (!visible && neighbours.size > 0)) return;
		if (lonely()) {
			this.#welcomeWithin(id, overlayLimits.aloneMs, lonely);
			return;
		}
		if (neighbours.size >= bounds.min && !this.#elected(visible)) return;
		const share = this.#greeters.share(id, attempt, now, slack);
		if (randomInt(ports.random, 1_000_000) >= share * 1_000_000) return;
		this.#welcomeWithin(id, [0, overlayLimits.welcomeSpreadMs], () => true);
	}

	stop(): void {
		this.#cancel();
		this.#due = Infinity;
	}

	#elected(visible: boolean): boolean {
		const { neighbours, bounds, now } = this.#core;
		const settled = now - this.#since >= overlayLimits.candidateMs || this.#greeters.scarce;
		const standing = visible && neighbours.size >= bounds.min && settled;
		if (!standing) this.#greeters.stand(false, now);
		return this.#greeters.elected(standing, now);
	}

	#tellAll(): void {
		this.#due = Infinity;
		for (const { peer } of this.#core.neighbours.all()) this.tell(peer);
		if (this.#core.neighbours.size > 0) this.tellWithin(overlayLimits.aroundMs);
	}

	#welcomeWithin(id: PeerId, span: readonly [number, number], still: () => boolean): void {
		const { agenda, ports } = this.#core;
		const due = this.#core.now + between(ports.random, span);
		agenda.at(due, () => {
			const { neighbours, now } = this.#core;
			if (now - due > overlayLimits.lateWelcomeMs) return;
			if (neighbours.knows(id) || !still() || !this.#welcomes.take(now)) return;
			this.#core.emit({ kind: 'welcome', to: id, degree: neighbours.size });
		});
	}
}
