import type { Bytes, Millis } from '#lib/core/brand.ts';
import { equalBytes, toHex } from '#lib/core/bytes.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { Random } from '#lib/core/random.ts';
import { ok } from '#lib/core/result.ts';
import type { ConnClosed, ConnFactory, PeerConn, PeerConnEvents } from '../ports.ts';
import { messageSize, packDescription, unpackDescription, type Description } from '../sdp/description.ts';
import { connLimits } from './limits.ts';

export interface MemoryNetworkOptions {
	readonly clock: Clock;
	readonly random: Random;
	/** One way, ms. */
	readonly latencyMs?: number;
	/** Of each connection and direction. */
	readonly bytesPerSecond?: number;
	/** Whether two hosts can reach each other; a NAT matrix. */
	readonly reachable?: (a: string, b: string) => boolean;
}

/** Connections inside one process, for tests and simulations: real descriptions and certificates' worth of checks. */
export interface MemoryNetwork {
	conns(host: string): ConnFactory;
	/** What reaches a frozen host waits there, while its connections look alive to everybody else. */
	freeze(host: string): void;
	thaw(host: string): void;
}

export function createMemoryNetwork(options: MemoryNetworkOptions): MemoryNetwork {
	const endpoints = new Map<string, Endpoint>();
	const frozen = new Map<string, (() => void)[]>();
	const world: World = {
		...options,
		latencyMs: options.latencyMs ?? 1,
		bytesPerSecond: options.bytesPerSecond ?? Infinity,
		reachable: options.reachable ?? (() => true),
		endpoints,
		arrive(host, run) {
			const held = frozen.get(host);
			if (held) held.push(run);
			else run();
		},
	};
	return {
		conns: (host) => ({ create: (initiator, events) => ok(new Endpoint(world, host, initiator, events)) }),
		freeze: (host) => frozen.set(host, frozen.get(host) ?? []),
		thaw(host) {
			const held = frozen.get(host) ?? [];
			frozen.delete(host);
			for (const run of held) run();
		},
	};
}

interface World extends Required<MemoryNetworkOptions> {
	/** By ICE user fragment, which is how an endpoint is found from a description. */
	readonly endpoints: Map<string, Endpoint>;
	arrive(host: string, run: () => void): void;
}

class Endpoint implements PeerConn {
	readonly #world: World;
	readonly #host: string;
	readonly #initiator: boolean;
	readonly #events: PeerConnEvents;
	readonly #own: Description;
	#remote: Description | undefined;
	#peer: Endpoint | undefined;
	#closed = false;
	#freeAt: Millis = 0;
	buffered = 0;

	constructor(world: World, host: string, initiator: boolean, events: PeerConnEvents) {
		const { random, clock, latencyMs } = world;
		this.#world = world;
		this.#host = host;
		this.#initiator = initiator;
		this.#events = events;
		this.#own = {
			setup: initiator ? 'actpass' : 'active',
			ufrag: toHex(random.bytes(8)),
			pwd: toHex(random.bytes(12)),
			fingerprint: random.bytes(32),
			maxMessageSize: messageSize.most,
			candidates: [
				{ kind: 'host', address: { family: 'ipv4', bytes: new Uint8Array([10, 0, 0, 1]) }, port: 1 },
			],
		};
		world.endpoints.set(this.#own.ufrag, this);
		if (initiator) clock.after(latencyMs, () => this.#describe());
	}

	signal(packed: Bytes): void {
		if (this.#closed) return;
		const parsed = unpackDescription(packed);
		if (!parsed.ok) {
			this.#end('bad-description', `${parsed.error.code}: ${parsed.error.detail}`);
			return;
		}
		const fits = (parsed.value.setup !== 'actpass') === this.#initiator;
		if (this.#remote || !fits) {
			this.#end('bad-description', 'out of turn');
			return;
		}
		this.#remote = parsed.value;
		if (this.#initiator) this.#connect(parsed.value);
		else this.#world.clock.after(this.#world.latencyMs, () => this.#describe());
	}

	send(message: Bytes): boolean {
		const peer = this.#peer;
		const tooLong = message.length > (this.#remote?.maxMessageSize ?? 0);
		if (!peer || this.#closed || tooLong || this.buffered + message.length > connLimits.queueBytes)
			return false;
		const { clock, bytesPerSecond, latencyMs } = this.#world;
		const copy = new Uint8Array(message);
		this.#freeAt = Math.max(clock.now(), this.#freeAt) + (message.length * 1_000) / bytesPerSecond;
		const wait = this.#freeAt - clock.now();
		if (wait > 0) {
			this.buffered += message.length;
			clock.after(wait, () => this.#sent(message.length));
		}
		clock.after(wait + latencyMs, () => {
			this.#world.arrive(peer.#host, () => {
				if (!peer.#closed) peer.#events.onmessage(copy);
			});
		});
		return true;
	}

	close(reason: string): void {
		this.#end('closed', reason);
	}

	#describe(): void {
		if (!this.#closed) this.#events.onsignal(packDescription(this.#own));
	}

	#sent(length: number): void {
		const before = this.buffered;
		this.buffered -= length;
		if (before > connLimits.lowWater && this.buffered <= connLimits.lowWater && !this.#closed)
			this.#events.ondrain();
	}

	/** What ICE and DTLS do: both ends must have applied each other's description, with the right certificates. */
	#connect(remote: Description): void {
		const { clock, latencyMs, endpoints, reachable } = this.#world;
		const peer = endpoints.get(remote.ufrag);
		const mutual =
			peer !== undefined &&
			!peer.#closed &&
			peer.#remote?.ufrag === this.#own.ufrag &&
			equalBytes(peer.#remote.fingerprint, this.#own.fingerprint) &&
			equalBytes(remote.fingerprint, peer.#own.fingerprint) &&
			reachable(this.#host, peer.#host);
		if (!mutual) {
			clock.after(latencyMs, () => this.#end('failed', 'no path, or another certificate'));
			return;
		}
		for (const [end, other] of [
			[this, peer],
			[peer, this],
		] as const) {
			clock.after(latencyMs, () => {
				if (end.#closed) return;
				end.#peer = other;
				end.#world.arrive(end.#host, () => {
					const applied = end.#remote;
					if (!end.#closed && applied)
						end.#events.onopen({ local: end.#own.fingerprint, remote: applied.fingerprint });
				});
			});
		}
	}

	#end(code: ConnClosed['code'], detail: string): void {
		if (this.#closed) return;
		this.#closed = true;
		const { clock, endpoints, latencyMs } = this.#world;
		endpoints.delete(this.#own.ufrag);
		const peer = this.#peer;
		if (peer) {
			const wait = Math.max(0, this.#freeAt - clock.now()) + latencyMs;
			clock.after(wait, () => this.#world.arrive(peer.#host, () => peer.#end('closed-by-peer', '')));
		}
		this.#events.onclose({ type: 'conn-closed', code, detail });
	}
}
