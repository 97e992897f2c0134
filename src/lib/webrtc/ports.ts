import type { Bytes, PeerId, PublicKey } from '#lib/core/brand.ts';
import type { SecretKey } from '#lib/core/crypto/schnorr.ts';
import type { Result } from '#lib/core/result.ts';

/** A key this node answers to: a tab's PeerId on the mesh, a job's or offer's key on a direct link. */
export interface Identity {
	readonly id: PublicKey | PeerId;
	readonly secret: SecretKey;
}

/** SHA-256 certificate fingerprints of a connection, as applied on this side. */
export interface Fingerprints {
	readonly local: Bytes;
	readonly remote: Bytes;
}

/** One peer connection with one ordered, reliable, binary channel. Adapters: native (page), worker proxy, Node, memory. */
export interface PeerConn {
	/** Takes the other side's packed description (webrtc/sdp.ts). A refused one closes the connection with a reason. */
	signal(description: Bytes): void;
	/** Queues a message on an open channel; false when it is closed or its queue is full. */
	send(message: Bytes): boolean;
	/** Bytes queued but not yet handed to the network. */
	readonly buffered: number;
	/** Which way it goes, once that is known: `relayed` by a TURN server, `circuit` by other peers. */
	readonly route?: Route | undefined;
	close(reason: string): void;
}

export type Route = 'direct' | 'relayed' | 'circuit';

/** A STUN or TURN server, as in an RTCConfiguration. */
export interface IceServer {
	readonly urls: string;
	readonly username?: string;
	readonly credential?: string;
}

export interface IceSettings {
	readonly iceServers: readonly IceServer[];
	/** Only TURN relays: hides this machine's addresses from its peers. */
	readonly relayOnly?: boolean;
}

export interface PeerConnEvents {
	/** This side's packed description, once, complete with its candidates. */
	onsignal(description: Bytes): void;
	onopen(fingerprints: Fingerprints): void;
	onmessage(message: Bytes): void;
	/** `buffered` fell under the low-water mark. */
	ondrain(): void;
	/** Once, also when it never opened. */
	onclose(closed: ConnClosed): void;
}

/** Why a connection ended or never came to be. */
export interface ConnClosed {
	readonly type: 'conn-closed';
	readonly code:
		| 'closed'
		| 'closed-by-peer'
		/** This page may make no more connections now (conn/budget.ts). */
		| 'budget'
		/** No path between the two was found, or it was lost. */
		| 'failed'
		/** The browser refused to make a connection (Chromium: 500 of them, closed ones included until collected). */
		| 'cannot-construct'
		/** Gathering found nothing: a privacy setting, or relay-only without a TURN server. */
		| 'no-candidates'
		| 'bad-description'
		| 'extra-channel'
		| 'bad-message';
	readonly detail: string;
}

export interface ConnError {
	readonly type: 'conn';
	/** `budget`: this tab may make no more connections now. */
	readonly code: 'budget' | 'unsupported' | 'failed';
	readonly detail: string;
}

export interface ConnFactory {
	/** From now on; connections that exist stay as they are. */
	configure?(ice: IceSettings): void;
	create(initiator: boolean, events: PeerConnEvents): Result<PeerConn, ConnError>;
}

/** How a signalling path to infrastructure is doing; shown on /network. */
export interface RendezvousStatus {
	/** Relay URL, or the adapter's name where it has no address. */
	readonly name: string;
	/** `resting`: not needed now, and opened again when it is. */
	readonly state: 'connecting' | 'open' | 'waiting' | 'refused' | 'resting' | 'stopped';
	/** Round trip of the last exchange, ms. */
	readonly rttMs?: number;
	readonly error?: string;
	readonly sent: number;
	readonly received: number;
}

export interface RendezvousEvents {
	/** A member of the mesh wants neighbours, or answered that it has room. */
	oncontact(contact: {
		readonly id: PeerId;
		readonly asks: boolean;
		readonly degree: number;
		/** Of one that asks: how often it asked before for the same need. */
		readonly attempt: number;
		readonly via: string;
	}): void;
	/** A sealed message for one of the keys listened to, opened and its sender proven. */
	onsignal(signal: {
		readonly to: PublicKey;
		readonly from: PublicKey;
		readonly body: Bytes;
		readonly via: string;
	}): void;
	onstatus(): void;
}

/** Where peers that share no link yet find and signal each other. Several run at once; none is trusted. */
export interface Rendezvous {
	/** Opens connections for this member; the returned function closes everything. */
	start(self: Identity, events: RendezvousEvents): () => void;
	/** Says "I want neighbours" (no address, no description inside); `attempt` counts from 0 for each need. */
	join(degree: number, attempt: number): void;
	/** Answers one who wants neighbours, at once: who answers, and when, is the overlay's decision. */
	welcome(to: PeerId, degree: number): void;
	/**
	 * Whether this member hears who joins, as it does from the start: while it looks for neighbours itself, and while
	 * it is one of those who answer. Off, it may also let go of its connections; whatever needs them opens them again.
	 */
	setGreeter(on: boolean): void;
	/** Receives sealed messages for `identity` until the returned function is called. */
	listen(identity: Identity): () => void;
	/**
	 * Sends a sealed message. `relays` narrows the paths to those this node also knows; unknown ones are never
	 * contacted. False when that leaves no path at all.
	 */
	send(from: Identity, to: PublicKey | PeerId, body: Bytes, relays?: readonly string[]): boolean;
	status(): readonly RendezvousStatus[];
}

