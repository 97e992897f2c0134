import type { EstimateView, LedgerView } from '#lib/gossip/view.ts';
import { compact, duration } from './format.ts';
import { tJob } from './i18n/job.ts';
import { tNetwork } from './i18n/network.ts';

/** What posting would cost, in one sentence. */
export function costSentence(estimate: EstimateView): string {
	if (estimate.neighbours === 0) return tJob('new.costAlone');
	if (estimate.hashes === 0) return tJob('new.costFree');
	if (estimate.expectedMs === 0) return tJob('new.costUnknown');
	return tJob('new.costWork', {
		expected: duration(estimate.expectedMs),
		p95: duration(estimate.p95Ms),
	});
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
