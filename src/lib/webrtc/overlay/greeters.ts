import type { Millis, PeerId } from '#lib/core/brand.ts';
import { hexBytes } from '#lib/core/bytes.ts';
import { taggedHash } from '#lib/core/crypto/hash.ts';
import { u32 } from '#lib/core/wire/field.ts';
import { encodeRecord, record } from '#lib/core/wire/record.ts';
import { overlayLimits } from './limits.ts';

const hourMs = 3_600_000;
const hourOf = record('GreeterHour', 'Hours since the Unix epoch.', { hour: u32 });

/** A member's place in the election of an hour, uniform in [0, 1). */
export function rankOf(id: PeerId, now: Millis): number {
	const hour = encodeRecord(hourOf, { hour: Math.floor(now / hourMs) });
	const digest = taggedHash('sweetgossip/greeter/v1', hexBytes(id), hour);
	return new DataView(digest.buffer).getUint32(0) / 0x1_0000_0000;
}

export interface Candidate {
	readonly id: PeerId;
	/** Seconds since it said so itself. */
	readonly age: number;
}

/**
 * Elects who answers joins: the eight candidates of the lowest rank, `H(id|hour) < 8/N`, without knowing N:
 * neighbours tell each other the lowest ranks they have heard of, and these are the same everywhere. In a mesh of
 * thousands one in 64 greets, whatever strangers claim about its size.
 */
export class Greeters {
	readonly #self: PeerId;
	/** When each candidate last said so, in this node's time. */
	readonly #known = new Map<PeerId, { readonly at: Millis; readonly rank: number }>();
	readonly #asked = new Map<PeerId, Millis>();
	#hour = -1;
	#listening: Millis;

	constructor(self: PeerId, now: Millis) {
		this.#self = self;
		this.#listening = now;
	}

	/** Takes over what a neighbour knows; true when the elected changed. */
	merge(candidates: readonly Candidate[], now: Millis): boolean {
		this.#refresh(now);
		const before = [...this.#known.keys()].join();
		for (const { id, age } of candidates) {
			const at = now - age * 1_000;
			if (id === this.#self || age >= overlayLimits.candidateSeconds) continue;
			const known = this.#known.get(id);
			if (!known || known.at < at) this.#known.set(id, { at, rank: known?.rank ?? rankOf(id, now) });
		}
		this.#trim();
		return [...this.#known.keys()].join() !== before;
	}

	/** Says whether this node stands as a candidate. */
	stand(standing: boolean, now: Millis): void {
		this.#refresh(now);
		if (standing) this.#known.set(this.#self, { at: now, rank: rankOf(this.#self, now) });
		else this.#known.delete(this.#self);
		this.#trim();
	}

	/** A neighbour is gone: it greets nobody. */
	forget(id: PeerId): void {
		this.#known.delete(id);
	}

	/** Too few are known for the mesh to be without one more. */
	get scarce(): boolean {
		return this.#others().length < overlayLimits.greeters;
	}

	elected(standing: boolean, now: Millis): boolean {
		if (!standing) return false;
		this.stand(true, now);
		return this.#known.has(this.#self) || rankOf(this.#self, now) < overlayLimits.leastShare;
	}

	/** What neighbours are told. */
	list(now: Millis): readonly Candidate[] {
		this.#refresh(now);
		return [...this.#known].map(([id, { at }]) => ({
			id,
			age: Math.min(255, Math.max(0, Math.round((now - at) / 1_000))),
		}));
	}

	heardAsking(id: PeerId, now: Millis): void {
		this.#asked.delete(id);
		this.#asked.set(id, now);
		for (const [other, at] of this.#asked) {
			if (this.#asked.size <= 256 && now - at <= overlayLimits.keepAskersMs) break;
			this.#asked.delete(other);
		}
	}

	/** Begins to hear joins: how many there are is known only from now on. */
	listen(now: Millis): void {
		this.#listening = now;
		this.#asked.clear();
	}

	/** Expected number of members that hear a JOIN, this node among them. `slack` as in core.ts. */
	audience(asker: PeerId, now: Millis, slack: number): number {
		this.#refresh(now);
		const seekingMs = slack * overlayLimits.seekingMs;
		const heard = [...this.#asked].filter(([id, at]) => id !== asker && now - at <= seekingMs).length;
		// Who has listened for a second only has heard a third of those who are seeking.
		const seeking =
			(heard * seekingMs) / Math.min(seekingMs, Math.max(seekingMs / 12, now - this.#listening));
		return Math.max(1, this.#others().length + 1, this.#size() * overlayLimits.leastShare) + seeking;
	}

	/** Probability that this node answers a JOIN: some answers in all at the first attempt, many at later ones. */
	share(asker: PeerId, attempt: number, now: Millis, slack = 1): number {
		const wanted = overlayLimits.welcomes ** (attempt === 0 ? 1 : 2);
		return Math.min(1, wanted / this.audience(asker, now, slack)) / slack;
	}

	/** Candidates there are, estimated from the k-th lowest rank; few when few are known. */
	#size(): number {
		const ranks = [...this.#known.values()].map(({ rank }) => rank);
		const { greeters, leastShare } = overlayLimits;
		if (ranks.length < greeters) return ranks.length;
		// A claim of millions must not silence everybody.
		return Math.min(64 / leastShare, (greeters - 1) / Math.max(...ranks, 1e-9));
	}

	#others(): readonly PeerId[] {
		return [...this.#known.keys()].filter((id) => id !== this.#self);
	}

	#refresh(now: Millis): void {
		const hour = Math.floor(now / hourMs);
		for (const [id, { at }] of [...this.#known]) {
			if (now - at > overlayLimits.candidateSeconds * 1_000) this.#known.delete(id);
			else if (hour !== this.#hour) this.#known.set(id, { at, rank: rankOf(id, now) });
		}
		this.#hour = hour;
	}

	#trim(): void {
		while (this.#known.size > overlayLimits.greeters) {
			const [worst] = [...this.#known].sort(([, a], [, b]) => b.rank - a.rank);
			if (worst) this.#known.delete(worst[0]);
		}
	}
}
