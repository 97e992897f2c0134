import type { Hex, Millis, MsgId, PeerId, ReplyId } from '#lib/core/brand.ts';

/**
 * What carrying one reply costs and earns this node. Money runs the way of the reply: whoever hands it on pays whoever
 * takes it. A replier has an outgoing leg, the originator an incoming one, a middleman both, locked to one hash.
 */
export interface Carriage {
	readonly replyId: ReplyId;
	readonly msgId: MsgId;
	/** SHA-256 of the reply's thank-you secret. */
	readonly hash: Hex;
	readonly at: Millis;
	readonly incoming?: Incoming;
	readonly outgoing?: Outgoing;
	/** Known from the thank-you, or from the wallet that paid. */
	readonly secret?: Hex;
}

export interface Incoming {
	readonly peer: PeerId;
	/** `hold`: locked before the reply travels on. `iou`: on credit, billed after the thank-you. */
	readonly kind: 'hold' | 'iou';
	readonly msat: number;
	readonly state:
		/** The wallet is asked for a hold invoice. */
		| 'making'
		/** The neighbour has it and may pay. */
		| 'open'
		| 'locked'
		| 'settling'
		| 'settled'
		| 'cancelling'
		| 'cancelled'
		/** On credit until the thank-you. */
		| 'promised'
		| 'billing'
		| 'billed'
		| 'paid'
		/** Never paid. */
		| 'defaulted'
		/** No thank-you, no debt. */
		| 'void';
	readonly bolt11?: string;
	/** When this state has lasted too long. */
	readonly dueAt: Millis;
	/** Block height at which the lock ends by itself. */
	readonly settleBy?: number;
}

export interface Outgoing {
	readonly peer: PeerId;
	readonly kind: 'hold' | 'iou';
	readonly msat: number;
	readonly state:
		/** Handed on with the offer to lock; its invoice is awaited. */
		| 'offered'
		/** Handed on on credit. */
		| 'promised'
		/** Thanked: the bill is awaited. */
		| 'owing'
		/** The wallet was told to pay: it may succeed at any time until it says that it never will. */
		| 'paying'
		| 'paid'
		| 'failed'
		| 'void';
	readonly dueAt: Millis;
}

export type CarriageEvent =
	| { readonly kind: 'made'; readonly bolt11: string }
	| { readonly kind: 'not-made' }
	| { readonly kind: 'locked'; readonly settleBy?: number }
	| { readonly kind: 'received' }
	| { readonly kind: 'given-back' }
	| {
			readonly kind: 'handed-on';
			readonly peer: PeerId;
			readonly leg: Outgoing['kind'];
			readonly msat: number;
	  }
	/** Nobody takes it on, or at its end nobody wants it. */
	| { readonly kind: 'stuck' }
	/** The next hop's invoice. */
	| { readonly kind: 'invoice'; readonly peer: PeerId; readonly bolt11: string }
	| { readonly kind: 'paid'; readonly preimage: Hex }
	| { readonly kind: 'unpaid' }
	/** The secret, already checked against the hash. */
	| { readonly kind: 'thanked'; readonly secret: Hex }
	/** Time has come. */
	| { readonly kind: 'due' }
	/** This node starts anew: bodies of replies and open questions are gone, the wallet is asked again. */
	| { readonly kind: 'restart' };

export type CarriageEffect =
	| { readonly kind: 'make' }
	| { readonly kind: 'bill' }
	| { readonly kind: 'send-invoice'; readonly peer: PeerId; readonly bolt11: string }
	/** The incoming leg is safe: the reply may travel on, or be read. */
	| { readonly kind: 'proceed' }
	| { readonly kind: 'watch'; readonly bolt11: string }
	| { readonly kind: 'settle'; readonly secret: Hex }
	| { readonly kind: 'cancel' }
	| { readonly kind: 'pay'; readonly bolt11: string; readonly locked: boolean }
	| { readonly kind: 'recall' }
	/** Tells the neighbour that brought it that it goes nowhere. */
	| { readonly kind: 'give-up' }
	/** The wallet learnt the secret before the thank-you came. */
	| { readonly kind: 'learnt'; readonly secret: Hex }
	/** It was thanked and did not pay its bill. */
	| { readonly kind: 'defaulted'; readonly peer: PeerId };

