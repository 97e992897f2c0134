import type { Millis } from '#lib/core/brand.ts';
import { isOver, type Carriage } from '#lib/gossip/settling/carriage.ts';
import type { PaymentRecord } from '#lib/gossip/settling/records.ts';
import { msat } from '#lib/wallet/lightning/msat.ts';
import { counted, day } from '#lib/wallet/lightning/policy.ts';
import type { Confirmation } from '#lib/wallet/lightning/till.ts';
import type { WalletErrorCode } from '#lib/wallet/lightning/port.ts';
import type {
	ConfirmationView,
	LightningView,
	LockView,
	ReceiptView,
	SpendingPolicy,
	Sums,
} from './protocol.ts';

/** Payments and replies as the page is shown them: what moves, what ended, what is sure. */

/** Newest receipts shown. */
const mostReceipts = 100;

export interface Books {
	readonly payments: readonly PaymentRecord[];
	readonly carriages: readonly Carriage[];
	/** Favours that were paid for, and what they brought, msat. */
	readonly favours: { readonly count: number; readonly msat: number };
}

const sum = <T>(items: readonly T[], amount: (item: T) => number): number =>
	items.reduce((total, item) => total + amount(item), 0);

/** Mine for good: taken with the secret, or a paid bill. */
const hasCome = ({ incoming }: Carriage): boolean =>
	incoming?.state === 'settled' || incoming?.state === 'paid';
const isPromised = ({ incoming }: Carriage): boolean =>
	incoming !== undefined && ['locked', 'promised', 'settling', 'billing', 'billed'].includes(incoming.state);

export function sumsOf({ payments, carriages, favours }: Books, policy: SpendingPolicy, now: Millis): Sums {
	const started = payments.filter(({ state }) => state === 'started');
	const ofLegs = (legs: readonly Carriage[]) => sum(legs, ({ incoming }) => incoming?.msat ?? 0);
	const amount = ({ msat: value }: PaymentRecord) => value;
	const today = payments.filter(({ auto, at, state }) => auto && (state === 'started' || at > now - day));
	return {
		lockedMsat: msat(
			sum(
				started.filter(({ hold }) => hold),
				amount,
			),
		),
		pendingMsat: msat(
			sum(
				started.filter(({ hold }) => !hold),
				amount,
			),
		),
		promisedMsat: msat(ofLegs(carriages.filter(isPromised))),
		earnedMsat: msat(ofLegs(carriages.filter(hasCome)) + favours.msat),
		spentMsat: msat(
			sum(
				payments.filter(({ state }) => state === 'settled'),
				(payment) => payment.msat + payment.feeMsat,
			),
		),
		refundedMsat: msat(
			sum(
				payments.filter(({ state, hold }) => state === 'failed' && hold),
				amount,
			),
		),
		leftTodayMsat: msat(Math.max(0, policy.dayMsat - sum(today, counted))),
	};
}

/** What replies brought after what carrying them on cost, and favours. */
export function earnedOf({ carriages, favours }: Books): LightningView['earned'] {
	const carried = carriages.filter(hasCome);
	const margin = ({ incoming, outgoing }: Carriage) =>
		(incoming?.msat ?? 0) - (outgoing?.state === 'paid' ? outgoing.msat : 0);
	return {
		msat: msat(Math.max(0, sum(carried, margin) + favours.msat)),
		replies: carried.length,
		favours: favours.count,
	};
}

const inState: Partial<Record<NonNullable<Carriage['incoming']>['state'], LockView['state']>> = {
	making: 'waiting',
	open: 'waiting',
	locked: 'locked',
	settling: 'settling',
	cancelling: 'refunding',
	promised: 'owed',
	billing: 'owed',
	billed: 'owed',
};