/** Pays admission proofs; the app gives its worker pool. */
export interface AdmissionSolver {
	/** 112 proof bytes (pow/scheme.ts) for a 32-byte seed; undefined when aborted or when the solver failed. */
	solve(seed: Bytes, complexity: number, signal: AbortSignal): Promise<Bytes | undefined>;
}

/** Lower number = sent first. */
export type Priority = 0 | 1 | 2;

/** A neighbour as /network shows it. */
export interface LinkInfo {
	readonly peer: PeerId;
	readonly initiator: boolean;
	readonly since: number;
	readonly rttMs?: number;
	readonly degree: number;
	readonly framesIn: number;
	readonly framesOut: number;
	readonly bytesIn: number;
	readonly bytesOut: number;
	/** Start credit earned by an admission proof: given, asked and still being worked on, or none. */
	readonly admission: 'none' | 'working' | 'proven';
	readonly state: 'open' | 'stalled';
	/** Whom it is linked to, as it says. */
	readonly neighbours: readonly PeerId[];
	/** Which way it goes; undefined where that is not known. */
	readonly route?: Route | undefined;
}

export interface MeshEvents {
	onlink(peer: PeerId): void;
	/** The side that asked for this link paid its admission proof. */
	onadmission(peer: PeerId): void;
	onunlink(peer: PeerId, reason: string): void;
	onframe(peer: PeerId, frame: Bytes): void;
	/** A frame of a circuit (types 0x0c to 0x0e). */
	oncircuit?(peer: PeerId, frame: Bytes): void;
	onchange(): void;
}

/** The node's neighbours. Frames go in and out; who is linked to whom is this module's business. */
export interface Mesh {
	readonly id: PeerId;
	start(events: MeshEvents): void;
	links(): readonly LinkInfo[];
	/** False when the peer is not linked or its window is exhausted and its queue is full. */
	send(peer: PeerId, frame: Bytes, priority: Priority): boolean;
	disconnect(peer: PeerId, reason: string): void;
	/** Links to this very peer over this connection, whatever else is wanted: somebody was invited by hand. */
	meet(guest: {
		readonly peer: PeerId;
		readonly conns: ConnFactory;
		readonly attempt: string;
		readonly role: 'caller' | 'callee';
	}): void;
	/** Page lifecycle: hidden lowers the number of links, freeze closes them politely, resume checks and rejoins. */
	lifecycle(change: 'visible' | 'hidden' | 'freeze' | 'resume' | 'online' | 'offline'): void;
	stop(reason: string): void;
}

export interface DirectEvents {
	/** Both ends proved their keys. `call` is fresh for each connection. */
	onopen(call: {
		readonly id: string;
		readonly self: PublicKey;
		readonly peer: PublicKey;
		readonly incoming: boolean;
		readonly secret: string;
		readonly fingerprints: Fingerprints;
	}): void;
	onframe(callId: string, frame: Bytes): void;
	/** A frame that `send` refused would be taken now. */
	ondrain?(callId: string): void;
	onclose(callId: string, reason: string): void;
	/** A call that never opened. */
	onfailed(call: {
		readonly self: PublicKey;
		readonly peer: PublicKey;
		readonly reason: 'no-relay' | 'no-answer' | 'refused' | 'unreachable' | 'budget';
	}): void;
	/** A sealed note that arrived for a key listened to (the last resort of a reply that found no way back). */
	onnote(note: { readonly to: PublicKey; readonly from: PublicKey; readonly body: Bytes }): void;
}

/** Direct links between a customer and a worker, outside the mesh; signalled through the rendezvous. */
export interface DirectLinks {
	start(events: DirectEvents): void;
	/** Answers calls to this key; `secrets` are the one-time secrets a caller must name (empty: any caller). */
	listen(identity: Identity, secrets: readonly string[]): () => void;
	call(self: Identity, peer: PublicKey, relays: readonly string[], secret: string): void;
	/**
	 * Queues a frame, most urgent class first (default 1). False when there is no such call or the class is full:
	 * `ondrain` then tells when to go on. What was taken arrives in order, unless the call ends.
	 */
	send(callId: string, frame: Bytes, priority?: Priority): boolean;
	hangUp(callId: string, reason: string): void;
	note(self: Identity, peer: PublicKey, relays: readonly string[], body: Bytes): void;
	stop(reason: string): void;
}
