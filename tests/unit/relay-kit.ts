import { WebSocket } from 'ws';
import { onTestFinished } from 'vitest';
import { signEvent, type NostrEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import { startRelay, type Relay, type RelayOptions } from '../../network/relay/relay.ts';
import { identity } from './rendezvous/kit.ts';

/** A relay on a free port, closed when the test ends. */
export async function runningRelay(options: Partial<RelayOptions> = {}): Promise<Relay> {
	const relay = await startRelay({ port: 0, ...options });
	if (!relay.ok) throw new Error(relay.error.detail);
	onTestFinished(() => relay.value.close());
	return relay.value;
}

export interface Client {
	say(...message: unknown[]): void;
	sayText(text: string | Buffer): void;
	/** The next message, once it comes. */
	next(): Promise<unknown[]>;
	/** Resolves when the relay has ended the connection. */
	readonly ended: Promise<void>;
}

/** Opens a connection; rejects when the relay does not take it. */
export async function connect(url: string): Promise<Client> {
	const socket = new WebSocket(url);
	onTestFinished(() => socket.terminate());
	const arrived: unknown[][] = [];
	const waiting: ((message: unknown[]) => void)[] = [];
	socket.on('message', (data) => {
		const message = JSON.parse((data as Buffer).toString('utf8')) as unknown[];
		const take = waiting.shift();
		if (take) take(message);
		else arrived.push(message);
	});
	const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()));
	await new Promise<void>((resolve, reject) => {
		socket.on('open', resolve);
		socket.on('error', reject);
	});
	return {
		say: (...message) => socket.send(JSON.stringify(message)),
		sayText: (text) => socket.send(text),
		next: () => {
			const message = arrived.shift();
			return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve));
		},
		ended,
	};
}

export const alice = identity('alice');
export const bob = identity('bob');

/** An event of now; `content` tells events apart. */
export function eventNow(content: string, change: Partial<NostrEvent> = {}, author = alice): NostrEvent {
	return signEvent(
		{
			created_at: Math.floor(Date.now() / 1_000),
			kind: 21_518,
			tags: [['p', bob.id]],
			...change,
			content,
		},
		author,
	);
}