/** Waits of the machines, ms. */
export interface CarriageTimes {
	/** For the lock, once the invoice is out. */
	readonly lockMs: number;
	/** For the next hop's invoice. */
	readonly invoiceMs: number;
	/** For the thank-you: then a lock that nobody paid on is given back. */
	readonly thanksMs: number;
	/** For a bill to be paid, or to come. */
	readonly billMs: number;
}

/** All but `thanksMs`, which a deployment may set (`GossipParameters.replyLockMs`). */
export const carriageTimes: Omit<CarriageTimes, 'thanksMs'> = {
	lockMs: 90_000, // the invoice's own life
	invoiceMs: 20_000, // a wallet over a relay makes one in two seconds at worst
	billMs: 120_000,
};

/** Whether what the reply costs onwards is covered: of a reply of mine I pay it myself. */
const isCovered = ({ incoming }: Carriage): boolean =>
	incoming === undefined || incoming.state === 'locked' || incoming.state === 'promised';

/** Whether nothing can move any more. */
export function isOver({ incoming, outgoing }: Carriage): boolean {
	const inOver = !incoming || ['settled', 'cancelled', 'paid', 'defaulted', 'void'].includes(incoming.state);
	const outOver = !outgoing || ['paid', 'failed', 'void'].includes(outgoing.state);
	return inOver && outOver;
}

/** When `due` wants to be told. */
export function dueAt({ incoming, outgoing }: Carriage): Millis | undefined {
	const waits: Millis[] = [];
	if (incoming && ['open', 'locked', 'promised', 'billed'].includes(incoming.state))
		waits.push(incoming.dueAt);
	if (outgoing && ['offered', 'promised', 'owing'].includes(outgoing.state)) waits.push(outgoing.dueAt);
	return waits.length > 0 ? Math.min(...waits) : undefined;
}

type Step = readonly [Carriage, readonly CarriageEffect[]];

/** One step of one reply's money. Pure; the caller makes the new state durable before it carries out the effects. */
export function stepCarriage(c: Carriage, event: CarriageEvent, now: Millis, times: CarriageTimes): Step {
	switch (event.kind) {
		case 'made':
			return made(c, event.bolt11, now, times);
		case 'not-made':
			return notMade(c);
		case 'locked':
			return locked(c, event.settleBy, now, times);
		case 'received':
			return received(c);
		case 'given-back':
			return givenBack(c);
		case 'handed-on':
			return handedOn(c, event, now, times);
		case 'stuck':
			return stuck(c);
		case 'invoice':
			return invoice(c, event.peer, event.bolt11);
		case 'paid':
			return paid(c, event.preimage, now, times);
		case 'unpaid':
			return unpaid(c);
		case 'thanked':
			return thanked(c, event.secret, now, times);
		case 'due':
			return due(c, now);
		case 'restart':
			return restart(c, now, times);
	}
}

const withIn = (c: Carriage, change: Partial<Incoming>): Carriage =>
	c.incoming ? { ...c, incoming: { ...c.incoming, ...change } } : c;
const withOut = (c: Carriage, change: Partial<Outgoing>): Carriage =>
	c.outgoing ? { ...c, outgoing: { ...c.outgoing, ...change } } : c;

function made(c: Carriage, bolt11: string, now: Millis, times: CarriageTimes): Step {
	const { incoming } = c;
	if (!incoming) return [c, []];
	if (incoming.state === 'making') {
		const open = withIn(c, { state: 'open', bolt11, dueAt: now + times.lockMs });
		return [open, [{ kind: 'send-invoice', peer: incoming.peer, bolt11 }]];
	}
	if (incoming.state === 'billing') {
		const billed = withIn(c, { state: 'billed', bolt11, dueAt: now + times.billMs });
		return [billed, [{ kind: 'send-invoice', peer: incoming.peer, bolt11 }]];
	}
	return [c, []];
}

