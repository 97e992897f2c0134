import type { Millis, PeerId } from '#lib/core/brand.ts';
import { shuffled, type Random } from '#lib/core/random.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import { overlayLimits } from './limits.ts';

/**
 * Where an introduction comes from in the end: a contact that this node chose itself, or `strangers`, who came
 * uninvited. Whoever is met through a neighbour has that neighbour's root, so that one member cannot surround a
 * node with its own friends and theirs (an eclipse).
 */
export type Root = PeerId | 'strangers';

export interface Neighbour {
	readonly peer: PeerId;
	readonly root: Root;
	readonly since: Millis;
	/** Links it has, as it says. */
	degree: number;
	/** Its neighbours, as it says. */
	around: readonly PeerId[];
	readonly walks: TokenBucket;
	readonly signals: TokenBucket;
}

interface Pending {
	readonly root: Root;
	readonly since: Millis;
	readonly until: Millis;
}

/** Links and attempts at links: who they are, how they came about, and which of them may go. */
export class Neighbours {
	readonly #random: Random;
	readonly #links = new Map<PeerId, Neighbour>();
	readonly #pending = new Map<PeerId, Pending>();

	constructor(random: Random) {
		this.#random = random;
	}

	get size(): number {
		return this.#links.size;
	}

	/** Links, and attempts that may become one. */
	taken(now: Millis): number {
		for (const [peer, { until }] of this.#pending) if (until <= now) this.#pending.delete(peer);
		return this.#links.size + this.#pending.size;
	}

	/** Links, and attempts that are young enough to hope for. `slack` as in core.ts. */
	hoped(now: Millis, slack: number): number {
		let hoped = this.#links.size;
		for (const { since } of this.#pending.values())
			if (now - since < slack * overlayLimits.hopeMs) hoped += 1;
		return hoped;
	}

	all(): readonly Neighbour[] {
		return [...this.#links.values()];
	}

	get(peer: PeerId): Neighbour | undefined {
		return this.#links.get(peer);
	}

	/** Linked, or about to be. */
	knows(peer: PeerId): boolean {
		return this.#links.has(peer) || this.#pending.has(peer);
	}

	expect(peer: PeerId, root: Root, now: Millis): void {
		this.#pending.set(peer, { root, since: now, until: now + overlayLimits.pendingMs });
	}

	isExpected(peer: PeerId): boolean {
		return this.#pending.has(peer);
	}

	giveUp(peer: PeerId): void {
		this.#pending.delete(peer);
	}

	giveUpAll(): void {
		this.#pending.clear();
	}

	add(peer: PeerId, degree: number, now: Millis): void {
		const { root } = this.#pending.get(peer) ?? this.#links.get(peer) ?? { root: 'strangers' as const };
		this.#pending.delete(peer);
		const { walksPerMinute, walkBurst, signalsPerMinute, signalBurst } = overlayLimits;
		this.#links.set(peer, {
			peer,
			root,
			since: now,
			degree,
			around: [],
			walks: new TokenBucket(walksPerMinute / 60, walkBurst, now),
			signals: new TokenBucket(signalsPerMinute / 60, signalBurst, now),
		});
	}

	remove(peer: PeerId): boolean {
		return this.#links.delete(peer);
	}

	rootOf(peer: PeerId): Root {
		return this.#links.get(peer)?.root ?? 'strangers';
	}

	/** Whether one more of this root still leaves places for others. */
	mayHave(root: Root, most: number): boolean {
		return this.#count(root) < Math.max(1, most - overlayLimits.keptForOthers);
	}

	/** All links go back to one introduction. */
	get oneSided(): boolean {
		return new Set(this.all().map(({ root }) => root)).size === 1;
	}

	/** A neighbour to send a walk to: of the root least met so far, one with neighbours of its own first. */
	firstHop(busy: ReadonlySet<PeerId>): PeerId | undefined {
		const order = shuffled(this.#random, this.all()).sort(
			(a, b) =>
				Number(busy.has(a.peer)) - Number(busy.has(b.peer)) ||
				Number(b.degree > 1) - Number(a.degree > 1) ||
				this.#count(a.root) - this.#count(b.root),
		);
		return order[0]?.peer;
	}

	/** A random neighbour but these. */
	another(...not: readonly PeerId[]): PeerId | undefined {
		return shuffled(this.#random, this.all()).find(({ peer }) => !not.includes(peer))?.peer;
	}

	/** A neighbour to splice with: of the root that has most, with room for one more link. */
	partner(joiner: PeerId, most: number, busy: ReadonlySet<PeerId>): PeerId | undefined {
		return shuffled(this.#random, this.all())
			.filter(
				({ peer, degree, around }) =>
					peer !== joiner && degree < most && !busy.has(peer) && !around.includes(joiner),
			)
			.sort((a, b) => this.#count(b.root) - this.#count(a.root))[0]?.peer;
	}

	/** Who misses this link least: the one with most links; under `least` nobody is sent away. */
	evictable(least: number, busy: ReadonlySet<PeerId>, root?: Root): PeerId | undefined {
		return this.all()
			.filter((each) => each.degree >= least && !busy.has(each.peer) && (!root || each.root === root))
			.sort((a, b) => b.degree - a.degree || a.since - b.since)[0]?.peer;
	}

	#count(root: Root): number {
		let count = 0;
		for (const each of this.#links.values()) if (each.root === root) count += 1;
		for (const each of this.#pending.values()) if (each.root === root) count += 1;
		return count;
	}
}
