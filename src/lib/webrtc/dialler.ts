import type { Bytes, PublicKey } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { Log } from '#lib/core/log.ts';
import { toHex } from '#lib/core/bytes.ts';
import type { Random } from '#lib/core/random.ts';
import { bindingOf, secretProof, type Purpose, type Role } from './handshake.ts';
import { linkLimits } from './limits.ts';
import { describeEnd, Session, type SessionEnd } from './link/session.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import type { AdmissionSolver, ConnFactory, Identity } from './ports.ts';
import type { Signal, SignalOf } from './signals.ts';
import type { Signalling } from './signalling.ts';

/** Whom to call, as whom, and over what. */
export interface Target {
	readonly self: Identity;
	readonly peer: PublicKey;
	/** One-time secret that the callee wants to be named; empty on the mesh. */
	readonly secret: string;
	/** Relays the callee listens on; undefined = all this node knows. */
	readonly relays?: readonly string[];
	/** Another way to connect than the node's own: an invitation's prepared connection, or a circuit. */
	readonly conns?: ConnFactory;
	/** The attempt's id where it was fixed beforehand, hex of 16 bytes. */
	readonly attempt?: string;
}

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
	): { readonly secret: string } | { readonly decline: DeclineCode };
	onup(session: Session, secret: string): void;
	onframe(session: Session, frame: Bytes): void;
	onadmission(session: Session): void;
	/** A frame that the session refused would be taken now. */
	onroom?(session: Session): void;
	/** A session that was up has ended. */
	ondown(session: Session, end: SessionEnd): void;
	/** A call of ours did not come to be. */
	onfailed(target: Target, reason: DialFailure): void;
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

/** An offer made or answered whose handshake is not finished. */
interface Attempt {
	readonly id: string;
	readonly role: Role;
	readonly session: Session;
	readonly secret: string;
	/** Our own wish that this attempt serves, which an answer to the other side's offer may do as well. */
	target: Target | undefined;
	answered: boolean;
	/** How often the other side has said its offer again, and had our answer again. */
	repeats: number;
	/** Our packed description once gathered. */
	description: Bytes | undefined;
	readonly timers: (() => void)[];
}

/** Turns offers and answers into authenticated sessions, ours and other people's, within limits. */
export class Dialler {
	readonly #deps: DiallerDeps;
	readonly #owner: DiallerOwner;
	readonly #attempts = new Map<string, Attempt>();
	readonly #offers: TokenBucket;

	constructor(deps: DiallerDeps, owner: DiallerOwner) {
		this.#deps = deps;
		this.#owner = owner;
		const { offersPerMinute } = linkLimits;
		this.#offers = new TokenBucket(offersPerMinute / 60, offersPerMinute / 2, deps.clock.now());
	}

	/** Half-open attempts of a role. */
	pending(role: Role): number {
		return [...this.#attempts.values()].filter((attempt) => attempt.role === role).length;
	}

	isDialling(self: string, peer: PublicKey): boolean {
		return this.#between(self, peer) !== undefined;
	}

	#between(self: string, peer: PublicKey): Attempt | undefined {
		return [...this.#attempts.values()].find(
			({ session }) => session.terms.self.id === self && session.peer === peer,
		);
	}

	/** Offers a connection; `onup` or `onfailed` follows, unless an attempt between the two is under way. */
	dial(target: Target): void {
		const underWay = this.#between(target.self.id, target.peer);
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
		this.#open(id, 'caller', target.self, target.peer, target.secret, proofFor(target, id), target);
	}

	/** A signal of `from` to one of our keys. */
	receive(self: Identity, from: PublicKey, signal: Signal): void {
		switch (signal.kind) {
			case 'Offer':
				this.#onOffer(self, from, signal);
				return;
			case 'Answer': {
				const attempt = this.#own(signal.attempt, from);
				if (!attempt || attempt.answered) return;
				attempt.answered = true;
				attempt.session.signal(signal.description);
				return;
			}
			case 'Decline': {
				const attempt = this.#own(signal.attempt, from);
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
		for (const attempt of [...this.#attempts.values()]) {
			attempt.target = undefined;
			attempt.session.close('leaving', '');
		}
	}

	#own(id: string, from: PublicKey): Attempt | undefined {
		const attempt = this.#attempts.get(id);
		return attempt?.role === 'caller' && attempt.session.peer === from ? attempt : undefined;
	}

	#onOffer(self: Identity, from: PublicKey, offer: SignalOf<'Offer'>): void {
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
		const crossing = this.#between(self.id, from);
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
				: this.#owner.admit(self, from, offer);
		if ('decline' in answer) {
			this.#decline(self, from, offer.attempt, answer.decline);
			if (inherited) this.#owner.onfailed(inherited, 'refused');
			return;
		}
		const attempt = this.#open(
			offer.attempt,
			'callee',
			self,
			from,
			answer.secret,
			offer.secretProof,
			inherited,
		);
		attempt?.session.signal(offer.description);
	}