function notMade(c: Carriage): Step {
	if (c.incoming?.state === 'making') return giveBack(c);
	// The secret is out: without a bill nobody can be asked for the money.
	if (c.incoming?.state === 'billing') return [withIn(c, { state: 'void' }), []];
	return [c, []];
}

function locked(c: Carriage, settleBy: number | undefined, now: Millis, times: CarriageTimes): Step {
	const { incoming } = c;
	if (incoming?.kind !== 'hold') return [c, []];
	const height = settleBy === undefined ? {} : { settleBy };
	if (incoming.state === 'cancelling') return [c, [{ kind: 'cancel' }]];
	if (incoming.state !== 'open') return [c, []];
	if (c.secret !== undefined)
		return [withIn(c, { state: 'settling', ...height }), [{ kind: 'settle', secret: c.secret }]];
	return [withIn(c, { state: 'locked', dueAt: now + times.thanksMs, ...height }), [{ kind: 'proceed' }]];
}

function received(c: Carriage): Step {
	if (c.incoming?.state === 'settling') return [withIn(c, { state: 'settled' }), []];
	if (c.incoming?.state === 'billed' || c.incoming?.state === 'defaulted')
		return [withIn(c, { state: 'paid' }), []];
	return [c, []];
}

function givenBack(c: Carriage): Step {
	const state = c.incoming?.state;
	if (c.incoming?.kind !== 'hold' || state === 'settled' || state === 'cancelled') return [c, []];
	const over = withIn(c, { state: 'cancelled' });
	if (state === 'cancelling' || c.secret !== undefined) return [over, []];
	// The wallet gave it back by itself. What was paid on cannot be called back.
	return [dropOffer(over), [{ kind: 'give-up' }]];
}

function handedOn(
	c: Carriage,
	{ peer, leg, msat }: Extract<CarriageEvent, { kind: 'handed-on' }>,
	now: Millis,
	times: CarriageTimes,
): Step {
	const before = c.outgoing?.state;
	// What the wallet was told to pay once is never offered to another.
	if (before === 'paying' || before === 'paid' || before === 'failed') return [c, []];
	if (!isCovered(c) || c.secret !== undefined) return [c, []];
	const outgoing: Outgoing =
		leg === 'hold'
			? { peer, kind: 'hold', msat, state: 'offered', dueAt: now + times.invoiceMs }
			: { peer, kind: 'iou', msat, state: 'promised', dueAt: now + times.thanksMs };
	return [{ ...c, outgoing }, []];
}

/** Before anything was paid on, it can still be given up. */
function dropOffer(c: Carriage): Carriage {
	const state = c.outgoing?.state;
	return state === 'offered' || state === 'promised' ? withOut(c, { state: 'void' }) : c;
}

function stuck(c: Carriage): Step {
	const state = c.outgoing?.state;
	if (c.secret !== undefined || state === 'paying' || state === 'paid' || state === 'owing') return [c, []];
	return giveBack(dropOffer(c));
}

/** The incoming leg ends without money: only ever when nothing can have been paid on. */
function giveBack(c: Carriage): Step {
	switch (c.incoming?.state) {
		case 'making':
		case 'open':
		case 'locked':
			return [withIn(c, { state: 'cancelling' }), [{ kind: 'cancel' }, { kind: 'give-up' }]];
		case 'promised':
			return [withIn(c, { state: 'void' }), [{ kind: 'give-up' }]];
		default:
			return [c, []];
	}
}

function invoice(c: Carriage, peer: PeerId, bolt11: string): Step {
	const { outgoing } = c;
	if (outgoing?.peer !== peer) return [c, []];
	if (outgoing.state === 'owing')
		return [withOut(c, { state: 'paying' }), [{ kind: 'pay', bolt11, locked: false }]];
	// With the secret known a lock would be anybody's who routes it.
	if (outgoing.state !== 'offered' || c.secret !== undefined || !isCovered(c)) return [c, []];
	return [withOut(c, { state: 'paying' }), [{ kind: 'pay', bolt11, locked: true }]];
}

