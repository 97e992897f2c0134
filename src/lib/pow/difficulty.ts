import { subPuzzles } from './scheme.ts';

/** What the price of a favour depends on. */
export interface Demand {
	/** Size of the broadcast. */
	readonly bytes: number;
	/** Levels of its topic, 0 = `/`: the shallower, the more nodes it reaches. */
	readonly depth: number;
	/** Load multiplier of this node, at least 1 (`nextLoad`). */
	readonly load: number;
	/** Multiplier of the asking peer, at least 1. */
	readonly peer: number;
}

/** Expected hashes of a 1,000-byte broadcast on a deep topic for a settled peer at an idle node. */
export const defaultBase = 2 ** 22;

/** A fixed cost counts like this many bytes: a small frame is not free to carry. */
const bytesOfOverhead = 1_000;
/** Size whose multiplier is 1. */
const bytesOfUnit = 2_000;
/** Multiplier for depth 0, 1, 2; deeper topics pay 1. */
const breadth = [8, 4, 2] as const;
/** The price stays between `base / 16` and `base * 4096`: never worth nothing, never a bluff. */
const floor = 1 / 16;
const ceiling = 4_096;

/** Complexity to ask for, an integer number of expected hashes: base, size, breadth of topic, load and peer multiplied. */
export function priceOf({ bytes, depth, load, peer }: Demand, base = defaultBase): number {
	const size = (bytes + bytesOfOverhead) / bytesOfUnit;
	const price = base * size * (breadth[depth] ?? 1) * load * peer;
	return Math.max(1, Math.round(Math.min(Math.max(price, base * floor), base * ceiling)));
}

/** Share of its capacity a node wants used. */
const targetUse = 0.7;
/** Largest change of the load multiplier in one step: 1/8, as EIP-1559 moves its base fee. */
const loadStep = 1 / 8;
const maxLoad = 4_096;

/**
 * The load multiplier after one period. It follows how many favours were *used*, never how much work was offered:
 * a few expensive proofs cannot talk the price up for everybody.
 *
 * @param use favours accepted in the period, divided by the node's capacity for one.
 */
export function nextLoad(load: number, use: number): number {
	const excess = Math.min(1, Math.max(-1, (use - targetUse) / targetUse));
	return Math.min(maxLoad, Math.max(1, load * (1 + loadStep * excess)));
}

/** A 95th percentile proof of 16 sub-puzzles takes this many times the mean. */
const p95Factor = 1.44;

export interface WorkEstimate {
	readonly expectedMs: number;
	/** 19 of 20 proofs are done by then. */
	readonly p95Ms: number;
}

/**
 * Time for `complexity` expected hashes at `rate` hashes a second, with `solved` sub-puzzles already done.
 * Infinite at rate 0.
 */
export function estimateWork(complexity: number, rate: number, solved = 0): WorkEstimate {
	const hashes = (complexity * (subPuzzles - solved)) / subPuzzles;
	const expectedMs = hashes === 0 ? 0 : (hashes / rate) * 1_000;
	return { expectedMs, p95Ms: expectedMs * p95Factor };
}

/** The part of a budget that one expected proof may take: the unlucky one must still fit. */
const budgetShare = 0.5;

/**
 * The asker's check before it spends a hash: whether a proof is expected to take at most half of `budgetMs` at this
 * device's measured `rate`. Anything dearer is absurd here: ask another peer, or pay in sats.
 */
export const isAffordable = (complexity: number, rate: number, budgetMs: number): boolean =>
	complexity === 0 || estimateWork(complexity, rate).expectedMs <= budgetShare * budgetMs;
