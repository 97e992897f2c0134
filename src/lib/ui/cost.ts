import type { EstimateView, LedgerView } from '#lib/gossip/view.ts';
import { msat } from '#lib/wallet/lightning/msat.ts';
import { compact, duration } from './format.ts';
import { tJob } from './i18n/job.ts';
import { tNetwork } from './i18n/network.ts';
import { sats } from './sats.ts';

/** What posting would cost, in one sentence. */
export function costSentence(estimate: EstimateView): string {
	if (estimate.neighbours === 0) return tJob('new.costAlone');
	if (estimate.hashes === 0) return tJob('new.costFree');
	if (estimate.expectedMs === 0) return tJob('new.costUnknown');
	const work = { expected: duration(estimate.expectedMs), p95: duration(estimate.p95Ms) };
	return estimate.msat === undefined
		? tJob('new.costWork', work)
		: tJob('new.costEither', { ...work, amount: sats(msat(estimate.msat)) });
}

/** Who would be asked, in one sentence; empty without neighbours. */
export function costDetail({ neighbours, onCredit }: EstimateView): string {
	if (neighbours === 0) return '';
	const asked = tJob('new.costNeighbours', { count: neighbours });
	return onCredit === 0 ? `${asked}.` : `${asked}; ${tJob('new.costOnCredit', { count: onCredit })}.`;
}

/** What a neighbour would be asked for a favour now. */
export function askedNow({ complexity }: LedgerView, hashRate: number): string {
	if (complexity === 0) return tNetwork('network.free');
	const hashes = compact(complexity);
	return hashRate === 0
		? tNetwork('network.workOnly', { hashes })
		: tNetwork('network.work-of', { hashes, time: duration((complexity / hashRate) * 1000) });
}
