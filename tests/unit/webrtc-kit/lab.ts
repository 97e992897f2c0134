import type { Bytes, PeerId, PublicKey } from '#lib/core/brand.ts';
import { CircuitCarrier } from '#lib/webrtc/circuit/carrier.ts';
import { createCircuitConns } from '#lib/webrtc/circuit/conn.ts';
import { createMemoryNetwork, type MemoryNetwork } from '#lib/webrtc/conn/memory.ts';
import { createDirectLinks } from '#lib/webrtc/direct.ts';
import { createMesh } from '#lib/webrtc/mesh.ts';
import type { LinkParameters } from '#lib/webrtc/parameters.ts';
import type {
	AdmissionSolver,
	ConnFactory,
	DirectEvents,
	DirectLinks,
	Identity,
	Mesh,
	Rendezvous,
} from '#lib/webrtc/ports.ts';
import { createMemoryRelays } from '#lib/webrtc/rendezvous/memory.ts';
import { createSignalling, type Signalling } from '#lib/webrtc/signalling.ts';
import { virtualClock, type VirtualClock } from '../../kit/virtual-clock.ts';
import { identityOf } from './identity.ts';
import { pausableClock } from './pausable-clock.ts';
import { seededRandom } from './random.ts';
import { instantSolver } from './solver.ts';

export interface LabNode {
	readonly host: string;
	readonly id: PeerId;
	readonly identity: Identity;
	readonly mesh: Mesh;
	readonly direct: DirectLinks;
	readonly signalling: Signalling;
	/** What the mesh told, in words: `link b`, `admitted b`, `unlink b: why`. */
	readonly story: string[];
	readonly frames: { readonly from: PeerId; readonly bytes: Bytes }[];
	readonly calls: Parameters<DirectEvents['onopen']>[0][];
	readonly callFrames: { readonly callId: string; readonly bytes: Bytes }[];
	readonly callEnds: string[];
	/** Calls with room again. */
	readonly drains: string[];
	readonly failures: Parameters<DirectEvents['onfailed']>[0][];
	readonly notes: Parameters<DirectEvents['onnote']>[0][];
	/** Freezes the whole tab: its clock and whatever reaches it. */
	freeze(): void;
	thaw(): void;
	neighbours(): readonly PeerId[];
}

export interface LabNodeOptions {
	readonly network?: string;
	readonly parameters?: Partial<LinkParameters>;
	readonly solver?: AdmissionSolver;
	readonly conns?: ConnFactory;
	readonly rendezvous?: readonly Rendezvous[];
	readonly identity?: Identity;
}

export interface Lab {
	readonly clock: VirtualClock;
	readonly net: MemoryNetwork;
	readonly relays: ReturnType<typeof createMemoryRelays>;
	readonly nodes: readonly LabNode[];
	add(options?: LabNodeOptions): LabNode;
	/** Name of a node by its id, for readable expectations. */
	nameOf(id: PeerId | PublicKey): string;
}

/** Many nodes in one process on virtual time, over memory connections and relays. Everything follows from `seed`. */
export function createLab({
	seed = 1,
	latencyMs = 20,
	bytesPerSecond = Infinity,
	reachable = () => true,
}: {
	seed?: number;
	latencyMs?: number;
	bytesPerSecond?: number;
	reachable?: (a: string, b: string) => boolean;
} = {}): Lab {
	const clock = virtualClock();
	const net = createMemoryNetwork({
		clock,
		random: seededRandom(seed),
		latencyMs,
		bytesPerSecond,
		reachable,
	});
	const relays = createMemoryRelays({ clock, random: seededRandom(seed + 1), delayMs: [20, 60] });
	const nodes: LabNode[] = [];
	const nameOf = (id: PeerId | PublicKey) =>
		nodes.find((node) => node.id === (id as string))?.host ?? id.slice(0, 8);

	return {
		clock,
		net,
		relays,
		nodes,
		nameOf,
		add(options = {}) {
			const host = `n${nodes.length}`;
			const identity = options.identity ?? identityOf(seed * 10_000 + nodes.length);
			const own = pausableClock(clock);
			const story: string[] = [];
			const frames: LabNode['frames'] = [];
			const signalling = createSignalling({
				identity,
				rendezvous: options.rendezvous ?? [relays.rendezvous()],
				log: () => {},
			});
			const deps = {
				identity,
				network: options.network ?? 'lab',
				clock: own,
				random: seededRandom(seed * 20_000 + nodes.length),
				conns: options.conns ?? net.conns(host),
				signalling,
				solver: options.solver ?? instantSolver,
				log: () => {},
				parameters: { admissionComplexity: 64, ...options.parameters },
			};
			const mesh = createMesh(deps);
			const carrier = new CircuitCarrier({
				now: () => own.now(),
				neighbours: () => mesh.links().map(({ peer }) => peer),
				send: (peer, bytes) => mesh.send(peer, bytes, 2),
			});
			const circuits = createCircuitConns({
				carrier,
				clock: own,
				random: seededRandom(seed * 30_000 + nodes.length),
			});
			const direct = createDirectLinks({ ...deps, circuits });
			const node: LabNode = {
				host,
				id: mesh.id,
				identity,
				mesh,
				direct,
				signalling,
				story,
				frames,
				calls: [],
				callFrames: [],
				callEnds: [],
				drains: [],
				failures: [],
				notes: [],
				freeze() {
					own.pause();
					net.freeze(host);
				},
				thaw() {
					net.thaw(host);
					own.resume();
				},
				neighbours: () => mesh.links().map((link) => link.peer),
			};
			nodes.push(node);
			signalling.start();
			direct.start({
				onopen: (call) => node.calls.push(call),
				onframe: (callId, bytes) => node.callFrames.push({ callId, bytes }),
				ondrain: (callId) => node.drains.push(callId),
				onclose: (callId, reason) => node.callEnds.push(`${callId} ${reason}`),
				onfailed: (failure) => node.failures.push(failure),
				onnote: (note) => node.notes.push(note),
			});
			mesh.start({
				onlink: (peer) => story.push(`link ${nameOf(peer)}`),
				onadmission: (peer) => story.push(`admitted ${nameOf(peer)}`),
				onunlink(peer, reason) {
					carrier.unlinked(peer);
					story.push(`unlink ${nameOf(peer)}: ${reason}`);
				},
				oncircuit: (peer, bytes) => carrier.receive(peer, bytes),
				onframe: (from, bytes) => frames.push({ from, bytes }),
				onchange: () => {},
			});
			return node;
		},
	};
}

/** Sizes of the connected parts among `nodes`, largest first, counting a link only where both ends have it. */
export function components(nodes: readonly LabNode[]): readonly number[] {
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const left = new Set(nodes);
	const sizes: number[] = [];
	for (const start of nodes) {
		if (!left.delete(start)) continue;
		const queue = [start];
		let size = 0;
		for (let node = queue.pop(); node; node = queue.pop()) {
			size += 1;
			for (const peer of node.neighbours()) {
				const other = byId.get(peer);
				if (other?.neighbours().includes(node.id) && left.delete(other)) queue.push(other);
			}
		}
		sizes.push(size);
	}
	return sizes.sort((a, b) => b - a);
}
