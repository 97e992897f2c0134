import type { Millis, PeerId } from '#lib/core/brand.ts';

/** Somebody with room, as it said itself. */
export interface Candidate {
	readonly peer: PeerId;
	readonly degree: number;
	/** The relay it was heard on. */
	readonly via: string;
}

export const contactLimits = {
	/** A stranger can announce any number of members; more than this is never needed. */
	contacts: 64,
	/** A member that said it has room may have none a minute later, ms. */
	contactMs: 60_000,
	/** Who refused, or was a duplicate, is left alone for this long, ms. */
	avoidMs: 30_000,
	/** Former neighbours remembered for the return from sleep. */
	recent: 16,
} as const;

/** Members heard of, members not to bother, and former neighbours; all bounded, oldest forgotten first. */
export class ContactBook {
	readonly #contacts = new Map<PeerId, Omit<Candidate, 'peer'> & { readonly at: Millis }>();
	readonly #avoided = new Map<PeerId, Millis>();
	#recent: readonly PeerId[] = [];

	add({ peer, degree, via }: Candidate, now: Millis): void {
		if ((this.#avoided.get(peer) ?? 0) > now) return;
		this.#contacts.delete(peer);
		this.#contacts.set(peer, { degree, via, at: now });
		trim(this.#contacts, contactLimits.contacts);
	}

	remove(peer: PeerId): void {
		this.#contacts.delete(peer);
	}

	avoid(peer: PeerId, now: Millis): void {
		this.remove(peer);
		this.#avoided.delete(peer);
		this.#avoided.set(peer, now + contactLimits.avoidMs);
		trim(this.#avoided, contactLimits.contacts);
	}

	candidates(now: Millis): readonly Candidate[] {
		for (const [peer, { at }] of this.#contacts)
			if (now - at > contactLimits.contactMs) this.#contacts.delete(peer);
		return [...this.#contacts].map(([peer, { degree, via }]) => ({ peer, degree, via }));
	}

	/** A link opened: the first to try after a sleep. */
	remember(peer: PeerId): void {
		this.#recent = [peer, ...this.#recent.filter((other) => other !== peer)].slice(0, contactLimits.recent);
	}

	/** Makes former neighbours candidates again. */
	recall(now: Millis): void {
		for (const peer of this.#recent) this.add({ peer, degree: 0, via: '' }, now);
	}

	forget(peer: PeerId): void {
		this.#recent = this.#recent.filter((other) => other !== peer);
	}
}

function trim(map: Map<PeerId, unknown>, most: number): void {
	for (const key of map.keys()) {
		if (map.size <= most) return;
		map.delete(key);
	}
}
