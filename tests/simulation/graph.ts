import { createDice, type Dice } from '../kit/dice.ts';

/** Undirected links of a random graph, each as a pair of node numbers. */
export type Graph = readonly (readonly [number, number])[];

/** A ring, so that it is connected, and random links up to a mean degree; no node has more than `most`. */
export function randomGraph(nodes: number, meanDegree: number, most: number, seed: number): Graph {
	const dice = createDice(seed);
	const degrees = new Array<number>(nodes).fill(0);
	const links = new Map<number, readonly [number, number]>();
	const add = (a: number, b: number): void => {
		const [low, high] = a < b ? [a, b] : [b, a];
		const key = low * nodes + high;
		if (a === b || links.has(key) || (degrees[a] ?? 0) >= most || (degrees[b] ?? 0) >= most) return;
		links.set(key, [low, high]);
		degrees[a] = (degrees[a] ?? 0) + 1;
		degrees[b] = (degrees[b] ?? 0) + 1;
	};
	const ring = shuffle(dice, nodes);
	ring.forEach((node, index) => add(node, ring[(index + 1) % nodes] ?? node));
	const wanted = Math.floor((nodes * meanDegree) / 2);
	for (let tries = 0; links.size < wanted && tries < wanted * 20; tries++)
		add(dice.below(nodes), dice.below(nodes));
	return [...links.values()];
}

/** Ways of a frame between regions of the world, one way in ms: Europe, North and South America, Asia, Australia, Africa. */
const between = [
	[12, 48, 105, 95, 140, 70],
	[48, 18, 75, 90, 100, 110],
	[105, 75, 22, 155, 160, 150],
	[95, 90, 155, 30, 65, 130],
	[140, 100, 160, 65, 15, 165],
	[70, 110, 150, 130, 165, 35],
] as const;

/** Delay of the last mile, ms: fibre, cable, Wi-Fi, mobile, bad mobile. A table, so that every engine draws the same. */
const access = [2, 3, 4, 6, 8, 8, 12, 15, 25, 45] as const;

/** Delays between nodes: where each one is, and how it is connected. */
export function latencies(nodes: number, seed: number): (from: number, to: number) => number {
	const dice = createDice(seed);
	const places = Array.from({ length: nodes }, () => ({
		region: dice.below(between.length),
		access: dice.pick(access),
	}));
	return (from, to) => {
		const a = places[from];
		const b = places[to];
		if (!a || !b) return 0;
		const jitter = dice.below(8);
		return (between[a.region]?.[b.region] ?? 0) + a.access + b.access + jitter;
	};
}

function shuffle(dice: Dice, count: number): number[] {
	const items = Array.from({ length: count }, (_, index) => index);
	for (let i = count - 1; i > 0; i--) {
		const j = dice.below(i + 1);
		[items[i], items[j]] = [items[j] ?? 0, items[i] ?? 0];
	}
	return items;
}
