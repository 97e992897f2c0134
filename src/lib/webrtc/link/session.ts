import type { Bytes, Millis, PublicKey } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { admissionDuty, isAdmitted, type AdmissionDuty } from '../admission.ts';
import type { ByeCode, LinkFrameOf, OverlayFrame } from '../frames.ts';
import {
	startHandshake,
	stepHandshake,
	type HandshakeEffect,
	type HandshakeError,
	type HandshakeEvent,
	type HandshakeState,
	type HandshakeTerms,
	type HelloHashes,
} from '../handshake.ts';
import { linkLimits } from '../limits.ts';
import type {
	AdmissionSolver,
	ConnClosed,
	Fingerprints,
	PeerConn,
	PeerConnEvents,
	Priority,
	Route,
} from '../ports.ts';
import { Link, type LinkEnd } from './link.ts';

/** What two persons say to each other waits for as long as the call lasts; on the mesh old news is no news. */
const directQueue = { ...linkLimits, staleMs: Infinity };

/** Why a session is over: before its handshake was done, or as a link. */
export type SessionEnd =
	| LinkEnd
	| { readonly kind: 'conn'; readonly closed: ConnClosed }
	| {
			readonly kind: 'handshake';
			readonly error: HandshakeError;
	  };

export interface SessionEvents {
	/** This side's packed description is ready to be sent. */
	ondescription(session: Session, description: Bytes): void;
	/** Both keys are proven; frames may flow. */
	onup(session: Session): void;
	onframe(session: Session, frame: Bytes): void;
	onadmission(session: Session): void;
	/** On mesh links. */
	onoverlay?(session: Session, frame: OverlayFrame): void;
	/** A frame that `send` refused would be taken now. */
	onroom?(session: Session): void;
	/** Once; `wasUp` tells whether `onup` came before. */
	onend(session: Session, end: SessionEnd, wasUp: boolean): void;
}

export interface SessionDeps {
	readonly clock: Clock;
	readonly solver: AdmissionSolver;
	/** Links this node has now. */
	degree(): number;
}

/** One peer connection from its handshake to its end: connects the pure parts to a connection and a clock. */
export class Session {
	readonly terms: HandshakeTerms;
	readonly since: Millis;
	readonly #deps: SessionDeps;
	readonly #events: SessionEvents;
	readonly #abort = new AbortController();
	#handshake: HandshakeState;
	#conn: PeerConn | undefined;
	#link: Link | undefined;
	#fingerprints: Fingerprints | undefined;
	#duty: AdmissionDuty = { kind: 'none' };
	#proven = false;
	#ended = false;
	#cancelTimer = () => {};
	/** When the link's timer is set for; most messages leave it where it is. */
	#wakeAt: Millis | undefined;

	constructor(deps: SessionDeps, terms: HandshakeTerms, events: SessionEvents) {
		this.#deps = deps;
		this.#events = events;
		this.terms = terms;
		this.since = deps.clock.now();
		this.#handshake = startHandshake(terms);
	}

	get peer(): PublicKey {
		return this.terms.peer;
	}

	get up(): boolean {
		return this.#link !== undefined && !this.#ended;
	}

	/** Undefined until the connection is open. */
	get fingerprints(): Fingerprints | undefined {
		return this.#fingerprints;
	}

	/** Which way the connection goes, once that is known. */
	get route(): Route | undefined {
		return this.#conn?.route;
	}

	get link(): Link | undefined {
		return this.#link;
	}

