import type { ActivityView } from '#lib/gossip/view.ts';

export const activityWords = {
	'activity.job-posted': 'Job posted',
	'activity.job-failed': 'Job not sent',
	'activity.job-expired': 'Job expired',
	'activity.job-cancelled': 'Job cancelled',
	'activity.offer-received': 'An offer came in',
	'activity.offer-validated': 'Offer checked by a direct call',
	'activity.offer-rejected': 'Offer discarded',
	'activity.offer-refused': 'Your offer was not carried',
	'activity.offer-thanked': 'Thank-you passed on',
	'activity.chosen': 'Worker chosen',
	'activity.declined': 'Offer declined',
	'activity.chat': 'New message',
	'activity.job-done': 'Job done',
	'activity.offer-withdrawn': 'Offer withdrawn',
	'activity.lead-cancelled': 'The customer cancelled the job',
} as const satisfies Record<`activity.${ActivityView['kind']}`, string>;
