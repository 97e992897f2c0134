import type { JobView, LeadView, MyOfferView, OfferView } from '#lib/gossip/view.ts';

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
