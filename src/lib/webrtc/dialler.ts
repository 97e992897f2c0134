import type { Bytes, PublicKey } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { Lateness } from '#lib/core/lateness.ts';
import type { Log } from '#lib/core/log.ts';
import { toHex } from '#lib/core/bytes.ts';
import type { Random } from '#lib/core/random.ts';
import { Attempts, type Attempt, type SignalWay, type Target } from './attempts.ts';
import { bindingOf, secretProof, type Purpose, type Role } from './handshake.ts';
import { linkLimits } from './limits.ts';
import { describeEnd, Session, type SessionEnd } from './link/session.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import type { OverlayFrame } from './frames.ts';
import type { AdmissionSolver, ConnFactory, Identity } from './ports.ts';
import type { Signal, SignalOf } from './signals.ts';
import type { Signalling } from './signalling.ts';

export type { Target } from './attempts.ts';

/** `busy`: the peer is there but makes no connection right now. */
export type DialFailure = 'no-relay' | 'no-answer' | 'refused' | 'busy' | 'unreachable' | 'budget';
export type DeclineCode = SignalOf<'Decline'>['code'];

/** The mesh or the direct links: what they decide, and what they are told. */
export interface DiallerOwner {
	readonly purpose: Purpose;
	readonly maxDegree: number;
	readonly admissionComplexity: number;
	degree(): number;
	/** Whether an offer is answered, and which of the listened-to secrets it named. */
	admit(
		self: Identity,
		from: PublicKey,
		offer: SignalOf<'Offer'>,
		/** The way through the mesh by which it came. */
		route: string | undefined,
	): { readonly secret: string } | { readonly decline: DeclineCode };
	onup(session: Session, secret: string): void;
	onframe(session: Session, frame: Bytes): void;
	onadmission(session: Session): void;
	/** A frame that the session refused would be taken now. */
	onroom?(session: Session): void;
	/** A frame that keeps the mesh together. */
	onoverlay?(session: Session, frame: OverlayFrame): void;
	/** A session that was up has ended. */
	ondown(session: Session, end: SessionEnd): void;
	/** A call of ours did not come to be. */
	onfailed(target: Target, reason: DialFailure): void;
	/** An offer that was answered led to nothing. */
	onabandoned?(peer: PublicKey): void;
}

export interface DiallerDeps {
	readonly network: string;
	readonly clock: Clock;
	readonly random: Random;
	readonly conns: ConnFactory;
	readonly signalling: Pick<Signalling, 'send'>;
	readonly solver: AdmissionSolver;
	readonly log: Log;
}

/** What an attempt starts with, ours or the other side's. */
interface Opening extends Pick<Attempt, 'id' | 'role' | 'secret' | 'way' | 'target'> {
	readonly self: Identity;
	readonly peer: PublicKey;
	readonly proof: Bytes | undefined;
}

/** Turns offers and answers into authenticated sessions, ours and other people's, within limits. */
export class Dialler {
	readonly #deps: DiallerDeps;
	readonly #owner: DiallerOwner;
	readonly #attempts = new Attempts();
	readonly #offers: TokenBucket;
	readonly #lateness = new Lateness();

	constructor(deps: DiallerDeps, owner: DiallerOwner) {
		this.#deps = deps;
		this.#owner = owner;
		const { offersPerMinute } = linkLimits;
		this.#offers = new TokenBucket(offersPerMinute / 60, offersPerMinute / 2, deps.clock.now());
	}

	/** Half-open attempts of a role. */
	pending(role: Role): number {
		return this.#attempts.count(role);
	}

