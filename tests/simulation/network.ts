import type { Bytes, Millis, PeerId, PublicKey } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import { verify, type Verifier } from '#lib/core/crypto/schnorr.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { Agenda } from '#lib/gossip/agenda.ts';
import type { Effect } from '#lib/gossip/effect.ts';
import { meshFrames, meshFrameTypes, type MeshFrame } from '#lib/gossip/wire/frames.ts';
import { defaultParameters, type GossipParameters } from '#lib/gossip/parameters.ts';
import type { PowScheme } from '#lib/pow/schemes.ts';
import type { Strategies } from '#lib/gossip/strategies.ts';
import { SimNode, type Host } from './node.ts';
import { solveBy } from './solver.ts';

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** A frame on its way, as an observer of all links sees it. */
export interface Sent {
	readonly at: Millis;
	readonly from: SimNode;
	readonly to: SimNode;
	readonly bytes: Bytes;
	readonly priority: 0 | 1 | 2;
}

export interface NetworkOptions {
	readonly seed?: number;
	readonly parameters?: Partial<GossipParameters>;
	/** One-way delay of a mesh link, ms. */
	readonly latency?: (from: SimNode, to: SimNode) => number;
	/** What happens to a frame: passed as it is by default, altered, or lost. */
	readonly fate?: (sent: Sent) => Bytes | undefined;
	/** Hashes a second of every virtual solver. */
	readonly hashRate?: number;
	readonly verify?: Verifier;
}

export const relay = 'wss://relay.example';

/** Name of an encoded frame, by its type byte. */
export const kindOf = (bytes: Uint8Array): MeshFrame['kind'] | undefined =>
	meshFrameTypes.find((entry) => entry.type === bytes[1])?.name;

const start = 1_800_000_000_000;
/** One way of a direct call, and of a message left at the rendezvous, ms. */
const callLatency = 60;
const callSetup = 800;
const noteLatency = 300;
/** A call nobody answers is given up after this long, ms. */
const noAnswer = 10_000;

/** Nodes, links and a clock in one process: everything happens at its virtual time, in one order. */
export class Network implements Host {
	readonly nodes = new Map<PeerId, SimNode>();
	/** Frames that were sent, when they are recorded. */
	readonly sent: Sent[] = [];
	recording = true;
	fate: (sent: Sent) => Bytes | undefined;
	/** Nodes whose keys nobody can call now. */
	readonly uncallable = new Set<SimNode>();
	/** Every call, note and listen that left a node: what it dialled. */
	/** What wallets do when they are asked; nodes without one are never asked. */
	readonly tills = new Map<SimNode, (request: EffectOf<'till'>['request']) => void>();
	readonly dialled: (EffectOf<'call'> | EffectOf<'note'>)[] = [];
	readonly #options: NetworkOptions;
	readonly #agenda = new Agenda();
	readonly #listeners = new Map<PublicKey, { readonly node: SimNode; readonly secrets: readonly string[] }>();
	readonly #calls = new Map<string, { readonly node: SimNode; readonly other: string }>();
	readonly #works = new Map<string, () => void>();
	readonly #verified = new Map<string, boolean>();
	#now: Millis = start;
	#lastCall = 0;

	constructor(options: NetworkOptions = {}) {
		this.#options = options;
		this.fate = options.fate ?? ((sent) => sent.bytes);
	}

	now(): Millis {
		return this.#now;
	}

