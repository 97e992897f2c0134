import type { Bytes, Millis, PeerId } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { Random } from '#lib/core/random.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Role } from '../handshake.ts';
import type { ConnFactory, Identity } from '../ports.ts';
import { readCode, writeCode, type InviteCode, type InviteRefusal } from './code.ts';
import { PreparedConn } from './prepared.ts';

export const inviteLimits = {
	/**
	 * How long a code may travel between two people. Behind some routers the way it names closes after a minute or
	 * two; nothing is lost then but the attempt, ms.
	 */
	lifeMs: 600_000,
} as const;

/** A neighbour met by hand, as the mesh is told to link to it. */
export interface Meeting {
	readonly peer: PeerId;
	readonly conns: ConnFactory;
	readonly attempt: string;
	readonly role: Role;
}

export interface InvitationDeps {
	readonly identity: Identity;
	readonly network: string;
	readonly clock: Clock;
	readonly random: Random;
	readonly conns: ConnFactory;
	/** Links to this peer over this connection, whatever else the mesh wants. */
	meet(meeting: Meeting): void;
	onchange(): void;
}

/** How it stands with the invitation made or accepted last. */
export type InvitationState =
	/** Our code is out; the other side's answer is awaited, or its connection. */
	| { readonly kind: 'waiting'; readonly until: Millis }
	| { readonly kind: 'connecting'; readonly peer: PeerId }
	| { readonly kind: 'connected'; readonly peer: PeerId }
	| { readonly kind: 'failed' }
	| { readonly kind: 'none' };

interface Current {
	readonly attempt: string;
	readonly prepared: PreparedConn;
	readonly cancelExpiry: () => void;
}

/**
 * Two tabs that meet without a relay: one makes an invitation, the other answers it, and both texts travel by people,
 * as a link or a QR code. Whoever holds the invitation may answer it; the handshake then proves both keys.
 */
export class Invitations {
	readonly #deps: InvitationDeps;
	#current: Current | undefined;
	#state: InvitationState = { kind: 'none' };

	constructor(deps: InvitationDeps) {
		this.#deps = deps;
	}

	get state(): InvitationState {
		return this.#state;
	}

	/** Makes an invitation; an earlier one is given up. */
	async invite(): Promise<Result<string, InviteRefusal>> {
		const attempt = toHex(this.#deps.random.bytes(16));
		const description = await this.#prepare(attempt, true);
		return description ? ok(this.#write('invite', attempt, description)) : err('no-connection');
	}

	/** Answers an invitation; the inviter gets the code that comes back. */
	async accept(text: string): Promise<Result<string, InviteRefusal>> {
		const read = this.#read('invite', text);
		if (!read.ok) return read;
		const { attempt, key, description: theirs } = read.value;
		const description = await this.#prepare(attempt, false, { peer: key, description: theirs });
		return description ? ok(this.#write('answer', attempt, description)) : err('no-connection');
	}

	/** Takes the answer to the invitation made last. */
	complete(text: string): Result<PeerId, InviteRefusal> {
		const read = this.#read('answer', text);
		if (!read.ok) return read;
		const { attempt, key, description } = read.value;
		const current = this.#current;
		if (current?.attempt !== attempt || this.#state.kind !== 'waiting') return err('unknown');
		this.#show({ kind: 'connecting', peer: key });
		this.#deps.meet({
			peer: key,
			conns: current.prepared.conns,
			attempt,
			role: 'caller',
		});
		current.prepared.signal(description);
		return ok(key);
	}

	cancel(): void {
		const current = this.#current;
		this.#current = undefined;
		current?.cancelExpiry();
		if (this.#state.kind !== 'connected') current?.prepared.close('the invitation was withdrawn');
		this.#show({ kind: 'none' });
	}

	/** Makes a connection and resolves to its description; undefined when there will be none. */
	#prepare(
		attempt: string,
		initiator: boolean,
		theirs?: { readonly peer: PeerId; readonly description: Bytes },
	): Promise<Bytes | undefined> {
		const { clock, conns } = this.#deps;
		this.cancel();
		return new Promise((resolve) => {
			const isCurrent = () => this.#current?.prepared === prepared;
			const prepared: PreparedConn = new PreparedConn(conns, initiator, {
				ondescription: (description) => {
					if (isCurrent()) this.#show({ kind: 'waiting', until: clock.now() + inviteLimits.lifeMs });
					resolve(description);
				},
				onopen: () => {
					if (!isCurrent()) return;
					this.#current?.cancelExpiry();
					const peer = theirs?.peer ?? (this.#state.kind === 'connecting' ? this.#state.peer : undefined);
					if (!peer) return;
					if (theirs)
						this.#deps.meet({
							peer,
							conns: prepared.conns,
							attempt,
							role: 'callee',
						});
					this.#show({ kind: 'connected', peer });
				},
				onclose: () => {
					resolve(undefined);
					if (!isCurrent()) return;
					this.#current?.cancelExpiry();
					this.#current = undefined;
					if (this.#state.kind !== 'connected') this.#show({ kind: 'failed' });
				},
			});
			if (prepared.closed) {
				resolve(undefined);
				this.#show({ kind: 'failed' });
				return;
			}
			const cancelExpiry = clock.after(inviteLimits.lifeMs, () => prepared.close('nobody answered in time'));
			this.#current = { attempt, prepared, cancelExpiry };
			if (theirs) prepared.signal(theirs.description);
		});
	}

	#read(kind: InviteCode['kind'], text: string): Result<InviteCode, InviteRefusal> {
		const { clock, network, identity } = this.#deps;
		const read = readCode(text, { kind, network, now: clock.now() });
		return read.ok && read.value.key === identity.id ? err('own') : read;
	}

	#write(kind: InviteCode['kind'], attempt: string, description: Bytes): string {
		const { clock, network, identity } = this.#deps;
		const expires = Math.floor((clock.now() + inviteLimits.lifeMs) / 1_000);
		return writeCode({ kind, key: identity.id as PeerId, attempt: attempt, expires, description }, network);
	}

	#show(state: InvitationState): void {
		this.#state = state;
		this.#deps.onchange();
	}
}
