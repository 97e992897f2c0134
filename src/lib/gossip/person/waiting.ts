import { count, type Errand } from '../carrying/errand.ts';
import type { OwnJob } from './jobs.ts';
import type { ReceivedOfferRecord } from '../records.ts';
import type { OwnOffer } from './own-offer.ts';
import type { Waiting } from '../view.ts';

/** Who acts next for a job of mine; undefined when it has ended. */
export function jobWaiting(
	{ record, core, deadline }: OwnJob,
	errand: Errand | undefined,
	offers: readonly ReceivedOfferRecord[],
): Waiting | undefined {
	const until = core.expiresAt;
	switch (record.status) {
		case 'posting': {
			if (deadline === undefined)
				return { actor: 'this-device', step: 'find-neighbours', until, otherwise: 'job-expires' };
			if (errand && count(errand, (asking) => asking.state === 'working') > 0)
				return { actor: 'this-device', step: 'do-work', until, otherwise: 'job-fails' };
			return { actor: 'neighbours', step: 'agree-terms', until: deadline, otherwise: 'job-fails' };
		}
		case 'open':
			return offers.some((offer) => offer.state === 'validated' || offer.state === 'thanked')
				? { actor: 'you', step: 'choose-worker', until, otherwise: 'job-expires' }
				: { actor: 'worker', step: 'collect-offers', until, otherwise: 'job-expires' };
		case 'filled':
			return offers.some((offer) => offer.state === 'chosen' && offer.workerDone)
				? { actor: 'you', step: 'confirm-done', otherwise: 'nothing' }
				: { actor: 'worker', step: 'do-job', otherwise: 'nothing' };
		default:
			return undefined;
	}
}

/** Who acts next for an offer I received. */
export function offerWaiting(offer: ReceivedOfferRecord, { core, record }: OwnJob): Waiting | undefined {
	const until = core.expiresAt;
	const open = record.status === 'open' || record.status === 'filled' || record.status === 'posting';
	switch (offer.state) {
		case 'opened':
			return { actor: 'this-device', step: 'call-worker', otherwise: 'retry' };
		case 'calling':
			return { actor: 'worker', step: 'call-worker', otherwise: 'retry' };
		case 'unreachable':
			return open ? { actor: 'you', step: 'retry-call', until, otherwise: 'offer-lapses' } : undefined;
		case 'validated':
			return { actor: 'this-device', step: 'send-thanks', otherwise: 'retry' };
		case 'thanked':
			return open ? { actor: 'you', step: 'choose-worker', until, otherwise: 'offer-lapses' } : undefined;
		case 'chosen':
			if (record.status !== 'filled') return undefined;
			return offer.workerDone
				? { actor: 'you', step: 'confirm-done', otherwise: 'nothing' }
				: { actor: 'worker', step: 'do-job', otherwise: 'nothing' };
		default:
			return undefined;
	}
}

/** Who acts next for an offer of mine. */
export function myOfferWaiting({ record, core, handedOn }: OwnOffer): Waiting | undefined {
	const until = core.expiresAt;
	switch (record.state) {
		case 'sent':
			return handedOn
				? { actor: 'customer', step: 'validate-offer', until, otherwise: 'offer-lapses' }
				: { actor: 'neighbours', step: 'carry-reply', until, otherwise: 'offer-lapses' };
		case 'validated':
			return { actor: 'customer', step: 'thank-worker', until, otherwise: 'offer-lapses' };
		case 'thanked':
			return { actor: 'customer', step: 'choose-offer', until, otherwise: 'offer-lapses' };
		case 'chosen':
			return record.announcement?.state === 'done'
				? { actor: 'customer', step: 'confirm-done', otherwise: 'nothing' }
				: { actor: 'you', step: 'do-job', otherwise: 'nothing' };
		default:
			return undefined;
	}
}
