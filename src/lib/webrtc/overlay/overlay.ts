import type { Bytes, Millis, PeerId } from '#lib/core/brand.ts';
import { Lateness } from '#lib/core/lateness.ts';
import { Agenda } from '#lib/gossip/agenda.ts';
import type { LinkParameters } from '../parameters.ts';
import { Contacts } from './contacts.ts';
import type { Bounds, Core, OverlayPorts } from './core.ts';
import type { OverlayEffect, OverlayEvent, RouteId } from './event.ts';
import { Guests } from './guests.ts';
import { Neighbours } from './neighbours.ts';
import { Routes } from './routes.ts';
import { Splices } from './splices.ts';
import { Surroundings } from './surroundings.ts';
import { Walks } from './walks.ts';

type EventOf<K extends OverlayEvent['kind']> = Extract<OverlayEvent, { kind: K }>;

/**
 * Who is linked to whom: "always admit, never grow". A node that wants links sends walks; where a walk ends, a node
 * with room calls the walker, and a full one gives up an edge for it. Sans-IO: events with their time go in, effects
 * come out, and `nextWake` says when it wants to be woken. The same class runs in a tab, on Node and in the simulator.
 */
export class Overlay {
	readonly #parameters: LinkParameters;
	readonly #agenda = new Agenda();
	readonly #neighbours: Neighbours;
	readonly #core: Core;
	readonly #routes = new Routes();
	readonly #lateness = new Lateness();
	readonly #walks: Walks;
	readonly #splices: Splices;
	readonly #surroundings: Surroundings;
	readonly #contacts: Contacts;
	readonly #guests: Guests;
	#now: Millis;
	#effects: OverlayEffect[] = [];
	#reviewing = false;
	#hidden = false;
	#asleep = false;

	constructor(ports: OverlayPorts, parameters: LinkParameters, now: Millis) {
		this.#now = now;
		this.#parameters = parameters;
		this.#neighbours = new Neighbours(ports.random);
		this.#core = this.#share(ports);
		this.#walks = new Walks(this.#core, parameters.walksPerMinute);
		this.#splices = new Splices(this.#core);
		this.#surroundings = new Surroundings(this.#core);
		this.#contacts = new Contacts(this.#core, () => this.#walks.failing);
		this.#guests = new Guests(this.#core, this.#splices);
	}

	/** Takes one event and returns what is to be done, in order. */
	handle(event: OverlayEvent, now: Millis): readonly OverlayEffect[] {
		return this.#at(now, () => this.#take(event));
	}

