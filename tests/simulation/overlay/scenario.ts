import { defaultParameters, type LinkParameters } from '#lib/webrtc/parameters.ts';
import { paths, percentile, shapeOf } from './measure.ts';
import { defaultModel, type Model } from './model.ts';
import type { SimPeer } from './peer.ts';
import { World } from './world.ts';

export interface ScenarioOptions {
	readonly nodes: number;
	readonly seed: number;
	/** Share of the nodes that vanish at once, 0..1. */
	readonly kill: number;
	readonly model?: Partial<Model>;
	readonly parameters?: Partial<LinkParameters>;
	/** Nodes come within this, ms. */
	readonly joinMs?: number;
	/** How long the mesh is watched after the kill, ms; healing counts within the first 20 s. */
	readonly patienceMs?: number;
	/** Two halves that know different relays, and then one joiner who knows both. */
	readonly islands?: boolean;
	/** Minutes of coming and going: sessions of 5 minutes on average, half of them ended without a word. */
	readonly churnMinutes?: number;
}

export interface Result {
	readonly nodes: number;
	readonly components: number;
	readonly minDegree: number;
	readonly maxDegree: number;
	readonly meanPath: number;
	readonly diameter: number;
	readonly firstLinkP50Ms: number;
	readonly threeLinksP95Ms: number;
	/** From the kill to one component whose every member has the least number of links; -1 if it took over 20 s. */
	readonly healMs: number;
	/** Events published at a relay for each node that joined. */
	readonly relayEventsPerJoin: number;
	/** The same by what they were. */
	readonly relayEvents: Readonly<Record<string, number>>;
	/** Before the kill, islands' merging or churn. */
	readonly before: { readonly components: number; readonly minDegree: number; readonly maxDegree: number };
	/** Largest number of links any node had at any time it was looked at. */
	readonly mostDegree: number;
	/** Smallest share of nodes in the largest component at any time it was looked at during churn. */
	readonly leastTogether?: number;
	readonly relayDeliveriesPerJoin: number;
	readonly connectionsPerNode: number;
	/** Of the busiest node, for itself and for others. */
	readonly mostConnections: number;
	readonly traceHash: string;
}

const settleMs = 20_000;
const healWithinMs = 20_000;
const lookMs = 250;

/** Runs one life of a mesh: all join, it settles, then what the options ask for. */
export function runOverlayScenario(options: ScenarioOptions): Result {
	const { nodes, seed, kill, joinMs = 60_000 } = options;
	const parameters = { ...defaultParameters, ...options.parameters };
	const world = new World(seed, { ...defaultModel, ...options.model }, parameters);
	const everybody: SimPeer[] = [];
	let mostDegree = 0;
	let leastTogether = 1;
	const look = () => {
		const shape = shapeOf(world.peers);
		mostDegree = Math.max(mostDegree, shape.maxDegree);
		return shape;
	};
	const join = (islands?: readonly number[]) => everybody.push(world.add(islands));

	for (let i = 0; i < nodes; i++) {
		world.after((i * joinMs) / nodes, () => join(options.islands ? [i % 2] : [0]));
	}
	for (let at = 0; at < joinMs + settleMs; at += 1_000) {
		world.run(1_000);
		look();
	}
	const joined = { ...world.relay, kinds: new Map(world.relay.kinds) };
	const before = look();

	if (options.islands) {
		join([0, 1]);
		for (let at = 0; at < healWithinMs; at += lookMs) {
			world.run(lookMs);
			look();
		}
	}
	if (options.churnMinutes !== undefined) {
		const end = world.now + options.churnMinutes * 60_000;
		while (world.now < end) {
			churn(world, lookMs, nodes, () => join());
			world.run(lookMs);
			if (Math.round(world.now / lookMs) % 4 === 0) {
				const shape = look();
				leastTogether = Math.min(leastTogether, shape.largest / shape.nodes);
			}
		}
		world.run(settleMs);
	}
	let healMs = 0;
	if (kill > 0) {
		healMs = -1;
		const victims = [...world.peers.values()].filter(() => world.dice.below(1_000_000) < kill * 1_000_000);
		for (const victim of victims) world.kill(victim);
		for (let at = lookMs; at <= (options.patienceMs ?? healWithinMs); at += lookMs) {
			world.run(lookMs);
			const { components, minDegree } = look();
			const healed = components === 1 && minDegree >= parameters.minLinks;
			if (healed && healMs < 0 && at <= healWithinMs) healMs = at;
			if (!healed) healMs = -1;
		}
	}
	const after = look();
	const newcomers = everybody.slice(1, nodes);
	const reached = (links: number) => newcomers.map((peer) => peer.reached[links - 1] ?? Infinity);
	return {
		nodes: after.nodes,
		components: after.components,
		minDegree: after.minDegree,
		maxDegree: after.maxDegree,
		...paths(world.peers, 200),
		firstLinkP50Ms: Math.round(percentile(reached(1), 0.5)),
		threeLinksP95Ms: Math.round(percentile(reached(3), 0.95)),
		healMs,
		relayEventsPerJoin: round(joined.published / nodes),
		relayEvents: Object.fromEntries([...joined.kinds].map(([kind, count]) => [kind, round(count / nodes)])),
		before: { components: before.components, minDegree: before.minDegree, maxDegree: before.maxDegree },
		mostDegree,
		...(options.churnMinutes === undefined ? {} : { leastTogether: round(leastTogether) }),
		relayDeliveriesPerJoin: round(joined.delivered / nodes),
		connectionsPerNode: round(everybody.reduce((sum, peer) => sum + peer.dials, 0) / everybody.length),
		mostConnections: everybody.reduce((most, peer) => Math.max(most, peer.dials), 0),
		traceHash: world.traceHash,
	};
}

const meanSessionMs = 300_000;

/** As many come as go. */
function churn(world: World, ms: number, nodes: number, join: () => void): void {
	const leaving = (nodes * ms) / meanSessionMs;
	let count = Math.floor(leaving) + Number(world.dice.below(1_000_000) < (leaving % 1) * 1_000_000);
	while (count-- > 0) {
		const victim = world.dice.pick([...world.peers.values()]);
		if (world.dice.below(2) === 0) world.leave(victim);
		else world.kill(victim);
		join();
	}
}

const round = (value: number): number => Math.round(value * 100) / 100;
