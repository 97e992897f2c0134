import type { Topic } from '#lib/core/brand.ts';
import { estimateWork, priceOf } from '#lib/pow/difficulty.ts';
import type { Context } from '../context.ts';
import type { Ledger } from './ledger.ts';
import type { Neighbour, Neighbours } from './neighbours.ts';
import { topicDepth } from '../topic.ts';
import type { MeshFrameOf } from '../wire/frames.ts';
import type { EstimateView } from '../view.ts';
import type { WorkBudget } from './work-budget.ts';

/** Notes what a neighbour asked, for the next estimate. What is paid for already costs nothing more. */
export function rememberPrice(
	neighbour: Neighbour,
	{ powComplexity = 0, priceMsat, packSize = 1, packHash }: MeshFrameOf<'AskForFavourReply'>,
): void {
	neighbour.lastAsked = packHash ? 0 : powComplexity;
	if (priceMsat === undefined) delete neighbour.lastMsat;
	else neighbour.lastMsat = Math.ceil(priceMsat / Math.max(1, packSize));
}

/** Bytes of a job besides its message and topic: keys, times and signature. */
const overhead = 160;

/**
 * What posting would cost now, as far as it can be known before asking: a neighbour's ledger is taken to mirror
 * mine, and one that asked for work last time to ask for as much again.
 */
export function estimateCost(
	topic: Topic,
	messageBytes: number,
	parts: {
		readonly context: Context;
		readonly neighbours: Neighbours;
		readonly ledger: Ledger;
		readonly budget: WorkBudget;
	},
): EstimateView {
	const { parameters } = parts.context;
	const asked = [...parts.neighbours.all()].slice(0, parameters.fanOut);
	const newcomer = priceOf(
		{ bytes: messageBytes + overhead, depth: topicDepth(topic), load: 1, peer: parameters.newcomerFactor },
		parameters.baseComplexity,
	);
	const prices = asked.map(({ peer, lastAsked, lastMsat }) => ({
		work:
			lastAsked === 0 || (lastAsked === undefined && parts.ledger.expectedCredit(peer) >= 1)
				? 0
				: (lastAsked ?? newcomer),
		msat: lastMsat,
	}));
	const priced = prices.filter(({ work }) => work > 0).sort((a, b) => a.work - b.work);
	const onCredit = prices.length - priced.length;
	const paid = priced.slice(0, Math.max(0, parameters.wantedCarriers - onCredit));
	const hashes = paid.reduce((sum, { work }) => sum + work, 0);
	const inSats = parts.context.money.terms.pays && paid.every(({ msat }) => msat !== undefined);
	return {
		neighbours: asked.length,
		onCredit,
		hashes,
		...estimateWork(hashes, parts.budget.hashRate),
		...(inSats && hashes > 0 ? { msat: paid.reduce((sum, { msat = 0 }) => sum + msat, 0) } : {}),
	};
}
