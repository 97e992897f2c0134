import type { PeerId } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import { between, jittered, type Core } from './core.ts';
import type { RouteId } from './event.ts';
import { overlayLimits } from './limits.ts';
import type { Root } from './neighbours.ts';
import { signTicket, type Ticket } from './ticket.ts';

interface OpenWalk {
	readonly hop: PeerId;
	readonly root: Root;
	offers: number;
}

/** This node's own walks: as many as links are missing, again after a pause when they bring nothing. */
export class Walks {
	readonly #core: Core;
	readonly #open = new Map<RouteId, OpenWalk>();
	readonly #rate: TokenBucket;
	#ticket: Ticket | undefined;
	#ticketOffers = 0;
	#wait: number = overlayLimits.retryMs;
	#pausedUntil = 0;
	#failures = 0;
	/** Neighbours whose walks brought nothing: maybe gone and not yet missed. */
	readonly #suspects = new Set<PeerId>();

	constructor(core: Core, walksPerMinute: number) {
		this.#core = core;
		this.#rate = new TokenBucket(walksPerMinute / 60, Math.max(4, walksPerMinute / 4), core.now);
	}

	/** The last walks brought nothing. */
	get failing(): boolean {
		return this.#failures > 0;
	}

	/** Starts walks for the links that nothing else is about to bring. */
	seek(): void {
		const { now, neighbours, bounds, walking } = this.#core;
		if (!walking || neighbours.size === 0 || now < this.#pausedUntil) return;
		const waiting = [...this.#open.values()].filter(({ offers }) => offers === 0).length;
		let missing = bounds.target - neighbours.hoped(now, this.#core.slack) - waiting;
		while (missing-- > 0 && this.#open.size < overlayLimits.openWalks && this.#rate.take(now)) this.#start();
	}

	/** Whether an offer that came along this way is one this node asked for; counts it. */
	takes(route: RouteId): Root | undefined {
		const walk = this.#open.get(route);
		if (!walk || walk.offers >= overlayLimits.offersPerWalk) return undefined;
		if (this.#ticketOffers >= overlayLimits.ticketOffers) return undefined;
		walk.offers += 1;
		this.#ticketOffers += 1;
		return walk.root;
	}

	/** A link opened: what did not work before may work now. */
	succeeded(): void {
		this.#failures = 0;
		this.#suspects.clear();
		this.#wait = overlayLimits.retryMs;
		this.#pausedUntil = 0;
	}

	/** A link was lost; everybody around has lost something. */
	lost(): void {
		const { now, ports } = this.#core;
		this.#wait = overlayLimits.retryMs;
		this.#pause(Math.max(this.#pausedUntil - now, between(ports.random, [200, 1_200])));
	}

	reset(): void {
		this.#open.clear();
		this.succeeded();
	}

	#start(): void {
		const { neighbours, routes, ports, now } = this.#core;
		const hop = neighbours.firstHop(
			new Set([...this.#suspects, ...[...this.#open.values()].map((walk) => walk.hop)]),
		);
		if (hop === undefined) return;
		const route = toHex(ports.random.bytes(8));
		routes.add(route, ports.self, undefined, now).ahead = hop;
		this.#open.set(route, { hop, root: neighbours.rootOf(hop), offers: 0 });
		const { joiner, expires, offers, signature } = this.#currentTicket();
		const ttl = neighbours.size === 1 ? overlayLimits.firstWalkTtl : overlayLimits.walkTtl;
		this.#core.emit({
			kind: 'send',
			peer: hop,
			frame: { kind: 'Walk', route, joiner, expires, offers, signature, ttl },
		});
		this.#core.agenda.at(now + this.#core.slack * overlayLimits.walkMs, () => this.#end(route));
	}

	#end(route: RouteId): void {
		const walk = this.#open.get(route);
		if (!walk) return;
		this.#open.delete(route);
		if (walk.offers === 0) {
			this.#failures += 1;
			this.#suspects.add(walk.hop);
			// Walks that started together fail together: one pause for all.
			if (this.#core.now >= this.#pausedUntil) {
				this.#pause(jittered(this.#core.ports.random, this.#wait));
				const { bounds, neighbours } = this.#core;
				const most = neighbours.size < bounds.min ? overlayLimits.hurriedRetryMs : overlayLimits.mostRetryMs;
				this.#wait = Math.min(most, this.#wait * overlayLimits.retryFactor);
			}
		}
		this.#core.review();
	}

	#pause(ms: number): void {
		const { now, agenda } = this.#core;
		this.#pausedUntil = now + ms;
		agenda.at(this.#pausedUntil, () => this.#core.review());
	}

	#currentTicket(): Ticket {
		const { ports, now } = this.#core;
		const fresh =
			this.#ticket &&
			this.#ticket.expires * 1_000 > now + overlayLimits.walkMs &&
			this.#ticketOffers + overlayLimits.offersPerWalk * overlayLimits.openWalks <=
				overlayLimits.ticketOffers;
		if (!fresh) {
			this.#ticket = signTicket(ports.network, ports.self, now, (message) => ports.sign(message));
			this.#ticketOffers = 0;
		}
		return this.#ticket as Ticket;
	}
}
