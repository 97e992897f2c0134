import type { Millis } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { Log } from '#lib/core/log.ts';
import type { Random } from '#lib/core/random.ts';
import type { RendezvousStatus } from '../../ports.ts';
import { createBackoff } from './backoff.ts';
import type { NostrEvent } from './event.ts';
import { matches, type Filter } from './filter.ts';
import { parseRelayMessage, verdict, type RelayMessage } from './message.ts';
import { createOutbox } from './outbox.ts';
import type { OpenSocket, Socket } from './socket.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';

/** Times of one relay connection, ms. */
export const relayTimes = {
	/** A relay that has not accepted the connection by then is given up for now. */
	connect: 10_000,
	/** A relay that says nothing at all for this long after we spoke has stalled. */
	answer: 10_000,
	/** After this much silence we speak, to learn whether the other end is still there (a phone may have slept). */
	probe: 60_000,
	firstRetry: 1_000,
	lastRetry: 60_000,
	/** A connection that lived this long was a good one: the next failure starts again from the first retry. */
	stable: 30_000,
	/** A wished retry comes no sooner than this after the attempt before. */
	retryGap: 5_000,
	/** First wait after "rate-limited:". */
	firstHold: 2_000,
	/** A relay that does not want us is asked again after this. */
	refused: 60_000,
} as const;

/** Events a relay may hand us per subscription before their signatures are even looked at. */
export const inflow = { burst: 120, perSecond: 30 } as const;

export interface RelayConnectionDeps {
	readonly url: string;
	readonly openSocket: OpenSocket;
	readonly clock: Clock;
	readonly random: Random;
	readonly log: Log;
	/** Clocks of authors may be this far behind ours, ms; older events are not asked for. */
	readonly skewMs: number;
	/** An event that fits an open subscription; its signature is not yet checked. */
	onevent(event: NostrEvent): void;
	onchange(): void;
	/** Starts at rest: a relay in reserve. */
	readonly spare?: boolean;
}

export interface RelayConnection {
	readonly url: string;
	/** Opens or replaces a subscription; it is repeated after every reconnection. */
	subscribe(id: string, filter: Filter): void;
	unsubscribe(id: string): void;
	/** Sends now, or as soon as the relay takes it, within the outbox's age. */
	publish(event: NostrEvent): void;
	/** Nobody needs this relay for now: hangs up, and keeps what it was subscribed to for later. */
	rest(): void;
	/** Ends a rest; `publish` does, too. */
	wake(): void;
	/** Somebody needs this relay now: tries again without waiting for the back-off's end. */
	retry(): void;
	/** It was caught at something no honest relay does; shown for as long as nothing more urgent is. */
	blame(why: string): void;
	status(): RendezvousStatus;
	stop(): void;
}