	/** Offers a connection; `onup` or `onfailed` follows, unless an attempt between the two is under way. */
	dial(target: Target): void {
		const underWay = this.#attempts.between(target.self.id, target.peer);
		if (underWay) {
			// Should it come to nothing, whoever wished for it is told.
			underWay.target ??= target;
			return;
		}
		if (this.pending('caller') >= linkLimits.halfOpen) {
			this.#owner.onfailed(target, 'budget');
			return;
		}
		const id = target.attempt ?? toHex(this.#deps.random.bytes(16));
		this.#open({
			id,
			...target,
			role: target.role ?? 'caller',
			proof: proofFor(target, id),
			way: target.way,
			target,
		});
	}

	/** A signal of `from` to one of our keys; it is answered the way it came. */
	receive(self: Identity, from: PublicKey, signal: Signal, way?: SignalWay): void {
		switch (signal.kind) {
			case 'Offer':
				this.#onOffer(self, from, signal, way);
				return;
			case 'Answer': {
				const attempt = this.#attempts.own(signal.attempt, from);
				if (!attempt || attempt.answered) return;
				attempt.answered = true;
				if (this.#owner.purpose === 'mesh') this.#giveUpAfter(attempt, linkLimits.meshConnectMs);
				attempt.session.signal(signal.description);
				return;
			}
			case 'Decline': {
				const attempt = this.#attempts.own(signal.attempt, from);
				if (attempt && !attempt.answered)
					this.#fail(attempt, signal.code === 'busy' ? 'busy' : 'refused', signal.code);
				return;
			}
			case 'Note':
				this.#log('warn', `${from.slice(0, 8)} sent a note where none is read`);
		}
	}

	/** Gives up everything that is not up yet. */
	stop(): void {
		for (const attempt of this.#attempts.all()) {
			attempt.target = undefined;
			attempt.session.close('leaving', '');
		}
	}

	#onOffer(self: Identity, from: PublicKey, offer: SignalOf<'Offer'>, way: SignalWay | undefined): void {
		if (offer.purpose !== this.#owner.purpose || from === self.id) return;
		const known = this.#attempts.get(offer.attempt);
		if (known) {
			if (known.role === 'callee' && known.session.peer === from) this.#answerAgain(known);
			return;
		}
		if (!this.#offers.take(this.#deps.clock.now())) {
			this.#log('warn', `offer of ${from.slice(0, 8)} ignored: too many a minute`);
			return;
		}
		const crossing = this.#attempts.between(self.id, from);
		// Both called at once: the call of the lower key stands.
		if (crossing?.role === 'caller' && self.id < from) return;
		const inherited = crossing?.target;
		if (crossing) {
			crossing.target = undefined;
			crossing.session.close('duplicate', 'the other side called too');
		}
		const answer =
			this.pending('callee') >= linkLimits.halfOpen
				? ({ decline: 'busy' } as const)
				: this.#owner.admit(self, from, offer, way?.route);
		if ('decline' in answer) {
			this.#decline(self, from, offer.attempt, answer.decline, way);
			if (inherited) this.#owner.onfailed(inherited, 'refused');
			return;
		}
		const attempt = this.#open({
			id: offer.attempt,
			role: 'callee',
			self,
			peer: from,
			secret: answer.secret,
			proof: offer.secretProof,
			way,
			target: inherited,
		});
		attempt?.session.signal(offer.description);
	}

	/** An offer is said again a few times at most; each answer costs a seal and a signature. */
	#answerAgain(attempt: Attempt): void {
		if (attempt.repeats >= linkLimits.offerAgainMs.length) return;
		attempt.repeats += 1;
		this.#sendDescription(attempt);
	}

	#open({ id, role, self, peer, secret, proof, way, target }: Opening): Attempt | undefined {
		const { network, clock, random, conns, solver } = this.#deps;
		const { purpose, maxDegree, admissionComplexity } = this.#owner;
		const session = new Session(
			{ clock, solver, degree: () => this.#owner.degree() },
			{
				network,
				purpose,
				role,
				self,
				peer,
				binding: bindingOf(id, proof),
				nonce: random.bytes(32),
				degree: Math.min(255, this.#owner.degree()),
				maxDegree,
				admissionComplexity,
			},
			{
				ondescription: (_, description) => this.#onDescription(attempt, description),
				onup: () => this.#onUp(attempt),
				onframe: (up, frame) => this.#owner.onframe(up, frame),
				onadmission: (up) => this.#owner.onadmission(up),
				onroom: (up) => this.#owner.onroom?.(up),
				onoverlay: (up, frame) => this.#owner.onoverlay?.(up, frame),
				onend: (_, end, wasUp) => this.#onEnd(attempt, end, wasUp),
			},
		);
		const attempt: Attempt = {
			id,
			role,
			session,
			secret,
			way,
			target,
			answered: false,
			repeats: 0,
			description: undefined,
			timers: [],
		};
		this.#attempts.add(attempt);
		this.#giveUpAfter(attempt, way ? linkLimits.routedAttemptMs : linkLimits.attemptMs);
		// An answer to the other side's offer inherits a wish, but not another way to fulfil it.
		const own = target && (target.role ?? 'caller') === role ? target.conns : undefined;
		if (purpose === 'mesh' && role === 'caller' && !own)
			this.#later(attempt, linkLimits.meshAnswerMs, () => {
				if (!attempt.answered) this.#onTimeout(attempt);
			});
		const conn = (own ?? conns).create(role === 'caller', session.connEvents);
		if (!conn.ok) {
			this.#fail(attempt, conn.error.code === 'budget' ? 'budget' : 'unreachable', conn.error.detail);
			return undefined;
		}
		session.attach(conn.value);
		return attempt;
	}

	#onDescription(attempt: Attempt, description: Bytes): void {
		attempt.description = description;
		if (!this.#sendDescription(attempt)) {
			this.#fail(attempt, 'no-relay', 'no rendezvous in common');
			return;
		}
		// Nothing is lost on the way through the mesh, and a repeated offer would count as another.
		if (attempt.role === 'callee' || attempt.way) return;
		for (const wait of linkLimits.offerAgainMs)
			attempt.timers.push(
				this.#deps.clock.after(wait, () => {
					if (!attempt.answered) this.#sendDescription(attempt);
				}),
			);
	}

	#sendDescription({ id, role, session, description, target, way }: Attempt): boolean {
		if (!description) return true;
		const { self, peer, purpose } = session.terms;
		const proof = target && proofFor(target, id);
		const signal: Signal =
			role === 'callee'
				? { kind: 'Answer', attempt: id, description }
				: { kind: 'Offer', attempt: id, purpose, description, ...(proof && { secretProof: proof }) };
		if (way) return way.send(signal);
		return this.#deps.signalling.send(self, peer, signal, role === 'caller' ? target?.relays : undefined);
	}

	#decline(self: Identity, to: PublicKey, attempt: string, code: DeclineCode, way?: SignalWay): void {
		const signal: Signal = { kind: 'Decline', attempt, code };
		if (way) way.send(signal);
		else this.#deps.signalling.send(self, to, signal);
	}

	#giveUpAfter(attempt: Attempt, ms: number): void {
		this.#later(attempt, ms, () => this.#onTimeout(attempt));
	}

	/** Time in which this device did not get round to listening does not count against the other side. */
	#later(attempt: Attempt, ms: number, run: () => void): void {
		const { clock } = this.#deps;
		const wait = ms * Math.min(linkLimits.mostPatience, this.#lateness.slack(clock.now()));
		const due = clock.now() + wait;
		attempt.timers.push(
			clock.after(wait, () => {
				this.#lateness.saw(due, clock.now());
				run();
			}),
		);
	}

	#onTimeout(attempt: Attempt): void {
		const unheard = attempt.role === 'caller' && !attempt.answered;
		this.#fail(attempt, unheard ? 'no-answer' : 'unreachable', 'timed out');
	}

	#onUp(attempt: Attempt): void {
		this.#attempts.forget(attempt);
		this.#owner.onup(attempt.session, attempt.secret);
	}

	#onEnd(attempt: Attempt, end: SessionEnd, wasUp: boolean): void {
		if (wasUp) {
			this.#log('info', `${attempt.session.peer.slice(0, 8)}: ${describeEnd(end)}`);
			this.#owner.ondown(attempt.session, end);
		} else if (this.#attempts.has(attempt)) {
			this.#fail(attempt, failureOf(end), describeEnd(end));
		}
	}

	#fail(attempt: Attempt, reason: DialFailure, detail: string): void {
		this.#attempts.forget(attempt);
		attempt.session.close('leaving', '');
		this.#log('info', `${attempt.session.peer.slice(0, 8)}: attempt failed, ${reason}: ${detail}`);
		// No connection could be made for the offer: its caller need not wait for the time-out.
		if (attempt.role === 'callee' && !attempt.description)
			this.#decline(attempt.session.terms.self, attempt.session.peer, attempt.id, 'busy', attempt.way);
		if (attempt.target) this.#owner.onfailed(attempt.target, reason);
		else if (attempt.role === 'callee') this.#owner.onabandoned?.(attempt.session.peer);
	}

	#log(level: 'info' | 'warn', text: string): void {
		this.#deps.log(level, `webrtc/${this.#owner.purpose}`, text);
	}
}

const proofFor = ({ secret, self }: Target, attempt: string): Bytes | undefined =>
	secret === '' ? undefined : secretProof(secret, attempt, self.id);

function failureOf(end: SessionEnd): DialFailure {
	if (end.kind === 'conn') return end.closed.code === 'budget' ? 'budget' : 'unreachable';
	return end.kind === 'handshake' && end.error.code !== 'timeout' ? 'refused' : 'unreachable';
}
