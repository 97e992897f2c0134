import type { PeerId } from '#lib/core/brand.ts';
import { publicKey, secretFrom, verify } from '#lib/core/crypto/schnorr.ts';
import { initialSlices } from '#lib/app/initial-slices.ts';
import { singleTab } from '#lib/app/keeper.ts';
import { startNode, type NodeDeps } from '#lib/app/node.ts';
import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import type {
	CommandError,
	CommandMessage,
	CommandName,
	Commands,
	NodeConfig,
	Slices,
} from '#lib/app/protocol.ts';
import { onMains } from '#lib/pow/energy.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import { createMemoryStore } from '#lib/store/memory.ts';
import type { RecordStore } from '#lib/store/port.ts';
import { createNodeConns } from '#lib/webrtc/conn/node.ts';
import type { ConnFactory } from '#lib/webrtc/ports.ts';
import { createNostrRendezvous } from '#lib/webrtc/rendezvous/nostr.ts';
import { platformSocket } from '#lib/webrtc/rendezvous/nostr/socket.ts';

export interface HeadlessOptions {
	readonly config: NodeConfig;
	/** One pool may serve all peers of a process; its owner stops it. */
	readonly pool: PowPool;
	/** Lets a test stand between the peer and its connections. */
	wrapConns?(conns: ConnFactory): ConnFactory;
	readonly strategies?: NodeDeps['strategies'];
	/** Reads and pays on a chain, for a peer that has suggestion channels. */
	readonly chain?: NonNullable<NodeDeps['chain']>;
	/** Where its records live; in memory unless given. */
	readonly store?: RecordStore;
	/** For a store that must be able to write keys down. */
	readonly newDeviceKey?: NonNullable<NodeDeps['newDeviceKey']>;
}

/** A peer without a page: the same node as in a tab, on Node's WebRTC. */
export interface HeadlessPeer {
	readonly id: PeerId;
	slice<K extends keyof Slices>(name: K): Slices[K];
	/** Called whenever a slice changed, until the returned function is called. */
	watch(listener: (name: keyof Slices) => void): () => void;
	command<K extends CommandName>(
		name: K,
		args: Commands[K]['args'],
	): Promise<{ ok: true; value: Commands[K]['answer'] } | { ok: false; error: CommandError }>;
	stop(): void;
}

export async function startHeadlessPeer(options: HeadlessOptions): Promise<HeadlessPeer> {
	const { config, pool } = options;
	const secret = secretFrom(systemRandom.bytes(48));
	const id: PeerId = publicKey(secret);
	const conns = createNodeConns({ clock: systemClock, iceServers: config.iceServers });
	let slices: Slices = initialSlices;
	const listeners = new Set<(name: keyof Slices) => void>();
	let nextId = 1;

	const started = await startNode(
		{
			config,
			identity: { id, secret },
			clock: systemClock,
			random: systemRandom,
			origin: 'headless',
			store: options.store ?? createMemoryStore(),
			tabs: singleTab,
			// The pool outlives this peer.
			pool: { ...pool, stop: () => undefined },
			power: onMains,
			conns: options.wrapConns?.(conns) ?? conns,
			...(options.strategies ? { strategies: options.strategies } : {}),
			...(options.chain ? { chain: options.chain } : {}),
			...(options.newDeviceKey ? { newDeviceKey: options.newDeviceKey } : {}),
			rendezvous: (relays, log) => [
				createNostrRendezvous({
					relays,
					network: config.network,
					openSocket: platformSocket,
					clock: systemClock,
					random: systemRandom,
					verify,
					log,
				}),
			],
		},
		{
			onslice(name, value) {
				slices = { ...slices, [name]: value };
				for (const listener of listeners) listener(name);
			},
			onnotify: () => undefined,
			onrestart: (why) => console.error(`headless peer ${id.slice(0, 8)} wants a restart: ${why}`),
			onfatal: (error) => console.error(`headless peer ${id.slice(0, 8)} stopped: ${error.detail}`),
		},
	);
	if (!started.ok) throw new Error(started.error.detail);
	const node = started.value;
	return {
		id,
		slice: (name) => slices[name],
		watch(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		async command(name, args) {
			const answer = await node.command({ type: 'command', id: nextId++, name, args } as CommandMessage);
			return answer.ok ? { ok: true, value: answer.value as never } : { ok: false, error: answer.error };
		},
		stop: () => node.stop('stopped'),
	};
}
