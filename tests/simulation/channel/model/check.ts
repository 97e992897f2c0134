import { round } from '#lib/channel/channel.ts';
import { closeOf } from '#lib/channel/rounds/dispute.ts';
import { channelOf } from '../seals.ts';
import { movesFrom, type ModelBounds } from './moves.ts';
import { firstState, StateNames, type ModelState } from './state.ts';

export interface ModelResult {
	readonly rounds: number;
	readonly states: number;
	readonly transitions: number;
	/** Longest of the shortest ways to a state. */
	readonly depth: number;
	readonly unsafe: number;
	/** States from which no world ends the channel or all its rounds, though from then on everything works. */
	readonly stuck: number;
	/** What happened up to the first unsafe or stuck state, and what is wrong there. */
	readonly trace?: readonly string[];
}

/** How a state was first reached, for the trace. */
interface Origin {
	readonly from: number;
	readonly move: string;
}

/**
 * Every state that a channel of so many rounds can come to, breadth first, with the real machines. Stops at the first
 * unsafe one.
 */
export function checkModel(
	rounds: number,
	options: Omit<ModelBounds, 'channel'>,
	progress: (states: number, depth: number) => void = () => undefined,
): ModelResult {
	const channel = channelOf(rounds);
	const bounds = { ...options, channel };
	const first = firstState(channel);
	const names = new StateNames();
	const known = new Map([[names.digest(first), 0]]);
	const origins: Origin[] = [{ from: -1, move: 'at the start' }];
	/** Where each state goes in a world in which everything works; itself where the goal is reached. */
	const calm: number[] = [];
	let frontier: ModelState[] = [first];
	let ids = [0];
	let depth = 0;
	let transitions = 0;
	const result = (more: Partial<ModelResult>): ModelResult => ({
		rounds,
		states: known.size,
		transitions,
		depth,
		unsafe: 0,
		stuck: 0,
		...more,
	});
	const trace = (id: number): string[] => {
		const steps: string[] = [];
		for (let at = id; at > 0; at = origins[at]?.from ?? -1) steps.push(origins[at]?.move ?? '');
		return steps.reverse();
	};

	while (frontier.length > 0) {
		progress(known.size, depth);
		const next: ModelState[] = [];
		const nextIds: number[] = [];
		for (const [index, state] of frontier.entries()) {
			const id = ids[index] ?? 0;
			calm[id] = isDone(state, rounds) ? id : -1;
			for (const move of movesFrom(state, bounds, names)) {
				transitions += 1;
				if (move.unsafe !== undefined)
					return result({ unsafe: 1, trace: [...trace(id), move.name, move.unsafe] });
				const digest = names.digest(move.next);
				let to = known.get(digest);
				if (to === undefined) {
					to = known.size;
					known.set(digest, to);
					origins.push({ from: id, move: move.name });
					next.push(move.next);
					nextIds.push(to);
				}
				if (move.calm && calm[id] === -1) calm[id] = to;
			}
		}
		frontier = next;
		ids = nextIds;
		if (next.length > 0) depth += 1;
	}
	const stuck = stuckIn(calm);
	const [one] = stuck;
	return result({ stuck: stuck.length, ...(one === undefined ? {} : { trace: trace(one) }) });
}

/**
 * All rounds are answered and known to both, or the channel ends in agreement: whoever has both signatures submits them
 * with every look at the chain (rounds/dispute.ts).
 */
const isDone = ({ user, suggester }: ModelState, rounds: number): boolean =>
	closeOf(suggester.play) !== undefined ||
	[user, suggester].every(({ play: { newest } }) => newest !== undefined && round(newest.tally) === rounds);

/** States whose calm way leads in a circle, or ends, before the goal. */
function stuckIn(calm: readonly number[]): number[] {
	const verdicts = new Map<number, boolean>();
	for (const start of calm.keys()) {
		const path: number[] = [];
		const onPath = new Set<number>();
		let at = start;
		while (!verdicts.has(at) && !onPath.has(at) && at >= 0 && calm[at] !== at) {
			path.push(at);
			onPath.add(at);
			at = calm[at] ?? -1;
		}
		const good = verdicts.get(at) ?? (at >= 0 && calm[at] === at);
		verdicts.set(at, good);
		for (const each of path) verdicts.set(each, good);
	}
	return [...calm.keys()].filter((id) => verdicts.get(id) === false);
}
