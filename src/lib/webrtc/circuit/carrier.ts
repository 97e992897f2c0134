import type { Bytes, Hex, Millis, PeerId } from '#lib/core/brand.ts';
import { hexBytes, toHex } from '#lib/core/bytes.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import { circuitFrames, otherSide, type CircuitFrame, type CircuitFrameOf, type Side } from './frames.ts';
import { circuitLimits } from './limits.ts';

export interface CarrierPorts {
	now(): Millis;
	neighbours(): readonly PeerId[];
	/** False when the neighbour is gone or takes no more. */
	send(peer: PeerId, frame: Bytes): boolean;
}

export interface EndEvents {
	/** The other end is found. */
	onready(): void;
	ondata(sealed: Bytes): void;
	/** Once, unless this end closed it. */
	onclose(why: string): void;
}

/** One end of a circuit at this node. */
export interface CircuitEnd {
	send(sealed: Bytes): boolean;
	close(): void;
}

interface Circuit {
	readonly tag: Hex;
	/** Which neighbour leads to each end; `own` where this node is it. */
	readonly legs: Partial<Record<Side, PeerId | 'own'>>;
	readonly bucket: TokenBucket;
	expiresAt: Millis;
	end?: EndEvents;
}

/**
 * Circuits through a node. Both ends of one know its random tag and spread word of themselves over a few links; a
 * node remembers from whom it heard first of each end, and where both are known the circuit is joined. Following
 * first words backwards never runs in a ring. Nodes between see a tag and sealed pieces.
 */
export class CircuitCarrier {
	readonly #ports: CarrierPorts;
	readonly #circuits = new Map<Hex, Circuit>();
	readonly #opens = new Map<PeerId, TokenBucket>();

	constructor(ports: CarrierPorts) {
		this.#ports = ports;
	}