	get admission(): 'none' | 'working' | 'proven' {
		if (this.#proven) return 'proven';
		return this.#duty.kind === 'none' ? 'none' : 'working';
	}

	/** Handed to the factory that makes the connection. */
	readonly connEvents: PeerConnEvents = {
		onsignal: (description) => this.#events.ondescription(this, description),
		onopen: (fingerprints) => {
			this.#fingerprints = fingerprints;
			this.#cancelTimer = this.#deps.clock.after(linkLimits.handshakeMs, () =>
				this.#step({ kind: 'timeout' }),
			);
			this.#step({ kind: 'open', fingerprints });
		},
		onmessage: (bytes) => {
			if (this.#ended) return;
			if (this.#link) this.#link.receive(bytes, this.#deps.clock.now());
			else this.#step({ kind: 'message', bytes });
			this.#schedule();
		},
		ondrain: () => this.#link?.drained(this.#deps.clock.now()),
		onclose: (closed) => this.#end({ kind: 'conn', closed }),
	};

	/** Gives the session its connection, made with `connEvents`. */
	attach(conn: PeerConn): void {
		this.#conn = conn;
		if (this.#ended) conn.close('no longer wanted');
	}

	/** The other side's packed description. */
	signal(description: Bytes): void {
		this.#conn?.signal(description);
	}

	send(frame: Bytes, priority: Priority): boolean {
		const taken = this.#link?.send(frame, priority, this.#deps.clock.now()) ?? false;
		this.#schedule();
		return taken;
	}

	/** After a pause of this program: proves within 2 s that the peer is still there, or ends. */
	check(): void {
		this.#link?.check(this.#deps.clock.now());
		this.#schedule();
	}

	close(code: ByeCode, detail: string): void {
		if (this.#link) this.#link.close(code, detail);
		else this.#end({ kind: 'closed', code, detail });
	}

	#step(event: HandshakeEvent): void {
		const [next, effects] = stepHandshake(this.#handshake, event);
		this.#handshake = next;
		for (const effect of effects) this.#apply(effect);
	}

	#apply(effect: HandshakeEffect): void {
		switch (effect.kind) {
			case 'send':
				this.#conn?.send(effect.bytes);
				return;
			case 'failed':
				this.#end({ kind: 'handshake', error: effect.error });
				return;
			case 'established':
				this.#establish(effect.peerHello, effect.hashes);
		}
	}

	#establish(peerHello: LinkFrameOf<'LinkHello'>, hashes: HelloHashes): void {
		const { clock } = this.#deps;
		this.#cancelTimer();
		this.#link = new Link(
			{
				transmit: (bytes) => this.#conn?.send(bytes) ?? false,
				buffered: () => this.#conn?.buffered ?? 0,
				degree: () => Math.min(255, this.#deps.degree()),
				deliver: (frame) => this.#events.onframe(this, frame),
				admission: (proof) => this.#checkAdmission(proof),
				...(this.terms.purpose === 'mesh' && {
					overlay: (frame: OverlayFrame) => this.#events.onoverlay?.(this, frame),
				}),
				room: () => this.#events.onroom?.(this),
				end: (reason) => this.#end(reason),
			},
			peerHello.degree,
			clock.now(),
			this.terms.purpose === 'mesh' ? linkLimits : directQueue,
		);
		if (this.terms.purpose === 'mesh')
			this.#duty = admissionDuty(this.terms.role, hashes, {
				own: this.terms.admissionComplexity,
				peer: peerHello.admissionComplexity,
			});
		this.#events.onup(this);
		this.#link.wake(clock.now());
		this.#schedule();
		// Its owner may have closed it as a duplicate by now.
		if (this.#duty.kind === 'pay' && this.up) void this.#payAdmission(this.#duty);
	}

	async #payAdmission({ seed, complexity }: Exclude<AdmissionDuty, { kind: 'none' }>): Promise<void> {
		const proof = await this.#deps.solver.solve(seed, complexity, this.#abort.signal);
		if (this.#ended) return;
		if (!proof) {
			this.#duty = { kind: 'none' };
			return;
		}
		this.#link?.sendControl({ kind: 'Admission', proof });
		this.#admit();
	}

	#checkAdmission(proof: Bytes): void {
		if (this.#duty.kind !== 'expect' || this.#proven) {
			this.close('bad-admission', 'nothing was asked');
			return;
		}
		if (isAdmitted(this.#duty, proof)) this.#admit();
		else this.close('bad-admission', 'the proof is wrong');
	}

	#admit(): void {
		this.#proven = true;
		this.#events.onadmission(this);
	}

	#schedule(): void {
		const { clock } = this.#deps;
		if (!this.#link || this.#ended) return;
		const wakeAt = this.#link.nextWake(clock.now());
		if (wakeAt === this.#wakeAt) return;
		this.#cancelTimer();
		this.#wakeAt = wakeAt;
		this.#cancelTimer = clock.after(Math.max(0, wakeAt - clock.now()), () => {
			this.#wakeAt = undefined;
			this.#link?.wake(clock.now());
			this.#schedule();
		});
	}

	#end(end: SessionEnd): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#cancelTimer();
		this.#abort.abort();
		this.#conn?.close(end.kind);
		this.#events.onend(this, end, this.#link !== undefined);
	}
}

/** A session's end in words, for the log and the interface. */
export function describeEnd(end: SessionEnd): string {
	switch (end.kind) {
		case 'dead':
			return 'dead: the peer stopped answering';
		case 'bye':
			return `the peer left: ${end.code} ${end.detail}`.trim();
		case 'closed':
			return `${end.code} ${end.detail}`.trim();
		case 'conn':
			return `connection ${end.closed.code} ${end.closed.detail}`.trim();
		case 'handshake':
			return `handshake ${end.error.code}: ${end.error.detail}`;
	}
}