export function locksOf({ payments, carriages }: Books): readonly LockView[] {
	const out = payments
		.filter(({ state }) => state === 'started')
		.map((payment): LockView => ({
			id: payment.id,
			direction: 'out',
			state: payment.hold ? 'locked' : 'pending',
			kind: payment.hold ? 'hold' : 'plain',
			purpose: payment.purpose,
			msat: msat(payment.msat),
			since: payment.at,
			...(payment.peer === undefined ? {} : { peer: payment.peer }),
			...(payment.replyId === undefined ? {} : { replyId: payment.replyId }),
		}));
	const owed = carriages
		.filter(({ outgoing }) => outgoing?.state === 'promised' || outgoing?.state === 'owing')
		.flatMap(({ outgoing, ...carriage }): LockView[] =>
			outgoing ? [{ ...legOf(carriage, outgoing), direction: 'out', state: 'owed' }] : [],
		);
	const due = carriages.flatMap(({ incoming, ...carriage }): LockView[] => {
		const state = incoming && inState[incoming.state];
		if (!incoming || state === undefined) return [];
		const settleBy = incoming.settleBy === undefined ? {} : { settleBy: incoming.settleBy };
		return [{ ...legOf(carriage, incoming), ...settleBy, direction: 'in', state }];
	});
	return [...out, ...owed, ...due].sort((a, b) => b.since - a.since);
}

type Leg = NonNullable<Carriage['incoming'] | Carriage['outgoing']>;

const legOf = (
	{ replyId, msgId, at }: Pick<Carriage, 'replyId' | 'msgId' | 'at'>,
	{ peer, kind, msat: amount, dueAt }: Leg,
) => ({
	id: `${replyId} ${peer}`,
	kind,
	purpose: 'reply' as const,
	msat: msat(amount),
	peer,
	msgId,
	replyId,
	since: at,
	dueAt,
});

export function receiptsOf({ payments, carriages }: Books): readonly ReceiptView[] {
	const out = payments
		.filter(({ state }) => state !== 'started')
		.map((payment): ReceiptView => ({
			id: payment.hash,
			direction: 'out',
			outcome: payment.state === 'settled' ? 'paid' : payment.hold ? 'refunded' : 'failed',
			purpose: payment.purpose,
			msat: msat(payment.msat),
			feeMsat: msat(payment.feeMsat),
			at: payment.endedAt ?? payment.at,
			hash: payment.hash,
			...(payment.preimage === undefined ? {} : { preimage: payment.preimage }),
			...(payment.peer === undefined ? {} : { peer: payment.peer }),
			...(payment.replyId === undefined ? {} : { replyId: payment.replyId }),
			...(payment.cause === undefined ? {} : { cause: payment.cause as WalletErrorCode }),
		}));
	const came = carriages.filter(isOver).flatMap((carriage): ReceiptView[] => {
		const { incoming, hash, secret, at, replyId } = carriage;
		if (!incoming || incoming.state === 'void') return [];
		return [
			{
				id: `in ${replyId}`,
				direction: 'in',
				outcome: hasCome(carriage) ? 'paid' : incoming.state === 'cancelled' ? 'refunded' : 'failed',
				purpose: 'reply',
				msat: msat(incoming.msat),
				feeMsat: msat(0),
				at,
				hash,
				peer: incoming.peer,
				replyId,
				...(secret === undefined ? {} : { preimage: secret }),
			},
		];
	});
	return [...out, ...came].sort((a, b) => b.at - a.at).slice(0, mostReceipts);
}

export const confirmationOf = ({ paymentId, invoice, asked, level }: Confirmation): ConfirmationView => ({
	paymentId,
	purpose: asked.purpose,
	msat: invoice.msat ?? msat(0),
	payee: invoice.payee,
	memo: invoice.description ?? '',
	level,
	hold: asked.hold,
	expiresAt: invoice.expiresAt,
	...(asked.peer === undefined ? {} : { peer: asked.peer }),
	...(asked.replyId === undefined ? {} : { replyId: asked.replyId }),
});
