import type { PeerId, PublicKey } from '#lib/core/brand.ts';
import type { Log } from '#lib/core/log.ts';
import type { Identity, Rendezvous, RendezvousEvents, RendezvousStatus } from './ports.ts';
import { signals, type Signal } from './signals.ts';

export type Contact = Parameters<RendezvousEvents['oncontact']>[0];
export type SignalHandler = (from: PublicKey, signal: Signal) => void;

export interface SignallingDeps {
	readonly identity: Identity;
	readonly rendezvous: readonly Rendezvous[];
	readonly log: Log;
	/** A rendezvous changed its state; read `status()`. */
	onstatus?(): void;
}

/** Every rendezvous of a node as one: what the mesh and the direct links say goes out on all paths. */
export interface Signalling {
	start(): void;
	stop(): void;
	status(): readonly RendezvousStatus[];
	/** Members that want neighbours or have room. One reader at a time: the mesh. */
	contacts(read: (contact: Contact) => void): () => void;
	join(degree: number, attempt: number): void;
	welcome(to: PeerId, degree: number): void;
	/** Whether every rendezvous hears who joins; see `Rendezvous.setGreeter`. */
	setGreeter(on: boolean): void;
	/** Parsed signals for `identity`. One reader for each key. */
	listen(identity: Identity, read: SignalHandler): () => void;
	/** False when no path leads to any of `relays`. */
	send(from: Identity, to: PublicKey | PeerId, signal: Signal, relays?: readonly string[]): boolean;
}

export function createSignalling(deps: SignallingDeps): Signalling {
	const { identity, rendezvous, log } = deps;
	const readers = new Map<string, SignalHandler>();
	let closers: (() => void)[] = [];
	let readContact: ((contact: Contact) => void) | undefined;

	const events: RendezvousEvents = {
		oncontact: (contact) => {
			if (contact.id !== identity.id) readContact?.(contact);
		},
		onsignal({ to, from, body, via }) {
			const signal = signals.decode(body);
			if (!signal.ok) {
				log('warn', 'webrtc/signalling', `${via}: ${signal.error.code} ${signal.error.detail}`);
				return;
			}
			readers.get(to)?.(from, signal.value);
		},
		onstatus: () => deps.onstatus?.(),
	};

	return {
		start() {
			if (closers.length === 0) closers = rendezvous.map((path) => path.start(identity, events));
		},
		stop() {
			for (const close of closers) close();
			closers = [];
		},
		status: () => rendezvous.flatMap((path) => path.status()),
		contacts(read) {
			readContact = read;
			return () => {
				if (readContact === read) readContact = undefined;
			};
		},
		join(degree, attempt) {
			for (const path of rendezvous) path.join(degree, attempt);
		},
		welcome(to, degree) {
			for (const path of rendezvous) path.welcome(to, degree);
		},
		setGreeter(on) {
			for (const path of rendezvous) path.setGreeter(on);
		},
		listen(own, read) {
			readers.set(own.id, read);
			const closeAll = rendezvous.map((path) => path.listen(own));
			return () => {
				if (readers.get(own.id) === read) readers.delete(own.id);
				for (const close of closeAll) close();
			};
		},
		send(from, to, signal, relays) {
			const body = signals.encode(signal);
			// Every path is used, also after the first that took it.
			return rendezvous.map((path) => path.send(from, to, body, relays)).includes(true);
		},
	};
}