	/** Becomes one end of the circuit `tag`; undefined while this node knows as many as it may. */
	open(tag: Hex, side: Side, events: EndEvents): CircuitEnd | undefined {
		const circuit = this.#known(tag);
		if (!circuit || circuit.legs[side] !== undefined || circuit.end) return undefined;
		circuit.end = events;
		this.#learn(circuit, side, 'own', circuitLimits.hops);
		const to = otherSide(side);
		return {
			send: (sealed) =>
				this.#circuits.get(tag) === circuit &&
				this.#pass(circuit, { kind: 'CircuitData', tag: hexBytes(tag), to, sealed }),
			close: () => {
				if (this.#circuits.get(tag) !== circuit) return;
				delete circuit.end;
				this.#pass(circuit, { kind: 'CircuitClose', tag: hexBytes(tag), to });
				this.#circuits.delete(tag);
			},
		};
	}

	/** A circuit frame of a neighbour; junk is dropped. */
	receive(from: PeerId, bytes: Bytes): void {
		const frame = circuitFrames.decode(bytes);
		if (!frame.ok) return;
		this.#sweep();
		switch (frame.value.kind) {
			case 'CircuitOpen':
				this.#onOpen(from, frame.value);
				return;
			case 'CircuitData':
				this.#onData(frame.value);
				return;
			case 'CircuitClose': {
				const circuit = this.#circuits.get(toHex(frame.value.tag));
				if (circuit) this.#close(circuit, frame.value.to, 'closed by the other end');
			}
		}
	}

	/** A neighbour is gone, and every circuit through it. */
	unlinked(peer: PeerId): void {
		this.#opens.delete(peer);
		for (const circuit of [...this.#circuits.values()])
			for (const side of ['caller', 'callee'] as const)
				if (circuit.legs[side] === peer) this.#close(circuit, otherSide(side), 'a peer on the way left');
	}

	#onOpen(from: PeerId, { tag, side, ttl }: CircuitFrameOf<'CircuitOpen'>): void {
		if (!this.#bucketOf(from).take(this.#ports.now())) return;
		const circuit = this.#known(toHex(tag));
		if (!circuit || circuit.legs[side] !== undefined) return;
		this.#learn(circuit, side, from, ttl);
	}

	/** The first word of an end: spreads it, or joins the circuit where the other end is known already. */
	#learn(circuit: Circuit, side: Side, leg: PeerId | 'own', ttl: number): void {
		circuit.legs[side] = leg;
		this.#touch(circuit);
		const other = otherSide(side);
		if (circuit.legs[other] === undefined) {
			if (ttl === 0) return;
			for (const peer of this.#ports.neighbours())
				if (peer !== leg) this.#tell(peer, circuit.tag, side, ttl - 1);
			return;
		}
		for (const [towards, word] of [
			[circuit.legs[other], side],
			[leg, other],
		] as const) {
			if (towards === 'own') circuit.end?.onready();
			else this.#tell(towards, circuit.tag, word, 0);
		}
	}

	#tell(peer: PeerId, tag: Hex, side: Side, ttl: number): void {
		this.#ports.send(peer, circuitFrames.encode({ kind: 'CircuitOpen', tag: hexBytes(tag), side, ttl }));
	}

	#onData(frame: CircuitFrameOf<'CircuitData'>): void {
		const circuit = this.#circuits.get(toHex(frame.tag));
		if (!circuit) return;
		if (!circuit.bucket.take(this.#ports.now(), frame.sealed.length)) {
			this.#close(circuit, frame.to, 'more than a circuit may carry');
			return;
		}
		this.#touch(circuit);
		if (circuit.legs[frame.to] === 'own') circuit.end?.ondata(frame.sealed);
		else if (!this.#pass(circuit, frame)) this.#close(circuit, frame.to, 'a peer on the way takes no more');
	}

	#pass(circuit: Circuit, frame: Exclude<CircuitFrame, { kind: 'CircuitOpen' }>): boolean {
		const leg = circuit.legs[frame.to];
		if (leg === undefined || leg === 'own') return false;
		this.#touch(circuit);
		return this.#ports.send(leg, circuitFrames.encode(frame));
	}

	/** Ends a circuit here and tells the end `to`, and the other one if it may not know. */
	#close(circuit: Circuit, to: Side, why: string): void {
		this.#circuits.delete(circuit.tag);
		for (const side of [to, otherSide(to)]) {
			if (circuit.legs[side] !== 'own')
				this.#pass(circuit, { kind: 'CircuitClose', tag: hexBytes(circuit.tag), to: side });
		}
		circuit.end?.onclose(why);
	}

	#known(tag: Hex): Circuit | undefined {
		const known = this.#circuits.get(tag);
		if (known) return known;
		this.#sweep();
		if (this.#circuits.size >= circuitLimits.circuits) return undefined;
		const now = this.#ports.now();
		const { bytesPerSecond, burstBytes, idleMs } = circuitLimits;
		const circuit: Circuit = {
			tag,
			legs: {},
			bucket: new TokenBucket(bytesPerSecond, burstBytes, now),
			expiresAt: now + idleMs,
		};
		this.#circuits.set(tag, circuit);
		return circuit;
	}

	#touch(circuit: Circuit): void {
		circuit.expiresAt = this.#ports.now() + circuitLimits.idleMs;
	}

	#sweep(): void {
		const now = this.#ports.now();
		for (const circuit of [...this.#circuits.values()]) {
			if (circuit.expiresAt > now) continue;
			this.#circuits.delete(circuit.tag);
			circuit.end?.onclose('nothing came for too long');
		}
	}

	#bucketOf(peer: PeerId): TokenBucket {
		const { opensPerMinute } = circuitLimits;
		const bucket =
			this.#opens.get(peer) ?? new TokenBucket(opensPerMinute / 60, opensPerMinute, this.#ports.now());
		this.#opens.set(peer, bucket);
		return bucket;
	}
}
