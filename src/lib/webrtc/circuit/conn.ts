import type { Bytes } from '#lib/core/brand.ts';
import { concat, equalBytes, toHex } from '#lib/core/bytes.ts';
import type { Clock } from '#lib/core/clock.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { compressedKey, secretFrom, sharedPoint } from '#lib/core/crypto/schnorr.ts';
import type { Random } from '#lib/core/random.ts';
import { ok } from '#lib/core/result.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { connLimits } from '../conn/limits.ts';
import type { ConnClosed, ConnFactory, PeerConn, PeerConnEvents } from '../ports.ts';
import type { CircuitCarrier, CircuitEnd } from './carrier.ts';
import { packInvitation, unpackInvitation, type Invitation } from './invitation.ts';
import { circuitLimits } from './limits.ts';
import { SealedStream, type Piece } from './stream.ts';

export interface CircuitDeps {
	readonly carrier: CircuitCarrier;
	readonly clock: Clock;
	readonly random: Random;
}

/**
 * Connections that other peers carry, where none is possible otherwise. What is a certificate elsewhere is a key
 * made for the circuit: the handshake of the link signs both, so nobody on the way can stand between.
 */
export const createCircuitConns = (deps: CircuitDeps): ConnFactory => ({
	create: (initiator, events) => ok(new CircuitConn(deps, initiator, events)),
});

class CircuitConn implements PeerConn {
	readonly route = 'circuit';
	readonly #deps: CircuitDeps;
	readonly #initiator: boolean;
	readonly #events: PeerConnEvents;
	readonly #secret;
	readonly #own: Bytes;
	readonly #pace: TokenBucket;
	#tag: Bytes | undefined;
	#peer: Bytes | undefined;
	#end: CircuitEnd | undefined;
	#stream: SealedStream | undefined;
	#open = false;
	#closed = false;
	/** Pieces that wait for the window or the pace. */
	#queue: Piece[] = [];
	#queued = 0;
	#full = false;
	#sent = 0;
	#confirmed = 0;
	#arrived = 0;
	#arrivedTold = 0;
	#parts: Bytes[] = [];
	#cancelPump = () => {};
	#cancelOpening = () => {};