	/**
	 * Whether an offer is answered: one that came along a route only if this node's own walk asked for it.
	 * The place is kept until `link-up` or `attempt-failed`.
	 */
	admits(from: PeerId, route: RouteId | undefined, now: Millis): 'yes' | 'full' | 'busy' {
		this.#now = now;
		if (this.#asleep) return 'busy';
		if (this.#neighbours.isExpected(from)) return 'yes';
		const { max } = this.#core.bounds;
		const room = this.#neighbours.taken(now) < max;
		const root = route === undefined ? 'strangers' : this.#walks.takes(route);
		if (root === undefined) return 'busy';
		const fits = room && this.#neighbours.mayHave(root, max);
		// Who found this node at the rendezvous is never sent away while somebody with more links can go instead.
		if (!fits && (route !== undefined || !this.#replaceable(from))) return 'full';
		this.#neighbours.expect(from, root, now);
		return 'yes';
	}

	/** Sends a sealed body along a route; no effects when the way is gone. */
	signal(route: RouteId, to: PeerId, body: Bytes, now: Millis): readonly OverlayEffect[] {
		return this.#at(now, () => this.#guests.send(route, to, body));
	}

	/** Neighbours of a neighbour, as it says. */
	around(peer: PeerId): readonly PeerId[] {
		return this.#neighbours.get(peer)?.around ?? [];
	}

	/** When `wake` wants to be handled next. */
	nextWake(): Millis | undefined {
		return this.#agenda.next();
	}

	#at(now: Millis, run: () => void): readonly OverlayEffect[] {
		this.#now = now;
		run();
		while (this.#reviewing) {
			this.#reviewing = false;
			this.#review();
		}
		const effects = this.#effects;
		this.#effects = [];
		return effects;
	}

	#take(event: OverlayEvent): void {
		switch (event.kind) {
			case 'link-up':
				this.#linkUp(event);
				break;
			case 'link-down':
				this.#linkDown(event);
				break;
			case 'attempt-failed':
				this.#neighbours.giveUp(event.peer);
				this.#splices.settled(event.peer, false);
				this.#contacts.failed(event.peer, event.reason);
				break;
			case 'contact':
				this.#contact(event);
				break;
			case 'frame':
				this.#frame(event);
				return;
			case 'invited':
				this.#neighbours.expect(event.peer, event.peer, this.#now);
				return;
			case 'avoid':
				this.#contacts.avoid(event.peer);
				return;
			case 'hidden':
				this.#hidden = event.hidden;
				break;
			case 'sleep':
				this.#sleep();
				return;
			case 'wake-up':
				this.#asleep = false;
				this.#contacts.recall();
				break;
			case 'wake':
				this.#lateness.saw(this.#agenda.next() ?? this.#now, this.#now);
				this.#agenda.runDue(this.#now);
				return;
		}
		this.#reviewing = true;
	}

	#linkUp({ peer, degree }: EventOf<'link-up'>): void {
		const { max, target } = this.#core.bounds;
		if (!this.#neighbours.get(peer) && this.#neighbours.size >= max) {
			const busy = new Set([...this.#splices.partners, peer]);
			const evicted = this.#neighbours.evictable(target, busy) ?? peer;
			this.#close(evicted, 'evicted');
			if (evicted === peer) {
				this.#neighbours.giveUp(peer);
				this.#splices.settled(peer, false);
				return;
			}
		}
		this.#neighbours.add(peer, degree, this.#now);
		this.#contacts.linked(peer);
		this.#walks.succeeded();
		this.#splices.settled(peer, true);
		if (!this.#neighbours.get(peer)) return;
		this.#surroundings.tell(peer);
		this.#surroundings.tellWithin(2_000);
	}

	#linkDown({ peer, unwelcome }: EventOf<'link-down'>): void {
		if (unwelcome) this.#contacts.avoid(peer);
		if (!this.#neighbours.remove(peer)) return;
		this.#splices.lost(peer);
		this.#surroundings.lost(peer);
		this.#walks.lost();
	}

	#contact({ id, asks, degree, attempt, via }: EventOf<'contact'>): void {
		if (this.#asleep || id === this.#core.ports.self) return;
		if (asks) this.#surroundings.asked(id, attempt, !this.#hidden, () => this.#contacts.lonely);
		else this.#contacts.heard({ peer: id, degree, via });
	}

	#frame({ peer, frame }: EventOf<'frame'>): void {
		const neighbour = this.#neighbours.get(peer);
		if (!neighbour || this.#asleep) return;
		switch (frame.kind) {
			case 'Walk':
				if (this.#core.walking) this.#guests.walk(neighbour, frame, this.#hidden);
				return;
			case 'Splice':
				if (this.#core.walking) this.#guests.splice(neighbour, frame, this.#hidden);
				return;
			case 'Spliced':
				this.#splices.answered(frame.route, peer, frame.result === 'open');
				return;
			case 'Signal':
				this.#guests.signal(neighbour, frame);
				return;
			case 'Around':
				this.#surroundings.heard(peer, frame);
		}
	}

	/** Brings everything in line with what there is now. */
	#review(): void {
		if (this.#asleep) return;
		const { max } = this.#core.bounds;
		while (this.#neighbours.size > max) {
			const surplus = this.#neighbours.evictable(0, new Set());
			if (surplus === undefined) break;
			this.#close(surplus, 'full');
		}
		this.#contacts.review();
		this.#walks.seek();
		this.#surroundings.attend(!this.#hidden);
	}

	#close(peer: PeerId, code: 'full' | 'evicted'): void {
		this.#neighbours.remove(peer);
		this.#splices.lost(peer);
		this.#contacts.avoid(peer);
		this.#core.emit({ kind: 'close', peer, code, detail: '' });
	}

	/** A neighbour that would make room for one who came by the rendezvous. */
	#replaceable(from: PeerId): boolean {
		const { target } = this.#core.bounds;
		return this.#neighbours.evictable(target, new Set([...this.#splices.partners, from])) !== undefined;
	}

	#sleep(): void {
		this.#asleep = true;
		this.#neighbours.giveUpAll();
		this.#walks.reset();
		this.#splices.reset();
		this.#contacts.sleep();
		this.#surroundings.stop();
	}

	#bounds(): Bounds {
		const { minLinks, targetLinks, maxLinks, hiddenMinLinks, hiddenTargetLinks, hiddenMaxLinks } =
			this.#parameters;
		return this.#hidden
			? { min: hiddenMinLinks, target: hiddenTargetLinks, max: hiddenMaxLinks }
			: { min: minLinks, target: targetLinks, max: maxLinks };
	}

	#share(ports: OverlayPorts): Core {
		const now = () => this.#now;
		const bounds = () => this.#bounds();
		const slack = () => this.#lateness.slack(this.#now);
		return {
			ports,
			agenda: this.#agenda,
			neighbours: this.#neighbours,
			routes: this.#routes,
			walking: this.#parameters.walksPerMinute > 0,
			get now() {
				return now();
			},
			get bounds() {
				return bounds();
			},
			get slack() {
				return slack();
			},
			emit: (effect) => this.#effects.push(effect),
			review: () => {
				this.#reviewing = true;
			},
		};
	}
}