/** Keeps one relay connected and tells honestly how it is doing. */
export function connectRelay(deps: RelayConnectionDeps): RelayConnection {
	const { url, clock } = deps;
	const log = (level: 'info' | 'warn', text: string) =>
		deps.log(level, 'rendezvous/nostr', `${url}: ${text}`);
	const subscriptions = new Map<string, { filter: Filter; bucket: TokenBucket; askedAt?: Millis }>();
	const outbox = createOutbox();
	const retries = createBackoff(deps.random, relayTimes.firstRetry, relayTimes.lastRetry);
	const holds = createBackoff(deps.random, relayTimes.firstHold, relayTimes.lastRetry);

	let state: RendezvousStatus['state'] = 'waiting';
	let error: string | undefined;
	let blamed: string | undefined;
	let socket: Socket | undefined;
	let attemptedAt = clock.now();
	let openedAt = clock.now();
	/** When we spoke first after the relay last said anything. */
	let unansweredSince: Millis | undefined;
	/** The relay asked for patience until then. */
	let heldUntil = 0;
	let rttMs: number | undefined;
	let sent = 0;
	let received = 0;
	/** Ends the present state: connect time-out, back-off. */
	let cancelStateTimer = () => {};
	let cancelWatch = () => {};
	let cancelHold = () => {};

	function become(next: typeof state, why?: string): void {
		state = next;
		error = why;
		deps.onchange();
	}

	function connect(): void {
		cancelStateTimer();
		attemptedAt = clock.now();
		become('connecting', error);
		const attempt = deps.openSocket(url, {
			onopen: () => attempt === socket && opened(),
			onmessage: (text) => attempt === socket && heard(text),
			onclose: (reason) => attempt === socket && lost(reason),
		});
		socket = attempt;
		cancelStateTimer = clock.after(relayTimes.connect, () => lost('no connection'));
	}

	function opened(): void {
		cancelStateTimer();
		openedAt = clock.now();
		unansweredSince = undefined;
		heldUntil = 0;
		become('open');
		watch();
		askAll();
		flush();
	}

	function lost(reason: string): void {
		if (state === 'open' && clock.now() - openedAt >= relayTimes.stable) retries.reset();
		disconnect();
		const wait = retries.next();
		log('info', `${reason}; again in ${wait} ms`);
		become('waiting', reason);
		cancelStateTimer = clock.after(wait, connect);
	}

	function disconnect(): void {
		cancelStateTimer();
		cancelWatch();
		cancelHold();
		socket?.close();
		socket = undefined;
		outbox.unsend();
	}

	function say(...message: readonly unknown[]): void {
		socket?.send(JSON.stringify(message));
		if (unansweredSince !== undefined) return;
		unansweredSince = clock.now();
		watch();
	}

	function ask(id: string): void {
		const subscription = subscriptions.get(id);
		if (!subscription) return;
		subscription.askedAt = clock.now();
		const since = Math.floor((clock.now() - deps.skewMs) / 1_000);
		say('REQ', id, { ...subscription.filter, since });
	}

	function askAll(): void {
		for (const id of subscriptions.keys()) ask(id);
	}

	/** Sends what waits, unless the relay asked for patience; then a timer comes back here. */
	function flush(): void {
		const now = clock.now();
		if (state !== 'open') return;
		if (now < heldUntil) {
			cancelHold();
			cancelHold = clock.after(heldUntil - now, flush);
			return;
		}
		for (const event of outbox.take(now)) {
			sent++;
			say('EVENT', event);
		}
	}

	/** Comes back when the relay owes an answer, or when it is time to speak again. */
	function watch(): void {
		cancelWatch();
		const wait =
			unansweredSince === undefined ? relayTimes.probe : unansweredSince + relayTimes.answer - clock.now();
		cancelWatch = clock.after(wait, () => {
			if (unansweredSince === undefined) askAll();
			else lost('stalled: it does not answer');
		});
	}

	function heard(text: string): void {
		const owed = unansweredSince !== undefined;
		unansweredSince = undefined;
		if (owed) watch();
		const message = parseRelayMessage(text);
		if (message.ok) handle(message.value);
		else log('warn', `not understood: ${message.error.code}: ${message.error.detail}`);
	}

	function handle(message: RelayMessage): void {
		switch (message.type) {
			case 'EVENT':
				delivered(message.subscription, message.event);
				break;
			case 'EOSE': {
				const askedAt = subscriptions.get(message.subscription)?.askedAt;
				if (askedAt !== undefined) measured(clock.now() - askedAt);
				break;
			}
			case 'OK':
				if (message.accepted) accepted(message.id);
				else refused(message.id, message.detail);
				break;
			case 'CLOSED':
				if (subscriptions.has(message.subscription)) closed(message.detail);
				break;
			case 'NOTICE':
				if (verdict(message.detail) === 'slow-down') hold(message.detail);
				else log('info', `says: ${message.detail}`);
				break;
			case 'AUTH':
				// Our keys live as long as a tab: nothing to authenticate. A relay that insists says so in CLOSED.
				break;
		}
	}

	function delivered(id: string, event: NostrEvent): void {
		const subscription = subscriptions.get(id);
		if (!subscription || !matches(subscription.filter, event)) log('warn', 'sent an event nobody asked for');
		else if (!subscription.bucket.take(clock.now())) log('warn', 'sends too fast: an event was dropped');
		else {
			received++;
			deps.onevent(event);
		}
	}

	function accepted(id: string): void {
		const took = outbox.settle(id, clock.now());
		if (took === undefined) return;
		error = undefined;
		holds.reset();
		measured(took);
	}

	function refused(id: string, detail: string): void {
		if (verdict(detail) === 'slow-down') {
			outbox.postpone(id);
			hold(detail);
		} else if (outbox.settle(id, clock.now()) !== undefined) {
			log('warn', `refused an event: ${detail}`);
			become(state, detail);
		}
	}

	function measured(ms: number): void {
		rttMs = ms;
		deps.onchange();
	}

	/** One wait for a whole burst of refusals. */
	function hold(detail: string): void {
		const now = clock.now();
		if (now >= heldUntil) heldUntil = now + holds.next();
		become(state, detail);
		flush();
	}

	/** A subscription was ended by the relay. Without it the relay is of no use: ask again later, in peace. */
	function closed(detail: string): void {
		log('warn', `closed a subscription: ${detail}`);
		switch (verdict(detail)) {
			case 'slow-down':
				hold(detail);
				cancelStateTimer();
				cancelStateTimer = clock.after(heldUntil - clock.now(), askAll);
				break;
			case 'failed':
				lost(detail);
				break;
			case 'not-welcome':
			case 'refused':
				disconnect();
				become('refused', detail);
				cancelStateTimer = clock.after(relayTimes.refused, connect);
		}
	}

	function wake(): void {
		if (state === 'resting') connect();
	}

	if (deps.spare) state = 'resting';
	else connect();

	return {
		url,
		subscribe(id, filter) {
			const bucket =
				subscriptions.get(id)?.bucket ?? new TokenBucket(inflow.perSecond, inflow.burst, clock.now());
			subscriptions.set(id, { filter, bucket });
			if (state === 'open') ask(id);
		},
		unsubscribe(id) {
			if (subscriptions.delete(id) && state === 'open') say('CLOSE', id);
		},
		publish(event) {
			outbox.add(event, clock.now());
			wake();
			flush();
		},
		rest() {
			if (state === 'resting') return;
			disconnect();
			become('resting');
		},
		wake,
		retry() {
			if (state === 'waiting' && clock.now() - attemptedAt >= relayTimes.retryGap) connect();
		},
		blame(why) {
			if (why === blamed) return;
			blamed = why;
			log('warn', why);
			deps.onchange();
		},
		status() {
			const wrong = error ?? blamed;
			return {
				name: url,
				state,
				sent,
				received,
				...(rttMs === undefined ? {} : { rttMs }),
				...(wrong === undefined ? {} : { error: wrong }),
			};
		},
		stop() {
			disconnect();
			become('stopped');
		},
	};
}
