import type { Bytes, PublicKey } from '#lib/core/brand.ts';
import { equalBytes, toHex } from '#lib/core/bytes.ts';
import { answeringBoth } from './conn/deferred.ts';
import type { LinkDeps } from './deps.ts';
import { Dialler, type DeclineCode, type DialFailure, type Target } from './dialler.ts';
import { survivor } from './duplicate.ts';
import { secretProof } from './handshake.ts';
import { describeEnd, type Session, type SessionEnd } from './link/session.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import { defaultParameters } from './parameters.ts';
import type { DirectEvents, DirectLinks, Identity, Priority } from './ports.ts';
import { signalLimits, type Signal, type SignalOf } from './signals.ts';

const directLimits = {
	/** A call is tried this often before it fails: relays lose messages, and ICE has bad days. */
	tries: 3,
	/** Wait before another try: the browser's budget for connections fills up in seconds, ms. */
	retryMs: 2_000,
	/** Notes read a minute, over all strangers. */
	notesPerMinute: 30,
} as const;

/** Direct links of one tab: calls between the keys of jobs and offers. */
export function createDirectLinks(deps: LinkDeps): DirectLinks {
	return new DirectNode(deps);
}

interface Call {
	readonly id: string;
	readonly session: Session;
	cancelIdle: () => void;
}

/** A key this node answers to, for as long as somebody wants it. */
interface OpenKey {
	readonly identity: Identity;
	/** One entry for each `listen`: the secrets it takes. A call of ours holds the key open without any. */
	readonly listeners: Set<readonly string[]>;
	holds: number;
	readonly close: () => void;
}

class DirectNode implements DirectLinks {
	readonly #deps: LinkDeps;
	readonly #idleMs: number;
	readonly #dialler: Dialler;
	readonly #notes: TokenBucket;
	readonly #keys = new Map<string, OpenKey>();
	readonly #calls = new Map<string, Call>();
	/** Calls of ours on their way, by both keys, with the tries left. */
	readonly #wanted = new Map<string, { triesLeft: number; readonly release: () => void }>();
	#events: DirectEvents | undefined;