	constructor(deps: CircuitDeps, initiator: boolean, events: PeerConnEvents) {
		const { random, clock } = deps;
		this.#deps = deps;
		this.#initiator = initiator;
		this.#events = events;
		this.#secret = secretFrom(random.bytes(48));
		this.#own = compressedKey(this.#secret);
		const { ownBytesPerSecond, ownBurstBytes } = circuitLimits;
		this.#pace = new TokenBucket(ownBytesPerSecond, ownBurstBytes, clock.now());
		if (!initiator) return;
		this.#tag = random.bytes(16);
		// Later, as every other connection describes itself.
		clock.after(0, () => this.#describe());
	}

	signal(packed: Bytes): void {
		if (this.#closed) return;
		const invitation = unpackInvitation(packed);
		const mine = this.#initiator && this.#tag;
		const own = invitation && equalBytes(invitation.key, this.#own);
		if (!invitation || own || this.#peer || (mine && !equalBytes(mine, invitation.tag))) {
			this.#finish('bad-description', 'no circuit of ours');
			return;
		}
		this.#join(invitation);
	}

	send(message: Bytes): boolean {
		if (!this.#open || this.#closed || message.length > wireLimits.frameBytes) return false;
		if (this.#queued + message.length > connLimits.queueBytes) return false;
		const { pieceBytes } = circuitLimits;
		for (let at = 0; at === 0 || at < message.length; at += pieceBytes) {
			const kind = at + pieceBytes < message.length ? 'part' : 'last';
			this.#queue.push({ kind, body: message.slice(at, at + pieceBytes) });
		}
		this.#queued += message.length;
		this.#full ||= this.#queued > connLimits.lowWater;
		this.#pump();
		return true;
	}

	get buffered(): number {
		return this.#closed ? 0 : this.#queued;
	}

	close(reason: string): void {
		this.#finish('closed', reason);
	}

	#describe(): void {
		if (this.#tag && !this.#closed) this.#events.onsignal(packInvitation({ tag: this.#tag, key: this.#own }));
	}

	#join({ tag, key }: Invitation): void {
		const { carrier, clock } = this.#deps;
		const side = this.#initiator ? 'caller' : 'callee';
		const shared = sharedPoint(this.#secret, key);
		if (!shared) {
			this.#finish('bad-description', 'no key');
			return;
		}
		this.#tag = tag;
		this.#peer = key;
		this.#stream = new SealedStream(shared, tag, side);
		if (!this.#initiator) this.#describe();
		this.#cancelOpening = clock.after(circuitLimits.openMs, () =>
			this.#finish('failed', 'no way to the other end'),
		);
		this.#end = carrier.open(toHex(tag), side, {
			// Later: the carrier may find the other end while it opens this one.
			onready: () => clock.after(0, () => this.#confirm()),
			ondata: (sealed) => this.#onSealed(sealed),
			onclose: (why) => this.#finish(this.#open ? 'closed-by-peer' : 'failed', why),
		});
		if (!this.#end) this.#finish('failed', 'no room for another circuit');
	}

	/** The other end holds the key it was invited with: it sealed a piece. */
	#onProven(): void {
		if (this.#open || !this.#peer) return;
		this.#open = true;
		this.#cancelOpening();
		// Its first word may have come before this end knew a way back.
		this.#confirm();
		this.#events.onopen({ local: sha256(this.#own), remote: sha256(this.#peer) });
	}

	#onSealed(sealed: Bytes): void {
		const piece = this.#stream?.open(sealed);
		// Anybody on the way can send nonsense; it must not end the circuit.
		if (!piece || piece === 'forged' || piece === 'repeated' || this.#closed) return;
		if (piece === 'gap') {
			this.#finish('failed', 'a piece was lost on the way');
			return;
		}
		this.#onProven();
		if (piece.kind === 'arrived') {
			const total = Number(new DataView(piece.body.buffer).getBigUint64(0));
			this.#confirmed = Math.min(this.#sent, Math.max(this.#confirmed, total));
			this.#pump();
			return;
		}
		this.#arrived += piece.body.length;
		this.#parts.push(piece.body);
		if (this.#parts.reduce((sum, { length }) => sum + length, 0) > wireLimits.frameBytes) {
			this.#finish('bad-message', 'too long');
			return;
		}
		if (this.#arrived - this.#arrivedTold >= circuitLimits.windowBytes / 4) this.#confirm();
		if (piece.kind === 'part') return;
		const message = concat(...this.#parts);
		this.#parts = [];
		this.#events.onmessage(message);
	}

	#confirm(): void {
		const body = new Uint8Array(8);
		new DataView(body.buffer).setBigUint64(0, BigInt(this.#arrived));
		this.#arrivedTold = this.#arrived;
		this.#transmit({ kind: 'arrived', body });
	}

	#pump(): void {
		const { clock } = this.#deps;
		this.#cancelPump();
		for (let piece = this.#queue[0]; piece && !this.#closed; piece = this.#queue[0]) {
			const { length } = piece.body;
			if (this.#sent - this.#confirmed + length > circuitLimits.windowBytes) break;
			const now = clock.now();
			if (!this.#pace.take(now, length)) {
				this.#cancelPump = clock.after(Math.max(1, this.#pace.readyAt(length, now) - now), () =>
					this.#pump(),
				);
				break;
			}
			this.#queue.shift();
			this.#queued -= length;
			this.#sent += length;
			this.#transmit(piece);
		}
		if (!this.#full || this.#queued > connLimits.lowWater || this.#closed) return;
		this.#full = false;
		this.#events.ondrain();
	}

	#transmit(piece: Piece): void {
		if (!this.#closed && this.#stream && this.#end?.send(this.#stream.seal(piece)) === false)
			this.#finish('failed', 'the way is gone');
	}

	#finish(code: ConnClosed['code'], detail: string): void {
		if (this.#closed) return;
		// What was said last, a goodbye for one, goes first.
		const last = code === 'closed' ? this.#queue.splice(0) : [];
		for (const piece of last) if (this.#stream) this.#end?.send(this.#stream.seal(piece));
		this.#closed = true;
		this.#cancelPump();
		this.#cancelOpening();
		this.#end?.close();
		this.#events.onclose({ type: 'conn-closed', code, detail });
	}
}
