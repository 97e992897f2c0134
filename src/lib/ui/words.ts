import type {
	EstimateView,
	JobView,
	LeadView,
	LedgerView,
	MyOfferView,
	OfferView,
} from '#lib/gossip/view.ts';
import { compact, duration } from './format.ts';
import { t } from './i18n/t.ts';

/** What posting would cost, in one sentence. */
export function costSentence(estimate: EstimateView): string {
	if (estimate.neighbours === 0) return t('new.costAlone');
	if (estimate.hashes === 0) return t('new.costFree');
	if (estimate.expectedMs === 0) return t('new.costUnknown');
	return t('new.costWork', {
		expected: duration(estimate.expectedMs),
		p95: duration(estimate.p95Ms),
	});
}

/** Who would be asked, in one sentence; empty without neighbours. */
export function costDetail({ neighbours, onCredit }: EstimateView): string {
	if (neighbours === 0) return '';
	const asked = t('new.costNeighbours', { count: neighbours });
	return onCredit === 0 ? `${asked}.` : `${asked}; ${t('new.costOnCredit', { count: onCredit })}.`;
}

/** What a neighbour would be asked for a favour now. */
export function askedNow({ complexity }: LedgerView, hashRate: number): string {
	if (complexity === 0) return t('network.free');
	const hashes = compact(complexity);
	return hashRate === 0
		? t('network.workOnly', { hashes })
		: t('network.work-of', { hashes, time: duration((complexity / hashRate) * 1000) });
}

export type Tone = 'calm' | 'good' | 'warn' | 'bad';

export const jobTone: Readonly<Record<JobView['status'], Tone>> = {
	posting: 'warn',
	open: 'good',
	filled: 'good',
	done: 'calm',
	cancelled: 'calm',
	expired: 'warn',
	failed: 'bad',
};

/** A job in one of these states can be posted again. */
export const renewable: ReadonlySet<JobView['status']> = new Set(['cancelled', 'expired', 'failed']);

export const offerTone: Readonly<Record<OfferView['state'], Tone>> = {
	opened: 'calm',
	calling: 'warn',
	unreachable: 'warn',
	rejected: 'bad',
	validated: 'good',
	thanked: 'good',
	chosen: 'good',
	declined: 'calm',
	done: 'good',
	withdrawn: 'calm',
};

export const myOfferTone: Readonly<Record<MyOfferView['state'], Tone>> = {
	sent: 'warn',
	refused: 'bad',
	validated: 'good',
	thanked: 'good',
	chosen: 'good',
	declined: 'calm',
	done: 'good',
	cancelled: 'calm',
	expired: 'warn',
	withdrawn: 'calm',
};

/** States in which the two sides may write to each other. */
export const customerMayChat: ReadonlySet<OfferView['state']> = new Set([
	'validated',
	'thanked',
	'chosen',
	'done',
]);
export const workerMayChat: ReadonlySet<MyOfferView['state']> = new Set([
	'validated',
	'thanked',
	'chosen',
	'done',
]);

export const leadTone: Readonly<Record<LeadView['status'], Tone>> = {
	open: 'good',
	offered: 'good',
	cancelled: 'calm',
	expired: 'warn',
	hidden: 'calm',
};
