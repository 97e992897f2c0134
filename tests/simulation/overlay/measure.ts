import type { PeerId } from '#lib/core/brand.ts';
import type { SimPeer } from './peer.ts';

export interface Shape {
	readonly nodes: number;
	readonly components: number;
	/** Of the largest component. */
	readonly largest: number;
	readonly minDegree: number;
	readonly maxDegree: number;
}

/** Sizes of the connected parts, largest first; a link counts where both ends have it. */
export function components(peers: ReadonlyMap<PeerId, SimPeer>): readonly number[] {
	const left = new Set(peers.values());
	const sizes: number[] = [];
	for (const first of peers.values()) {
		if (!left.delete(first)) continue;
		const queue = [first];
		let size = 0;
		for (let peer = queue.pop(); peer; peer = queue.pop()) {
			size += 1;
			for (const other of neighboursOf(peers, peer)) if (left.delete(other)) queue.push(other);
		}
		sizes.push(size);
	}
	return sizes.sort((a, b) => b - a);
}

export function shapeOf(peers: ReadonlyMap<PeerId, SimPeer>): Shape {
	const sizes = components(peers);
	const degrees = [...peers.values()].map((peer) => peer.links.size);
	return {
		nodes: peers.size,
		components: sizes.length,
		largest: sizes[0] ?? 0,
		minDegree: degrees.reduce((a, b) => Math.min(a, b), Infinity),
		maxDegree: degrees.reduce((a, b) => Math.max(a, b), 0),
	};
}

/** Mean and longest shortest path, from up to `samples` peers to all. */
export function paths(
	peers: ReadonlyMap<PeerId, SimPeer>,
	samples: number,
): { readonly meanPath: number; readonly diameter: number } {
	const all = [...peers.values()];
	const step = Math.max(1, Math.floor(all.length / samples));
	let total = 0;
	let count = 0;
	let diameter = 0;
	for (let i = 0; i < all.length; i += step) {
		const first = all[i]!;
		const distance = new Map([[first, 0]]);
		for (const [peer, hops] of distance)
			for (const other of neighboursOf(peers, peer)) if (!distance.has(other)) distance.set(other, hops + 1);
		for (const hops of distance.values()) {
			total += hops;
			diameter = Math.max(diameter, hops);
		}
		count += distance.size - 1;
	}
	return { meanPath: Math.round((100 * total) / Math.max(1, count)) / 100, diameter };
}

/** The value at a share of the sorted list; Infinity where some never got there. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const neighboursOf = (peers: ReadonlyMap<PeerId, SimPeer>, peer: SimPeer): SimPeer[] =>
	[...peer.links].flatMap((id) => {
		const other = peers.get(id);
		return other?.links.has(peer.id) ? [other] : [];
	});
