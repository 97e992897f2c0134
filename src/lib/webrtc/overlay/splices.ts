import type { PeerId } from '#lib/core/brand.ts';
import type { Core } from './core.ts';
import type { RouteId } from './event.ts';
import { overlayLimits } from './limits.ts';

interface Splice {
	readonly joiner: PeerId;
	readonly partner: PeerId;
	own: 'dialling' | 'open';
	other: 'dialling' | 'open';
}

interface Request {
	readonly route: RouteId;
	readonly joiner: PeerId;
	readonly asker: PeerId;
}

/**
 * Full nodes admit a joiner J by giving up an edge E-F for E-J and F-J: nobody's degree grows. Make before break:
 * E lets go of F only once both new links are open; if either fails, E-F stays.
 */
export class Splices {
	readonly #core: Core;
	/** Splices of this node as E. */
	readonly #own = new Map<RouteId, Splice>();
	/** Splices this node was asked into, as F. */
	readonly #asked = new Map<PeerId, Request>();

	constructor(core: Core) {
		this.#core = core;
	}

	/** Neighbours that may be about to go, or are needed for a splice. */
	get partners(): ReadonlySet<PeerId> {
		return new Set([
			...[...this.#own.values()].flatMap(({ partner, joiner }) => [partner, joiner]),
			...[...this.#asked.values()].map(({ asker }) => asker),
		]);
	}

	begin(route: RouteId, joiner: PeerId, partner: PeerId): void {
		this.#own.set(route, { joiner, partner, own: 'dialling', other: 'dialling' });
		this.#core.agenda.at(this.#core.now + overlayLimits.spliceMs, () => this.#own.delete(route));
	}

	/** This node calls `joiner` because `asker` wants to splice. */
	join(route: RouteId, joiner: PeerId, asker: PeerId): void {
		this.#asked.set(joiner, { route, joiner, asker });
		this.#core.agenda.at(this.#core.now + overlayLimits.spliceMs, () => {
			if (this.#asked.get(joiner)?.route === route) this.#asked.delete(joiner);
		});
	}

	/** The partner says whether its link to the joiner is open. */
	answered(route: RouteId, partner: PeerId, open: boolean): void {
		const splice = this.#own.get(route);
		if (splice?.partner !== partner) return;
		if (open) splice.other = 'open';
		else this.#own.delete(route);
		this.#finish(route);
	}

	/** A link opened, or an attempt at one failed. */
	settled(peer: PeerId, open: boolean): void {
		const request = this.#asked.get(peer);
		if (request) {
			this.#asked.delete(peer);
			this.refuse(request.route, request.asker, open);
		}
		for (const [route, splice] of [...this.#own]) {
			if (splice.joiner !== peer) continue;
			if (open) splice.own = 'open';
			else this.#own.delete(route);
			this.#finish(route);
		}
	}

	/** Tells who asked for a splice how it went. */
	refuse(route: RouteId, asker: PeerId, open = false): void {
		if (!this.#core.neighbours.get(asker)) return;
		this.#core.emit({
			kind: 'send',
			peer: asker,
			frame: { kind: 'Spliced', route, result: open ? 'open' : 'failed' },
		});
	}

	/** A neighbour is gone: what was to be spliced with it is over. */
	lost(peer: PeerId): void {
		for (const [route, { joiner, partner }] of [...this.#own])
			if (joiner === peer || partner === peer) this.#own.delete(route);
	}

	reset(): void {
		this.#own.clear();
		this.#asked.clear();
	}

	#finish(route: RouteId): void {
		const splice = this.#own.get(route);
		if (splice?.own !== 'open' || splice.other !== 'open') return;
		this.#own.delete(route);
		const { neighbours } = this.#core;
		if (!neighbours.get(splice.joiner) || !neighbours.remove(splice.partner)) return;
		this.#core.emit({ kind: 'close', peer: splice.partner, code: 'spliced', detail: '' });
	}
}