	add(
		name: string,
		own: {
			readonly parameters?: Partial<GossipParameters>;
			readonly strategies?: Strategies;
			readonly schemes?: readonly PowScheme[];
		} = {},
	): SimNode {
		const node = new SimNode(
			{
				name,
				seed: this.#options.seed ?? 1,
				parameters: { ...defaultParameters, ...this.#options.parameters, ...own.parameters },
				...(own.strategies ? { strategies: own.strategies } : {}),
				...(own.schemes ? { schemes: own.schemes } : {}),
				relays: [relay],
				verify: this.#options.verify ?? ((...args) => this.#verify(...args)),
				hashRate: this.#options.hashRate ?? 1_000_000,
			},
			this,
		);
		this.nodes.set(node.peer, node);
		node.dispatch({ kind: 'device', hashRate: node.hashRate, saving: false });
		return node;
	}

	/** Links two nodes; their admission proofs count as paid unless said otherwise. */
	link(a: SimNode, b: SimNode, admitted = true): void {
		a.links.add(b.peer);
		b.links.add(a.peer);
		for (const [node, other] of [[a, b] as const, [b, a] as const]) {
			node.dispatch({ kind: 'link-up', peer: other.peer });
			if (admitted) node.dispatch({ kind: 'link-admitted', peer: other.peer });
		}
	}

	/** a - b - c - ... */
	line(...nodes: readonly SimNode[]): void {
		nodes.slice(1).forEach((node, index) => this.link(nodes[index] ?? node, node));
	}

	unlink(a: SimNode, b: SimNode): void {
		a.links.delete(b.peer);
		b.links.delete(a.peer);
		a.dispatch({ kind: 'link-down', peer: b.peer, reason: 'test' });
		b.dispatch({ kind: 'link-down', peer: a.peer, reason: 'test' });
	}

	/** Closes every link and call of a node, as a tab that goes away does. */
	drop(node: SimNode): void {
		for (const peer of [...node.links]) {
			const other = this.nodes.get(peer);
			if (!other) continue;
			other.links.delete(node.peer);
			other.dispatch({ kind: 'link-down', peer: node.peer, reason: 'gone' });
		}
		node.links.clear();
		for (const [key, listener] of this.#listeners) if (listener.node === node) this.#listeners.delete(key);
		for (const [callId, call] of [...this.#calls]) {
			if (call.node !== node) continue;
			this.#calls.delete(callId);
			this.#close(call.other, 'gone');
		}
	}

	/** Loads a node's tab again, and links it to the same neighbours. */
	reload(node: SimNode, ...topics: readonly string[]): void {
		const neighbours = [...node.links].flatMap((peer) => this.nodes.get(peer) ?? []);
		this.drop(node);
		node.reload();
		node.dispatch({ kind: 'device', hashRate: node.hashRate, saving: false });
		if (topics.length > 0) node.open(...topics);
		for (const other of neighbours) this.link(node, other);
	}

	/** Lets `ms` of virtual time pass. */
	run(ms: number): void {
		const end = this.#now + ms;
		for (let next = this.#agenda.next(); next !== undefined && next <= end; next = this.#agenda.next()) {
			this.#now = Math.max(this.#now, next);
			this.#agenda.runDue(this.#now);
		}
		this.#now = end;
	}

	/** Lets time pass until something is so; fails when it is not within `ms`. */
	until(holds: () => boolean, ms = 120_000, what = 'it'): void {
		for (const end = this.#now + ms; !holds();) {
			const next = this.#agenda.next();
			if (next === undefined || next > end) throw new Error(`${what} did not happen within ${ms} ms`);
			this.#now = Math.max(this.#now, next);
			this.#agenda.runDue(this.#now);
		}
	}

	wake(node: SimNode, at: Millis): void {
		const { engine } = node;
		this.#agenda.at(Math.max(at, this.#now), () => {
			if (node.engine === engine) node.wakeUp(at);
		});
	}

	/** Frames of one kind that travelled, decoded. */
	frames<K extends MeshFrame['kind']>(kind: K) {
		return this.sent.flatMap((sent) => {
			const frame = meshFrames.decode(sent.bytes);
			return frame.ok && frame.value.kind === kind
				? [{ ...sent, frame: frame.value as Extract<MeshFrame, { kind: K }> }]
				: [];
		});
	}

	/** Hands bytes to a node as if `from` had sent them. */
	inject(from: SimNode, to: SimNode, bytes: Uint8Array): void {
		to.dispatch({ kind: 'frame', peer: from.peer, bytes: new Uint8Array(bytes) });
	}

	execute(node: SimNode, effect: Exclude<Effect, { kind: 'commit' }>): void {
		switch (effect.kind) {
			case 'send':
				this.#send(node, effect);
				return;
			case 'disconnect': {
				const other = this.nodes.get(effect.peer);
				if (other) this.#after(0, () => this.unlink(node, other));
				return;
			}
			case 'solve':
				this.#solve(node, effect);
				return;
			case 'stop-solving':
				this.#works.get(`${node.peer} ${effect.workId}`)?.();
				return;
			case 'listen':
				this.#listeners.set(effect.key, { node, secrets: effect.secrets });
				return;
			case 'unlisten':
				this.#listeners.delete(effect.key);
				return;
			case 'call':
				this.#call(node, effect);
				return;
			case 'call-send':
				this.#say(effect);
				return;
			case 'hang-up': {
				const call = this.#calls.get(effect.callId);
				this.#calls.delete(effect.callId);
				if (call) this.#after(callLatency, () => this.#close(call.other, effect.reason));
				return;
			}
			case 'note':
				this.#note(effect);
				return;
			case 'till':
				this.tills.get(node)?.(effect.request);
				return;
			case 'changed':
			case 'notify':
				return;
		}
	}

	/** A timer on the network's clock. */
	after(ms: number, run: () => void): () => void {
		return this.#after(ms, run);
	}

	#after(ms: number, run: () => void): () => void {
		return this.#agenda.at(this.#now + ms, run);
	}

