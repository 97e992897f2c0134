import type { Bytes, PeerId } from '#lib/core/brand.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import type { Core } from './core.ts';
import type { OverlayFrame } from '../frames.ts';
import type { RouteId } from './event.ts';
import { overlayLimits } from './limits.ts';
import type { Neighbour } from './neighbours.ts';
import type { Splices } from './splices.ts';
import { isCurrent, isSigned } from './ticket.ts';

type FrameOf<K extends OverlayFrame['kind']> = Extract<OverlayFrame, { kind: K }>;

/** Other nodes' walks: passes them on, or calls who sent them; and carries their signals. */
export class Guests {
	readonly #core: Core;
	readonly #splices: Splices;
	readonly #takes: TokenBucket;

	constructor(core: Core, splices: Splices) {
		this.#core = core;
		this.#splices = splices;
		const { takesPerMinute, takeBurst } = overlayLimits;
		this.#takes = new TokenBucket(takesPerMinute / 60, takeBurst, core.now);
	}

	walk(from: Neighbour, walk: FrameOf<'Walk'>, hidden: boolean): void {
		const { routes, ports, now, neighbours, bounds } = this.#core;
		if (!from.walks.take(now) || !isCurrent(walk, now)) return;
		const known = routes.get(walk.route, now);
		// A walk that comes back goes on from here: the loop is cut out of the way.
		if (known && known.joiner !== walk.joiner) return;
		const route = known ?? routes.add(walk.route, walk.joiner, from.peer, now);
		if (known?.partner !== undefined || (known && known.ahead === undefined)) return;

		const taken = neighbours.taken(now);
		const fits =
			walk.joiner !== ports.self &&
			!neighbours.knows(walk.joiner) &&
			taken < bounds.max &&
			neighbours.mayHave(from.root, bounds.max);
		const atEnd = walk.ttl <= overlayLimits.endTtl;
		const hasRoom = taken < (atEnd && !hidden ? bounds.max - 2 : bounds.target);
		if (fits && hasRoom && this.#takesUp(walk)) {
			this.#call(walk.route, walk.joiner, from);
			return;
		}
		if (fits && atEnd && !hidden) {
			const partner = neighbours.partner(walk.joiner, bounds.max, this.#splices.partners);
			if (partner !== undefined && this.#takesUp(walk)) {
				route.partner = partner;
				this.#splices.begin(walk.route, walk.joiner, partner);
				const { joiner, expires, offers, signature } = walk;
				this.#core.emit({
					kind: 'send',
					peer: partner,
					frame: { kind: 'Splice', route: walk.route, joiner, expires, offers, signature },
				});
				this.#call(walk.route, walk.joiner, from);
				return;
			}
		}
		if (walk.ttl === 0) return;
		const next = neighbours.another(from.peer, walk.joiner);
		if (next === undefined) return;
		route.ahead = next;
		this.#core.emit({ kind: 'send', peer: next, frame: { ...walk, ttl: walk.ttl - 1 } });
	}

	/** A full neighbour asks this node to call a joiner, too, and will let go of it in exchange. */
	splice(from: Neighbour, ask: FrameOf<'Splice'>, hidden: boolean): void {
		const { routes, ports, now, neighbours, bounds } = this.#core;
		if (!from.walks.take(now) || !isCurrent(ask, now) || routes.get(ask.route, now)) {
			this.#splices.refuse(ask.route, from.peer);
			return;
		}
		const fits =
			!hidden &&
			ask.joiner !== ports.self &&
			!neighbours.knows(ask.joiner) &&
			neighbours.taken(now) < bounds.max &&
			neighbours.mayHave(from.root, bounds.max);
		if (!fits || !this.#takesUp(ask)) {
			this.#splices.refuse(ask.route, from.peer);
			return;
		}
		routes.add(ask.route, ask.joiner, from.peer, now);
		this.#splices.join(ask.route, ask.joiner, from.peer);
		this.#call(ask.route, ask.joiner, from);
	}

	signal(from: Neighbour, frame: FrameOf<'Signal'>): void {
		const { routes, ports, now } = this.#core;
		if (!from.signals.take(now)) return;
		const next = routes.next(frame.route, from.peer, frame.toward, frame.to, now);
		if (next === undefined) return;
		if (next !== 'here') this.#core.emit({ kind: 'send', peer: next, frame });
		else if (frame.to === ports.self)
			this.#core.emit({ kind: 'signal', from: frame.from, route: frame.route, body: frame.body });
	}

	/** Starts a signal of this node's own on its way. */
	send(route: RouteId, to: PeerId, body: Bytes): void {
		const { routes, ports, now } = this.#core;
		const known = routes.get(route, now);
		if (!known) return;
		const toward = known.back === undefined ? 'end' : 'joiner';
		const next = routes.next(route, 'here', toward, to, now);
		if (next === undefined || next === 'here') return;
		this.#core.emit({
			kind: 'send',
			peer: next,
			frame: { kind: 'Signal', route, toward, from: ports.self, to, body },
		});
	}

	/** A connection and a signature check are spent only on signed tickets, and on so many a minute. */
	#takesUp(ticket: FrameOf<'Walk' | 'Splice'>): boolean {
		const { ports, now } = this.#core;
		return this.#takes.take(now) && isSigned(ports.network, ticket, ports.verify);
	}

	#call(route: RouteId, joiner: PeerId, from: Neighbour): void {
		const { neighbours, now } = this.#core;
		neighbours.expect(joiner, from.root, now);
		this.#core.emit({ kind: 'dial', peer: joiner, route });
	}
}
