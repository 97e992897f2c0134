import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { Millis, PeerId } from '#lib/core/brand.ts';
import type { RouteId } from './event.ts';
import { overlayLimits } from './limits.ts';

/** A way that a walk laid, as one node on it knows it. */
export interface Route {
	readonly joiner: PeerId;
	/** The neighbour towards the joiner; undefined at the joiner itself. */
	readonly back: PeerId | undefined;
	/** The neighbour towards the end; undefined at the end. */
	ahead: PeerId | undefined;
	/** At the end of a full walk: the neighbour that was asked to call the joiner, too. */
	partner: PeerId | undefined;
	until: Millis;
}

/** Soft state: each use keeps a way alive, silence ends it; the oldest gives way to the newest. */
export class Routes {
	readonly #routes = new BoundedMap<RouteId, Route>(overlayLimits.routes);

	get size(): number {
		return this.#routes.size;
	}

	add(id: RouteId, joiner: PeerId, back: PeerId | undefined, now: Millis): Route {
		const route = { joiner, back, ahead: undefined, partner: undefined, until: now + overlayLimits.routeMs };
		this.#routes.set(id, route);
		return route;
	}

	get(id: RouteId, now: Millis): Route | undefined {
		const route = this.#routes.get(id);
		if (!route || route.until > now) return route;
		this.#routes.delete(id);
		return undefined;
	}

	/** The neighbour a signal goes to next, if it came from a side it may come from; `here` when it has arrived. */
	next(
		id: RouteId,
		from: PeerId | 'here',
		toward: 'joiner' | 'end',
		to: PeerId,
		now: Millis,
	): PeerId | 'here' | undefined {
		const route = this.get(id, now);
		if (!route) return undefined;
		if (toward === 'joiner') {
			const comesFromEnd =
				from === 'here' ? route.back !== undefined : from === route.ahead || from === route.partner;
			if (!comesFromEnd || to !== route.joiner) return undefined;
			route.until = now + overlayLimits.routeMs;
			return route.back ?? 'here';
		}
		const comesFromJoiner = from === 'here' ? route.back === undefined : from === route.back;
		if (!comesFromJoiner) return undefined;
		route.until = now + overlayLimits.routeMs;
		if (route.ahead) return route.ahead;
		return to === route.partner ? route.partner : 'here';
	}
}
