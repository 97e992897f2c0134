import type { PeerId } from '#lib/core/brand.ts';
import { randomInt, type Random } from '#lib/core/random.ts';
import type { LinkParameters } from '../parameters.ts';

/** A link as the policy sees it. */
export interface Neighbour {
	readonly peer: PeerId;
	/** This node asked for the link. */
	readonly dialled: boolean;
	/** Links the neighbour has, as it says. */
	readonly degree: number;
}

/** Somebody with room, not linked and not being dialled. */
export interface Candidate {
	readonly peer: PeerId;
	readonly degree: number;
}

export interface Neighbourhood {
	readonly neighbours: readonly Neighbour[];
	/** Calls of ours on their way. */
	readonly dialling: number;
	/** Calls to us being answered. */
	readonly answering: number;
	readonly candidates: readonly Candidate[];
	readonly hidden: boolean;
}

/** Who to link to: pure decisions, so that another overlay replaces this one without touching the mesh. */
export interface NeighbourPolicy {
	dial(of: Neighbourhood, random: Random): readonly PeerId[];
	accepts(of: Neighbourhood): boolean;
	/** Whether to tell one who wants neighbours that there is room here. */
	welcomes(of: Neighbourhood): boolean;
	/** `urgent`: few enough links to ask at once and soon again; `some`: to ask now and then. */
	need(of: Neighbourhood): 'none' | 'some' | 'urgent';
	/** Links to give back. */
	release(of: Neighbourhood): readonly PeerId[];
}

/**
 * Everybody dials a few at random and accepts many more. A random graph with an out-degree of 5 stays connected
 * with half of its nodes gone, as long as the cap for accepting is far enough above the mean of 10.
 */
export function randomNeighbours(parameters: LinkParameters): NeighbourPolicy {
	const target = (of: Neighbourhood) => (of.hidden ? parameters.hiddenTargetLinks : parameters.targetLinks);
	const most = (of: Neighbourhood) => (of.hidden ? parameters.hiddenMaxLinks : parameters.maxLinks);
	const taken = (of: Neighbourhood) => of.neighbours.length + of.dialling + of.answering;

	return {
		dial(of, random) {
			const dialled = of.neighbours.filter((neighbour) => neighbour.dialled).length;
			const wanted = Math.min(target(of) - dialled - of.dialling, most(of) - taken(of));
			return pickLowDegree(of.candidates, wanted, random);
		},
		accepts: (of) => taken(of) < most(of),
		// A hidden tab greets only while it is short of links itself: others are awake to do it.
		welcomes: (of) => taken(of) < (of.hidden ? parameters.hiddenTargetLinks : parameters.maxLinks),
		need(of) {
			if (of.neighbours.length < Math.min(parameters.minLinks, target(of))) return 'urgent';
			return of.neighbours.length < target(of) ? 'some' : 'none';
		},
		release(of) {
			const surplus = of.neighbours.length - most(of);
			if (surplus <= 0) return [];
			// Who has most links misses this one least.
			const byDegree = [...of.neighbours].sort((a, b) => b.degree - a.degree || (a.peer < b.peer ? -1 : 1));
			return byDegree.slice(0, surplus).map((neighbour) => neighbour.peer);
		},
	};
}

/** Draws two at random and takes the one with fewer links, until `count` are chosen. */
function pickLowDegree(candidates: readonly Candidate[], count: number, random: Random): readonly PeerId[] {
	const left = [...candidates];
	const chosen: PeerId[] = [];
	while (chosen.length < count && left.length > 0) {
		const [a, b] = [randomInt(random, left.length), randomInt(random, left.length)];
		const index = (left[a]?.degree ?? 0) <= (left[b]?.degree ?? 0) ? a : b;
		for (const { peer } of left.splice(index, 1)) chosen.push(peer);
	}
	return chosen;
}
