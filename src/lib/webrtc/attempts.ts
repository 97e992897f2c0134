import type { Bytes, PublicKey } from '#lib/core/brand.ts';
import type { Role } from './handshake.ts';
import type { Session } from './link/session.ts';
import type { ConnFactory, Identity } from './ports.ts';
import type { Signal } from './signals.ts';

/** A way for signals other than the rendezvous: one that a walk laid through the mesh. */
export interface SignalWay {
	/** False when the way is gone. */
	send(signal: Signal): boolean;
	readonly route: string;
}

/** Whom to call, as whom, and over what. */
export interface Target {
	readonly self: Identity;
	readonly peer: PublicKey;
	/** One-time secret that the callee wants to be named; empty on the mesh. */
	readonly secret: string;
	/** Relays the callee listens on; undefined = all this node knows. */
	readonly relays?: readonly string[];
	/** Signals go this way, not by the rendezvous. */
	readonly way?: SignalWay;
	/** Another way to connect than the node's own: an invitation's prepared connection, or a circuit. */
	readonly conns?: ConnFactory;
	/** Which side of it this is; the caller unless given. */
	readonly role?: Role;
	/** The attempt's id where it was fixed beforehand, hex of 16 bytes. */
	readonly attempt?: string;
}

/** An offer made or answered whose handshake is not finished. */
export interface Attempt {
	readonly id: string;
	readonly role: Role;
	readonly session: Session;
	readonly secret: string;
	/** How its signals travel; undefined = by the rendezvous. */
	readonly way: SignalWay | undefined;
	/** Our own wish that this attempt serves, which an answer to the other side's offer may do as well. */
	target: Target | undefined;
	answered: boolean;
	/** How often the other side has said its offer again, and had our answer again. */
	repeats: number;
	/** Our packed description once gathered. */
	description: Bytes | undefined;
	readonly timers: (() => void)[];
}

/** The attempts under way, by id and by the two keys they are between. */
export class Attempts {
	readonly #attempts = new Map<string, Attempt>();

	add(attempt: Attempt): void {
		this.#attempts.set(attempt.id, attempt);
	}

	get(id: string): Attempt | undefined {
		return this.#attempts.get(id);
	}

	/** Our own attempt of this id to this peer. */
	own(id: string, peer: PublicKey): Attempt | undefined {
		const attempt = this.#attempts.get(id);
		return attempt?.role === 'caller' && attempt.session.peer === peer ? attempt : undefined;
	}

	between(self: string, peer: PublicKey): Attempt | undefined {
		return this.all().find(({ session }) => session.terms.self.id === self && session.peer === peer);
	}

	count(role: Role): number {
		return this.all().filter((attempt) => attempt.role === role).length;
	}

	all(): readonly Attempt[] {
		return [...this.#attempts.values()];
	}

	has({ id }: Attempt): boolean {
		return this.#attempts.has(id);
	}

	/** The attempt is over, one way or the other. */
	forget(attempt: Attempt): void {
		this.#attempts.delete(attempt.id);
		for (const cancel of attempt.timers) cancel();
	}
}