	#send(from: SimNode, { peer, bytes, priority }: EffectOf<'send'>): void {
		const to = this.nodes.get(peer);
		if (!to || !from.links.has(peer)) return;
		const sent: Sent = { at: this.#now, from, to, bytes, priority };
		if (this.recording) this.sent.push(sent);
		const arriving = this.fate(sent);
		if (!arriving) return;
		const { engine } = to;
		this.#after(this.#options.latency?.(from, to) ?? 20, () => {
			if (to.engine === engine && to.links.has(from.peer))
				to.dispatch({ kind: 'frame', peer: from.peer, bytes: arriving });
		});
	}

	/** The proof is real, though tiny; the time it takes is a model's: expected hashes at the node's rate. */
	#solve(node: SimNode, { workId, scheme, seed, complexity, deadline }: EffectOf<'solve'>): void {
		const key = `${node.peer} ${workId}`;
		const { engine } = node;
		const finished = this.#now + Math.ceil((complexity / node.hashRate) * 1_000);
		const cancel = this.#agenda.at(Math.min(finished, deadline), () => {
			this.#works.delete(key);
			if (node.engine !== engine) return;
			if (finished > deadline) node.dispatch({ kind: 'work-failed', workId, detail: 'deadline' });
			else node.dispatch({ kind: 'work-done', workId, ...solveBy(scheme)(seed, complexity) });
		});
		this.#works.set(key, () => {
			cancel();
			this.#works.delete(key);
		});
	}

	#call(from: SimNode, effect: EffectOf<'call'>): void {
		this.dialled.push(effect);
		const { self, peer, secret, relays } = effect;
		this.#after(callSetup, () => {
			const listener = this.#listeners.get(peer);
			const reached =
				listener &&
				relays.includes(relay) &&
				!this.uncallable.has(listener.node) &&
				(listener.secrets.length === 0 || listener.secrets.includes(secret));
			if (!reached) {
				this.#after(noAnswer, () => from.dispatch({ kind: 'call-failed', self, peer, reason: 'no-answer' }));
				return;
			}
			this.#lastCall += 1;
			const [here, there] = [`call ${this.#lastCall} out`, `call ${this.#lastCall} in`];
			const caller = sha256(new TextEncoder().encode(here));
			const callee = sha256(new TextEncoder().encode(there));
			this.#calls.set(here, { node: from, other: there });
			this.#calls.set(there, { node: listener.node, other: here });
			from.dispatch({
				kind: 'call-open',
				callId: here,
				self,
				peer,
				incoming: false,
				secret,
				fingerprints: { local: caller, remote: callee },
			});
			listener.node.dispatch({
				kind: 'call-open',
				callId: there,
				self: peer,
				peer: self,
				incoming: true,
				secret,
				fingerprints: { local: callee, remote: caller },
			});
		});
	}

	#say({ callId, bytes }: EffectOf<'call-send'>): void {
		const call = this.#calls.get(callId);
		if (!call) return;
		this.#after(callLatency, () => {
			const other = this.#calls.get(call.other);
			other?.node.dispatch({ kind: 'call-frame', callId: call.other, bytes });
		});
	}

	#close(callId: string, reason: string): void {
		const call = this.#calls.get(callId);
		this.#calls.delete(callId);
		call?.node.dispatch({ kind: 'call-closed', callId, reason });
	}

	#note(effect: EffectOf<'note'>): void {
		this.dialled.push(effect);
		this.#after(noteLatency, () => {
			const listener = this.#listeners.get(effect.peer);
			if (!listener || this.uncallable.has(listener.node) || !effect.relays.includes(relay)) return;
			listener.node.dispatch({ kind: 'note', to: effect.peer, from: effect.self, body: effect.body });
		});
	}

	/** Every node would check the same signatures: one check serves all. */
	#verify(...[signature, message, key]: Parameters<Verifier>): boolean {
		const name = `${toHex(signature)} ${toHex(message)} ${key}`;
		const known = this.#verified.get(name);
		if (known !== undefined) return known;
		const valid = verify(signature, message, key);
		this.#verified.set(name, valid);
		return valid;
	}
}