	constructor(deps: LinkDeps) {
		this.#deps = deps;
		this.#idleMs = deps.parameters?.directIdleMs ?? defaultParameters.directIdleMs;
		const { notesPerMinute } = directLimits;
		this.#notes = new TokenBucket(notesPerMinute / 60, notesPerMinute, deps.clock.now());
		const conns = deps.circuits ? answeringBoth(deps.conns, deps.circuits) : deps.conns;
		this.#dialler = new Dialler(
			{ ...deps, conns },
			{
				purpose: 'direct',
				maxDegree: 0,
				admissionComplexity: 0,
				degree: () => 0,
				admit: (self, from, offer) => this.#admit(self, from, offer),
				onup: (session, secret) => this.#onUp(session, secret),
				onframe: (session, frame) => this.#onFrame(session, frame),
				// No admission is asked on a direct link, so none is ever proven.
				onadmission: () => {},
				onroom: (session) => {
					const call = this.#callOf(session);
					if (call) this.#events?.ondrain?.(call.id);
				},
				ondown: (session, end) => this.#onDown(session, end),
				onfailed: (target, reason) => this.#onFailed(target, reason),
			},
		);
	}

	start(events: DirectEvents): void {
		this.#events = events;
	}

	listen(identity: Identity, secrets: readonly string[]): () => void {
		const release = this.#hold(identity);
		const entry = [...secrets];
		this.#keys.get(identity.id)?.listeners.add(entry);
		return () => {
			this.#keys.get(identity.id)?.listeners.delete(entry);
			release();
		};
	}

	call(self: Identity, peer: PublicKey, relays: readonly string[], secret: string): void {
		const pair = pairOf(self.id, peer);
		if (this.#wanted.has(pair)) return;
		this.#wanted.set(pair, { triesLeft: directLimits.tries - 1, release: this.#hold(self) });
		this.#dialler.dial({ self, peer, relays, secret });
	}

	send(callId: string, frame: Bytes, priority: Priority = 1): boolean {
		const call = this.#calls.get(callId);
		if (!call?.session.send(frame, priority)) return false;
		this.#touch(call);
		return true;
	}

	hangUp(callId: string, reason: string): void {
		this.#calls.get(callId)?.session.close('hang-up', reason);
	}

	note(self: Identity, peer: PublicKey, relays: readonly string[], body: Bytes): void {
		const { log, signalling } = this.#deps;
		if (body.length > signalLimits.noteBytes) log('error', 'webrtc/direct', `a note of ${body.length} bytes`);
		else if (!signalling.send(self, peer, { kind: 'Note', body }, relays))
			log('warn', 'webrtc/direct', 'a note found no rendezvous');
	}

	stop(reason: string): void {
		this.#dialler.stop();
		for (const { session } of [...this.#calls.values()]) session.close('leaving', reason);
		for (const { close } of this.#keys.values()) close();
		this.#keys.clear();
		this.#wanted.clear();
		this.#events = undefined;
	}

	/** Receives signals for a key until every holder has let go. */
	#hold(identity: Identity): () => void {
		let key = this.#keys.get(identity.id);
		if (!key) {
			const close = this.#deps.signalling.listen(identity, (from, signal) =>
				this.#onSignal(identity, from, signal),
			);
			key = { identity, listeners: new Set(), holds: 0, close };
			this.#keys.set(identity.id, key);
		}
		const held = key;
		held.holds += 1;
		let released = false;
		return () => {
			if (released) return;
			released = true;
			held.holds -= 1;
			if (held.holds > 0 || this.#keys.get(identity.id) !== held) return;
			this.#keys.delete(identity.id);
			held.close();
		};
	}

	#onSignal(self: Identity, from: PublicKey, signal: Signal): void {
		if (signal.kind !== 'Note') {
			this.#dialler.receive(self, from, signal);
			return;
		}
		const listened = (this.#keys.get(self.id)?.listeners.size ?? 0) > 0;
		if (!listened || !this.#notes.take(this.#deps.clock.now())) return;
		this.#events?.onnote({ to: self.id as PublicKey, from, body: signal.body });
	}

	#admit(
		self: Identity,
		from: PublicKey,
		{ attempt, secretProof: shown }: SignalOf<'Offer'>,
	): { readonly secret: string } | { readonly decline: DeclineCode } {
		const listeners = [...(this.#keys.get(self.id)?.listeners ?? [])];
		const named = listeners
			.flat()
			.find((secret) => shown && equalBytes(secretProof(secret, attempt, from), shown));
		if (named !== undefined) return { secret: named };
		const open = listeners.some((secrets) => secrets.length === 0);
		return open ? { secret: '' } : { decline: 'not-listening' };
	}

	#onUp(session: Session, secret: string): void {
		const { fingerprints, terms } = session;
		if (!fingerprints) return;
		this.#settle(terms.self.id, session.peer);
		const existing = this.#callBetween(terms.self.id, session.peer);
		if (existing && survivor(existing.session, session) === existing.session) {
			session.close('duplicate', '');
			return;
		}
		const call: Call = { id: toHex(this.#deps.random.bytes(16)), session, cancelIdle: () => {} };
		this.#calls.set(call.id, call);
		this.#touch(call);
		existing?.session.close('duplicate', '');
		this.#events?.onopen({
			id: call.id,
			self: terms.self.id as PublicKey,
			peer: session.peer,
			incoming: terms.role === 'callee',
			secret,
			fingerprints,
		});
	}

	#onFrame(session: Session, frame: Bytes): void {
		const call = this.#callOf(session);
		if (!call) return;
		this.#touch(call);
		this.#events?.onframe(call.id, frame);
	}

	#onDown(session: Session, end: SessionEnd): void {
		const call = this.#callOf(session);
		if (!call) return;
		call.cancelIdle();
		this.#calls.delete(call.id);
		this.#events?.onclose(call.id, describeEnd(end));
	}

	#onFailed(target: Target, reason: DialFailure): void {
		const pair = pairOf(target.self.id, target.peer);
		const wanted = this.#wanted.get(pair);
		if (!wanted) return;
		const final = reason === 'no-relay' || reason === 'refused';
		if (!final && wanted.triesLeft > 0) {
			wanted.triesLeft -= 1;
			const { circuits, clock } = this.#deps;
			// Who answers and yet cannot be reached is reached through peers.
			const again = circuits && reason === 'unreachable' ? { ...target, conns: circuits } : target;
			clock.after(directLimits.retryMs, () => {
				if (this.#wanted.get(pair) === wanted) this.#dialler.dial(again);
			});
			return;
		}
		this.#settle(target.self.id, target.peer);
		this.#events?.onfailed({
			self: target.self.id as PublicKey,
			peer: target.peer,
			reason: reason === 'busy' ? 'refused' : reason,
		});
	}

	/** The wish to reach this peer is fulfilled or given up. */
	#settle(self: string, peer: PublicKey): void {
		const pair = pairOf(self, peer);
		this.#wanted.get(pair)?.release();
		this.#wanted.delete(pair);
	}

	/** Starts the idle time anew. */
	#touch(call: Call): void {
		call.cancelIdle();
		call.cancelIdle = this.#deps.clock.after(this.#idleMs, () => call.session.close('idle', ''));
	}

	#callOf(session: Session): Call | undefined {
		return [...this.#calls.values()].find((call) => call.session === session);
	}

	#callBetween(self: string, peer: PublicKey): Call | undefined {
		return [...this.#calls.values()].find(
			({ session }) => session.terms.self.id === self && session.peer === peer,
		);
	}
}

const pairOf = (self: string, peer: string): string => `${self} ${peer}`;