function paid(c: Carriage, preimage: Hex, now: Millis, times: CarriageTimes): Step {
	if (c.outgoing?.state !== 'paying') return [c, []];
	const done = withOut(c, { state: 'paid' });
	if (c.outgoing.kind === 'iou' || c.secret !== undefined) return [done, []];
	const [next, effects] = thanked(done, preimage, now, times);
	return [next, [{ kind: 'learnt', secret: preimage }, ...effects]];
}

function unpaid(c: Carriage): Step {
	if (c.outgoing?.state !== 'paying') return [c, []];
	const over = withOut(c, { state: 'failed' });
	return c.outgoing.kind === 'iou' || c.secret !== undefined ? [over, []] : giveBack(over);
}

function thanked(c: Carriage, secret: Hex, now: Millis, times: CarriageTimes): Step {
	if (c.secret !== undefined) return [c, []];
	let next: Carriage = { ...c, secret };
	const state = next.outgoing?.state;
	if (state === 'offered' || state === 'promised')
		next = withOut(next, { kind: 'iou', state: 'owing', dueAt: now + times.billMs });
	if (next.incoming?.state === 'locked')
		return [withIn(next, { state: 'settling' }), [{ kind: 'settle', secret }]];
	if (next.incoming?.state === 'promised') return [withIn(next, { state: 'billing' }), [{ kind: 'bill' }]];
	return [next, []];
}

function due(c: Carriage, now: Millis): Step {
	const { incoming, outgoing } = c;
	if (outgoing?.state === 'owing' && outgoing.dueAt <= now) return due(withOut(c, { state: 'void' }), now);
	if (outgoing && (outgoing.state === 'offered' || outgoing.state === 'promised') && outgoing.dueAt <= now) {
		// Of a reply of mine only the wait is over: the neighbour may still have it thanked.
		if (!incoming && outgoing.state === 'promised') return [c, []];
		return stuck(c);
	}
	if (!incoming || incoming.dueAt > now) return [c, []];
	if (incoming.state === 'open' || incoming.state === 'locked' || incoming.state === 'promised')
		return stuck(c);
	if (incoming.state === 'billed')
		return [withIn(c, { state: 'defaulted' }), [{ kind: 'defaulted', peer: incoming.peer }]];
	return [c, []];
}

function restart(c: Carriage, now: Millis, times: CarriageTimes): Step {
	const effects: CarriageEffect[] = [];
	let next = c;
	if (next.outgoing?.state === 'paying') effects.push({ kind: 'recall' });
	// The body is gone: a middleman can hand it on no more.
	else if (next.incoming && next.outgoing?.state === 'offered') next = withOut(next, { state: 'void' });
	const { incoming, secret } = next;
	switch (incoming?.state) {
		case 'making':
		case 'open': {
			const [given, more] = giveBack(next);
			return [given, [...effects, ...more]];
		}
		case 'locked':
			if (next.outgoing?.state === 'void') {
				const [given, more] = giveBack(next);
				return [given, [...effects, ...more]];
			}
			next = withIn(next, { dueAt: Math.max(incoming.dueAt, now + times.thanksMs / 2) });
			if (incoming.bolt11 !== undefined) effects.push({ kind: 'watch', bolt11: incoming.bolt11 });
			break;
		case 'settling':
			if (secret !== undefined) effects.push({ kind: 'settle', secret });
			break;
		case 'cancelling':
			effects.push({ kind: 'cancel' });
			break;
		case 'billing':
			effects.push({ kind: 'bill' });
			break;
		case 'billed':
			if (incoming.bolt11 !== undefined)
				effects.push(
					{ kind: 'watch', bolt11: incoming.bolt11 },
					{ kind: 'send-invoice', peer: incoming.peer, bolt11: incoming.bolt11 },
				);
			break;
		default:
			break;
	}
	return [next, effects];
}