	/** An offer is said again a few times at most; each answer costs a seal and a signature. */
	#answerAgain(attempt: Attempt): void {
		if (attempt.repeats >= linkLimits.offerAgainMs.length) return;
		attempt.repeats += 1;
		this.#sendDescription(attempt);
	}

	#open(
		id: string,
		role: Role,
		self: Identity,
		peer: PublicKey,
		secret: string,
		proof: Bytes | undefined,
		target: Target | undefined,
	): Attempt | undefined {
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
				onend: (_, end, wasUp) => this.#onEnd(attempt, end, wasUp),
			},
		);
		const attempt: Attempt = {
			id,
			role,
			session,
			secret,
			target,
			answered: false,
			repeats: 0,
			description: undefined,
			timers: [],
		};
		this.#attempts.set(id, attempt);
		attempt.timers.push(clock.after(linkLimits.attemptMs, () => this.#onTimeout(attempt)));
		const conn = ((role === 'caller' && target?.conns) || conns).create(
			role === 'caller',
			session.connEvents,
		);
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
		if (attempt.role === 'callee') return;
		for (const wait of linkLimits.offerAgainMs)
			attempt.timers.push(
				this.#deps.clock.after(wait, () => {
					if (!attempt.answered) this.#sendDescription(attempt);
				}),
			);
	}

	#sendDescription({ id, role, session, description, target }: Attempt): boolean {
		if (!description) return true;
		const { self, peer, purpose } = session.terms;
		if (role === 'callee')
			return this.#deps.signalling.send(self, peer, { kind: 'Answer', attempt: id, description });
		const proof = target && proofFor(target, id);
		return this.#deps.signalling.send(
			self,
			peer,
			{ kind: 'Offer', attempt: id, purpose, description, ...(proof && { secretProof: proof }) },
			target?.relays,
		);
	}

	#decline(self: Identity, to: PublicKey, attempt: string, code: DeclineCode): void {
		this.#deps.signalling.send(self, to, { kind: 'Decline', attempt, code });
	}

	#onTimeout(attempt: Attempt): void {
		const unheard = attempt.role === 'caller' && !attempt.answered;
		this.#fail(attempt, unheard ? 'no-answer' : 'unreachable', 'timed out');
	}

	#onUp(attempt: Attempt): void {
		this.#forget(attempt);
		this.#owner.onup(attempt.session, attempt.secret);
	}

	#onEnd(attempt: Attempt, end: SessionEnd, wasUp: boolean): void {
		if (wasUp) {
			this.#log('info', `${attempt.session.peer.slice(0, 8)}: ${describeEnd(end)}`);
			this.#owner.ondown(attempt.session, end);
		} else if (this.#attempts.has(attempt.id)) {
			this.#fail(attempt, failureOf(end), describeEnd(end));
		}
	}

	#fail(attempt: Attempt, reason: DialFailure, detail: string): void {
		this.#forget(attempt);
		attempt.session.close('leaving', '');
		this.#log('info', `${attempt.session.peer.slice(0, 8)}: attempt failed, ${reason}: ${detail}`);
		// No connection could be made for the offer: its caller need not wait for the time-out.
		if (attempt.role === 'callee' && !attempt.description)
			this.#decline(attempt.session.terms.self, attempt.session.peer, attempt.id, 'busy');
		if (attempt.target) this.#owner.onfailed(attempt.target, reason);
	}

	#forget(attempt: Attempt): void {
		this.#attempts.delete(attempt.id);
		for (const cancel of attempt.timers) cancel();
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
