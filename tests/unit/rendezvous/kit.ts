import { publicKey, secretFrom, type SecretKey } from '#lib/core/crypto/schnorr.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { concat, utf8 } from '#lib/core/bytes.ts';
import type { PeerId, PublicKey } from '#lib/core/brand.ts';
import type { Random } from '#lib/core/random.ts';
import type { Socket, SocketEvents } from '#lib/webrtc/rendezvous/nostr/socket.ts';

export interface TestIdentity {
	readonly id: PublicKey & PeerId;
	readonly secret: SecretKey;
}

/** The same key for the same name, in every run. */
export function identity(name: string): TestIdentity {
	const digest = sha256(utf8(name));
	const secret = secretFrom(concat(digest, digest.subarray(0, 16)));
	return { secret, id: publicKey(secret) };
}

/** A seeded stream of bytes. */
export function seededRandom(seed: string): Random {
	let counter = 0;
	let pool = new Uint8Array();
	return {
		bytes(length) {
			while (pool.length < length) pool = concat(pool, sha256(utf8(`${seed}:${counter++}`)));
			const out = pool.slice(0, length);
			pool = pool.slice(length);
			return out;
		},
	};
}

export interface FakeSocket extends Socket {
	readonly url: string;
	/** Parsed messages the client has sent. */
	readonly sent: unknown[][];
	readonly closed: boolean;
	open(): void;
	say(...message: unknown[]): void;
	sayText(text: string): void;
	drop(reason: string): void;
}

/** Sockets that a test opens, feeds and drops by hand. */
export function fakeSockets() {
	const all: FakeSocket[] = [];
	const openSocket = (url: string, events: SocketEvents): Socket => {
		const sent: unknown[][] = [];
		let closed = false;
		const socket: FakeSocket = {
			url,
			sent,
			get closed() {
				return closed;
			},
			send: (text) => sent.push(JSON.parse(text) as unknown[]),
			close: () => (closed = true),
			open: () => events.onopen(),
			say: (...message) => events.onmessage(JSON.stringify(message)),
			sayText: (text) => events.onmessage(text),
			drop: (reason) => events.onclose(reason),
		};
		all.push(socket);
		return socket;
	};
	return {
		all,
		openSocket,
		get last(): FakeSocket {
			const socket = all.at(-1);
			if (!socket) throw new Error('no socket was opened');
			return socket;
		},
	};
}
