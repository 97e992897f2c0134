import * as ldk from 'lightningdevkit';
import { createChain, fabricateFunding, type SimulatedChain } from './chain.ts';
import { must } from './library.ts';
import { createNode, type LdkNode } from './node.ts';
import { createWires } from './wires.ts';

/** Several Lightning nodes on a chain of their own, moved on by one loop that yields between its turns. */
export interface LdkNetwork {
	readonly chain: SimulatedChain;
	node(name: string): LdkNode;
	/** Calls back for every event of a node that is the wallet's business. */
	onEvent(node: LdkNode, listener: (event: ldk.Event) => void): () => void;
	connect(a: LdkNode, b: LdkNode): void;
	/** Takes a node off the network; its channels stay. */
	disconnect(node: LdkNode): void;
	/** Connects it again to whomever it was connected to. */
	reconnect(node: LdkNode): void;
	/** Opens and confirms an announced channel; `pushSats` of it are the other side's. */
	openChannel(from: LdkNode, to: LdkNode, sats: number, pushSats: number): Promise<void>;
	/** Mines block after block, each time until the nodes are done with it. */
	mine(blocks: number): Promise<void>;
	/** Something was asked of a node: moves the network on. */
	kick(): void;
	/** Resolves when no node has anything left to say or to do. */
	quiet(): Promise<void>;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** @param now seconds. */
export function createLdkNetwork(now: () => number): LdkNetwork {
	const chain = createChain(now);
	const wires = createWires();
	const nodes: LdkNode[] = [];
	const listeners = new Map<LdkNode, Set<(event: ldk.Event) => void>>();
	const acquaintances: (readonly [LdkNode, LdkNode])[] = [];
	let funding = 0;
	let running: Promise<void> | undefined;
	let wishes = 0;

	/** One round of every node; false when nothing moved. */
	function step(): boolean {
		let moved = false;
		for (const node of nodes) {
			node.peers.process_events();
			for (const event of node.takeEvents()) {
				moved = true;
				handle(node, event);
			}
		}
		return wires.deliver() || moved;
	}

	async function run(): Promise<void> {
		let met: number;
		do {
			met = wishes;
			while (step()) await turn();
			await turn();
		} while (met !== wishes);
		running = undefined;
	}

	function kick(): void {
		wishes++;
		running ??= run();
	}

	function handle(node: LdkNode, event: ldk.Event): void {
		if (event instanceof ldk.Event_FundingGenerationReady) fund(node, event);
		else if (event instanceof ldk.Event_PendingHTLCsForwardable) node.manager.process_pending_htlc_forwards();
		else for (const listener of listeners.get(node) ?? []) listener(event);
	}

	function fund(node: LdkNode, event: ldk.Event_FundingGenerationReady): void {
		const transaction = fabricateFunding(event.output_script, event.channel_value_satoshis, ++funding);
		const { temporary_channel_id: id, counterparty_node_id: peer } = event;
		must(node.manager.funding_transaction_generated(id, peer, transaction), `${node.name} funds a channel`);
	}

	function connect(a: LdkNode, b: LdkNode): void {
		wires.connect(a, b);
		acquaintances.push([a, b]);
		kick();
	}

	async function quiet(): Promise<void> {
		kick();
		while (running) await running;
	}

	async function mine(blocks: number): Promise<void> {
		for (let i = 0; i < blocks; i++) {
			chain.mine(1);
			await quiet();
		}
	}

	return {
		chain,
		node(name) {
			const node = createNode(name, nodes.length + 1, chain, now());
			nodes.push(node);
			listeners.set(node, new Set());
			return node;
		},
		onEvent(node, listener) {
			listeners.get(node)?.add(listener);
			return () => listeners.get(node)?.delete(listener);
		},
		connect,
		disconnect(node) {
			wires.cut(node);
			kick();
		},
		reconnect(node) {
			for (const [a, b] of acquaintances) if (a === node || b === node) wires.connect(a, b);
			kick();
		},
		async openChannel(from, to, sats, pushSats) {
			const opened = from.manager.create_channel(
				to.id,
				BigInt(sats),
				BigInt(pushSats) * 1_000n,
				1n,
				null,
				null,
			);
			must(opened, `${from.name} opens a channel to ${to.name}`);
			await quiet();
			// One block confirms it, six announce it.
			await mine(6);
			for (const node of nodes) {
				node.peers.timer_tick_occurred();
				node.manager.timer_tick_occurred();
			}
			await quiet();
		},
		mine,
		kick,
		quiet,
	};
}
