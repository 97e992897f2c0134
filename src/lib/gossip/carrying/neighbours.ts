import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { Millis, MsgId, PeerId, Topic } from '#lib/core/brand.ts';
import type { GossipParameters } from '../parameters.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';

/** Jobs remembered as offered to one neighbour. */
const offeredJobs = 256;

/** A linked peer: what it told about itself, and how much it may still say. */
export interface Neighbour {
	readonly peer: PeerId;
	interests: readonly Topic[];
	/** What its wallet can do (settling/till.ts). */
	capabilities: number;
	readonly asks: TokenBucket;
	readonly replies: TokenBucket;
	readonly hellos: TokenBucket;
	/** Frames no honest node sends; when empty, the link is closed. */
	readonly patience: TokenBucket;
	/** Jobs it brought or was asked to carry: not offered to it again. */
	readonly offered: BoundedMap<MsgId, true>;
	/** Complexity it asked of me last, for estimates. */
	lastAsked?: number;
	/** What it asked instead, msat; nothing where it took no sats. */
	lastMsat?: number;
}

/** The links that are up now. */
export class Neighbours {
	readonly #parameters: GossipParameters;
	readonly #linked = new Map<PeerId, Neighbour>();

	constructor(parameters: GossipParameters) {
		this.#parameters = parameters;
	}

	add(peer: PeerId, now: Millis): Neighbour {
		const p = this.#parameters;
		const neighbour: Neighbour = {
			peer,
			interests: [],
			capabilities: 0,
			asks: new TokenBucket(p.asksPerSecond, p.asksAtOnce, now),
			replies: new TokenBucket(p.repliesPerSecond, p.repliesAtOnce, now),
			hellos: new TokenBucket(p.hellosPerSecond, p.hellosAtOnce, now),
			offered: new BoundedMap(offeredJobs),
			patience: new TokenBucket(1_000 / p.garbageForgivenMs, p.garbage, now),
		};
		this.#linked.set(peer, neighbour);
		return neighbour;
	}

	remove(peer: PeerId): void {
		this.#linked.delete(peer);
	}

	get(peer: PeerId): Neighbour | undefined {
		return this.#linked.get(peer);
	}

	has(peer: PeerId): boolean {
		return this.#linked.has(peer);
	}

	all(): IterableIterator<Neighbour> {
		return this.#linked.values();
	}

	get size(): number {
		return this.#linked.size;
	}
}
