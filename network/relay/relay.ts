import { createServer } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { secretFrom, publicKey, verify } from '#lib/core/crypto/schnorr.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { SeenSet } from '#lib/core/seen-set.ts';
import { signEvent, verifyEvent, type NostrEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import { messageChars } from '#lib/webrtc/rendezvous/nostr/message.ts';
import type { Identity } from '#lib/webrtc/ports.ts';
import { listen, type ListenError } from '../listen.ts';
import { answerControl } from './control.ts';
import { noFaults, type Faults } from './faults.ts';
import { createSession, type Session } from './session.ts';
import { createEventStore, isExpired } from './store.ts';

export const relayLimits = {
	connections: 512,
	/** Author's clocks may be this far ahead of ours, s. */
	aheadSeconds: 900,
	/** How long an event's id is remembered, ms, so that it is passed on once. */
	rememberMs: 1_200_000,
	rememberedIds: 20_000,
} as const;

export interface RelayOptions {
	/** 0 takes any free port. */
	readonly port: number;
	/** Lets anyone on this machine turn the fault knobs at `/faults`; for tests. */
	readonly control?: boolean;
	/** Its clock, ms since 1970; the machine's unless given. */
	readonly now?: () => number;
}

export interface RelayStats {
	readonly connections: number;
	readonly subscriptions: number;
	readonly accepted: number;
	readonly refused: number;
	readonly delivered: number;
}

/** A small NIP-01 relay for this machine: the meeting place of a local network and of tests. */
export interface Relay {
	/** `ws://127.0.0.1:<port>` */
	readonly url: string;
	readonly faults: Faults;
	/** Changes some knobs. */
	setFaults(change: Partial<Faults>): void;
	stats(): RelayStats;
	close(): Promise<void>;
}

export async function startRelay(options: RelayOptions): Promise<Result<Relay, ListenError>> {
	const now = options.now ?? Date.now;
	const store = createEventStore();
	const seen = new SeenSet(relayLimits.rememberMs, relayLimits.rememberedIds, now());
	const sessions = new Map<WebSocket, Session>();
	const liar = newIdentity();
	let faults = noFaults;
	let accepted = 0;
	let refused = 0;
	let delivered = 0;

	const nowSeconds = () => Math.floor(now() / 1_000);

	function accept(event: NostrEvent): string | undefined {
		if (isExpired(event, nowSeconds())) return 'invalid: expired';
		if (event.created_at > nowSeconds() + relayLimits.aheadSeconds) return 'invalid: created in the future';
		if (seen.has(event.id)) return undefined;
		const verified = verifyEvent(event, verify);
		if (!verified.ok) return `invalid: ${verified.error.detail}`;
		seen.add(event.id, now());
		if (store.put(event)) passOn(event);
		return undefined;
	}

	function passOn(event: NostrEvent): void {
		const told = lieAbout(event);
		for (const session of sessions.values()) {
			if (isBlocked(event, session) || Math.random() < faults.dropShare) continue;
			delivered++;
			session.deliver(told);
		}
	}

	function isBlocked({ pubkey }: NostrEvent, session: Session): boolean {
		return faults.blockedPairs.some(
			([a, b]) => (pubkey === a && session.hears(b)) || (pubkey === b && session.hears(a)),
		);
	}

	function lieAbout(event: NostrEvent): NostrEvent {
		switch (faults.lie) {
			case 'off':
				return event;
			case 'content':
				return { ...event, content: event.content.replace(/^./, (first) => (first === '0' ? '1' : '0')) };
			case 'sender':
				return signEvent(event, liar);
		}
	}

	function setFaults(change: Partial<Faults>): void {
		faults = { ...faults, ...change };
		if (faults.closed) for (const socket of sessions.keys()) socket.terminate();
	}

	const stats = (): RelayStats => ({
		connections: sessions.size,
		subscriptions: [...sessions.values()].reduce((sum, session) => sum + session.subscriptions, 0),
		accepted,
		refused,
		delivered,
	});

	const http = createServer((request, response) => {
		const control = options.control === true;
		void answerControl(request, response, control ? { faults: () => faults, setFaults, stats } : undefined);
	});
	const sockets = new WebSocketServer({ noServer: true, maxPayload: messageChars, perMessageDeflate: false });

	http.on('upgrade', (request, stream, head) => {
		if (faults.closed || sessions.size >= relayLimits.connections) stream.destroy();
		else sockets.handleUpgrade(request, stream, head, connected);
	});

	function connected(socket: WebSocket): void {
		const write = (text: string) => {
			if (socket.readyState === socket.OPEN) socket.send(text);
		};
		const session = createSession({
			now,
			faults: () => faults,
			send: (text) => {
				if (faults.delayMs === 0) write(text);
				else setTimeout(() => write(text), faults.delayMs);
			},
			publish(event) {
				const refusal = accept(event);
				if (refusal === undefined) accepted++;
				else refused++;
				return refusal;
			},
			stored: (filters) => store.query(filters, nowSeconds()),
		});
		sessions.set(socket, session);
		socket.on('message', (data, isBinary) => {
			if (isBinary) socket.close(1003, 'text only');
			else session.receive((data as Buffer).toString('utf8'));
		});
		// What is wrong with a connection (too long a message, a reset) ends it; `close` always follows.
		socket.on('error', () => socket.terminate());
		socket.on('close', () => sessions.delete(socket));
	}

	const port = await listen(http, options.port);
	if (!port.ok) return port;
	return ok({
		url: `ws://127.0.0.1:${port.value}`,
		get faults() {
			return faults;
		},
		setFaults,
		stats,
		close() {
			for (const socket of sessions.keys()) socket.terminate();
			return new Promise<void>((resolve) => {
				http.close(() => resolve());
				http.closeAllConnections();
			});
		},
	});
}

function newIdentity(): Identity {
	const secret = secretFrom(crypto.getRandomValues(new Uint8Array(48)));
	return { secret, id: publicKey(secret) };
}
