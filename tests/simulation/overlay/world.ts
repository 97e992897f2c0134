import { sha256 as running } from '@noble/hashes/sha2.js';
import type { Bytes, Millis, PeerId } from '#lib/core/brand.ts';
import { concat, equalBytes, hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { Agenda } from '#lib/gossip/agenda.ts';
import type { OverlayPorts } from '#lib/webrtc/overlay/core.ts';
import type { LinkParameters } from '#lib/webrtc/parameters.ts';
import { createDice, type Dice } from '../../kit/dice.ts';
import { pairNumber, type Model } from './model.ts';
import { SimPeer } from './peer.ts';

const start = 1_800_000_000_000;

/** Events at the relay: what members published, and what it handed on. */
export interface RelayCount {
	published: number;
	delivered: number;
	/** Published, by what it was. */
	readonly kinds: Map<string, number>;
}

/** Peers, links between them, relays and time, in one process: the same seed gives the same run. */
export class World {
	readonly model: Model;
	readonly parameters: LinkParameters;
	readonly dice: Dice;
	readonly agenda = new Agenda();
	readonly peers = new Map<PeerId, SimPeer>();
	readonly relay: RelayCount = { published: 0, delivered: 0, kinds: new Map() };
	readonly #seed: number;
	readonly #trace = running.create();
	/** Members that hear joins, by island. */
	readonly #attending = new Map<number, Set<SimPeer>>();
	#now: Millis = start;
	#made = 0;

	constructor(seed: number, model: Model, parameters: LinkParameters) {
		this.#seed = seed;
		this.model = model;
		this.parameters = parameters;
		this.dice = createDice(seed);
	}

	get now(): Millis {
		return this.#now;
	}

	/** A new tab; `islands` are the relays it knows. */
	add(islands: readonly number[] = [0]): SimPeer {
		const number = this.#made++;
		const id = toHex(sha256(utf8(`peer ${this.#seed} ${number}`))) as PeerId;
		const peer = new SimPeer(this, number, id, islands);
		this.peers.set(id, peer);
		peer.start();
		return peer;
	}

	/** The tab is gone without a word: neighbours notice when nothing is heard from it. */
	kill(peer: SimPeer): void {
		peer.alive = false;
		this.peers.delete(peer.id);
		for (const group of this.#attending.values()) group.delete(peer);
		for (const id of peer.links) {
			const other = this.peers.get(id);
			if (!other) continue;
			// Dead after 10 s of silence; it last spoke at some moment of the last ping period of 5 s.
			this.after(10_000 - this.dice.below(5_000), () => other.lose(peer.id, false));
		}
	}

	/** The tab says goodbye. */
	leave(peer: SimPeer): void {
		peer.alive = false;
		this.peers.delete(peer.id);
		for (const group of this.#attending.values()) group.delete(peer);
		for (const id of peer.links) {
			const other = this.peers.get(id);
			if (other) this.after(this.latency(peer, other), () => other.lose(peer.id, false));
		}
	}

	after(ms: number, run: () => void): () => void {
		return this.agenda.at(this.#now + ms, run);
	}

	run(ms: number): void {
		const end = this.#now + ms;
		for (let next = this.agenda.next(); next !== undefined && next <= end; next = this.agenda.next()) {
			this.#now = Math.max(this.#now, next);
			this.agenda.runDue(this.#now);
		}
		this.#now = end;
	}

	/** One way, ms. */
	latency(a: SimPeer, b: SimPeer): number {
		const [min, max] = this.model.roundTripMs;
		return Math.round((min + (max - min) * pairNumber(a.number, b.number, this.#seed)) / 2);
	}

	/** From publishing to reading: one leg for each of the two. */
	relayLatency(a: SimPeer, b: SimPeer): number {
		const [min, max] = this.model.roundTripMs;
		const leg = (peer: SimPeer) => min + (max - min) * pairNumber(peer.number, -1, this.#seed);
		return Math.round((leg(a) + leg(b)) / 4);
	}

	reachable(a: SimPeer, b: SimPeer): boolean {
		return pairNumber(a.number, b.number, this.#seed + 77) >= this.model.unreachable;
	}

	attend(peer: SimPeer, on: boolean): void {
		for (const island of peer.islands) {
			const group = this.#attending.get(island) ?? new Set();
			this.#attending.set(island, group);
			if (on) group.add(peer);
			else group.delete(peer);
		}
	}

	/** A public event: everybody who attends a relay of the author's hears it, once. */
	announce(from: SimPeer, hear: (reader: SimPeer, via: string) => void): void {
		this.#publish(from, 'join');
		const readers = new Set(from.islands.flatMap((island) => [...(this.#attending.get(island) ?? [])]));
		for (const reader of readers)
			if (reader !== from) this.#deliver(from, reader, () => hear(reader, via(from, reader)));
	}

	/** An event for one reader, who always hears its own inbox. */
	publish(from: SimPeer, to: PeerId, kind: string, arrive: (reader: SimPeer, via: string) => void): void {
		this.#publish(from, kind);
		const reader = this.peers.get(to);
		if (reader?.islands.some((island) => from.islands.includes(island)))
			this.#deliver(from, reader, () => arrive(reader, via(from, reader)));
	}

	portsOf(peer: SimPeer): OverlayPorts {
		const dice = createDice(this.#seed * 1_000_003 + peer.number);
		const signed = (id: string, message: Bytes) => sha256(concat(hexBytes(id), message));
		return {
			self: peer.id,
			network: 'sim',
			random: { bytes: (length) => new Uint8Array(dice.bytes(length)) },
			// A stand-in of the right size: who signs what is checked all the same.
			sign: (message) => concat(signed(peer.id, message), new Uint8Array(32)),
			verify: (signature, message, key) => equalBytes(signature.slice(0, 32), signed(key, message)),
		};
	}

	/** Notes what happened, for the hash of the run. */
	note(what: string, a: SimPeer, b: PeerId | ''): void {
		this.#trace.update(utf8(`${this.#now} ${what} ${a.number} ${b.slice(0, 8)}\n`));
	}

	get traceHash(): string {
		return toHex(this.#trace.clone().digest()).slice(0, 16);
	}

	#publish(from: SimPeer, kind: string): void {
		const { kinds } = this.relay;
		this.relay.published += from.islands.length;
		kinds.set(kind, (kinds.get(kind) ?? 0) + from.islands.length);
	}

	#deliver(from: SimPeer, to: SimPeer, run: () => void): void {
		this.relay.delivered += 1;
		this.after(this.relayLatency(from, to), () => {
			if (to.alive) run();
		});
	}
}

/** A relay that both know. */
const via = (a: SimPeer, b: SimPeer): string =>
	`relay ${a.islands.find((island) => b.islands.includes(island)) ?? ''}`;
