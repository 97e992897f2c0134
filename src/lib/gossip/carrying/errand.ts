import type { Bytes, Hex, Millis, PeerId } from '#lib/core/brand.ts';
import { powScheme } from '#lib/pow/scheme.ts';
import type { MeshFrameOf } from '../wire/frames.ts';
import type { Route } from './routes.ts';
import type { CarrierView, Cause } from '../view.ts';
import type { Gift } from './work-budget.ts';

/** One neighbour asked to carry one job: IDLE, ASKED, TERMS, WORKING, SENT, or why not. */
export interface Asking {
	readonly peer: PeerId;
	state: CarrierView['state'];
	askId: number;
	complexity: number;
	/** Scheme of work in which the complexity is meant. */
	scheme: string;
	progress: number;
	cause?: Cause;
	favour?: {
		readonly number: Hex;
		readonly timestamp: Millis;
		readonly validForMs: number;
		/** By my clock. */
		readonly until: Millis;
	};
	/** The price in sats, where it is to be paid so. */
	sats?: { readonly msat: number; readonly invoice: string; readonly binding: Hex };
	/** What is worked for, its proof still empty. */
	broadcast?: MeshFrameOf<'Broadcast'>;
	workId?: Hex;
	/** Found while the neighbour was away; it is sent when it is back in time. */
	proof?: Bytes;
	/** Terms that ran out while working are asked for once more. */
	askedAgain: boolean;
	cancelTimer: () => void;
}

/** One job on its way to the neighbours. */
export interface Errand {
	readonly route: Route;
	readonly own: boolean;
	/** Expected hashes of what its bringer paid that may be spent; a job of mine has its own limit (work-budget.ts). */
	readonly purse: number;
	/** Expected hashes spent out of it. */
	spent: number;
	/** What the owner's gift for others' jobs may add to the purse. */
	readonly gift: Gift;
	readonly askings: Map<PeerId, Asking>;
	/** Prices are in: the cheapest may be worked for. */
	settled: boolean;
	/** Told of every change; absent when nobody looks. */
	readonly changed: (() => void) | undefined;
}

export const newAsking = (peer: PeerId): Asking => ({
	peer,
	state: 'asked',
	askId: 0,
	complexity: 0,
	scheme: powScheme,
	progress: 0,
	askedAgain: false,
	cancelTimer: () => undefined,
});

export const isCarrying = (asking: Asking): boolean => asking.state === 'sent' || asking.state === 'had-it';

export const isPending = (asking: Asking): boolean =>
	asking.state === 'asked' ||
	asking.state === 'busy' ||
	asking.state === 'terms' ||
	asking.state === 'working';

export const count = (errand: Errand, is: (asking: Asking) => boolean): number => {
	let number = 0;
	for (const asking of errand.askings.values()) if (is(asking)) number++;
	return number;
};

export const carrierView = ({ peer, state, complexity, progress, cause, sats }: Asking): CarrierView => ({
	peer,
	state,
	complexity,
	progress,
	...(cause ? { cause } : {}),
	...(sats ? { msat: sats.msat } : {}),
});

/** Why nobody carries it: the cause all share, or that all refused each in its way. */
export function whyNobody(askings: readonly Asking[]): Cause {
	if (askings.length === 0) return { code: 'no-neighbours' };
	const codes = new Set(askings.map((asking) => asking.cause?.code));
	const [only] = codes;
	return codes.size === 1 && only !== undefined ? { code: only } : { code: 'all-refused' };
}
