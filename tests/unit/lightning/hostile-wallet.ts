import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { toHex } from '#lib/core/bytes.ts';
import { publicKey } from '#lib/core/crypto/schnorr.ts';
import { signEvent, type NostrEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import { createSealer } from '../../../network/wallet-service/seal.ts';
import { identity, seededRandom } from '../rendezvous/kit.ts';

export const wallet = identity('hostile wallet');
export const stranger = identity('stranger');
const app = identity('app');
const random = seededRandom('hostile wallet');
const sealer = createSealer(wallet.secret, publicKey(app.secret), random);

/** Seals to the app as the wallet does. */
export const seal = (value: unknown): string => sealer?.seal(value) ?? '';
/** Sealed by somebody else. */
export const sealedByStranger = (value: unknown): string =>
	createSealer(stranger.secret, publicKey(app.secret), random)?.seal(value) ?? '';

/** An answer to one request, signed by the wallet unless told otherwise. */
export const answerTo = (
	request: string,
	content: string,
	change: { readonly author?: typeof wallet; readonly kind?: number } = {},
): NostrEvent =>
	signEvent(
		{
			kind: change.kind ?? 23_195,
			created_at: Math.floor(Date.now() / 1_000),
			tags: [
				['p', app.id],
				['e', request],
			],
			content,
		},
		change.author ?? wallet,
	);

export interface Heard {
	readonly id: string;
	readonly method: string;
}

/**
 * A relay and the wallet behind it, both hostile: what `answer` returns is passed on to the app's open subscription as
 * it is, whatever was asked for.
 */
export async function hostileWallet(answer: (request: Heard) => readonly unknown[]) {
	const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
	const heard: Heard[] = [];
	onTestFinished(() => {
		for (const socket of server.clients) socket.terminate();
		server.close();
	});
	await new Promise((resolve) => server.on('listening', resolve));
	server.on('connection', (socket) => serve(socket));

	function serve(socket: WebSocket): void {
		let subscription = '';
		socket.on('message', (data) => {
			const [verb, first, filter] = JSON.parse((data as Buffer).toString('utf8')) as [string, never, never];
			if (verb === 'REQ') open(first, filter);
			if (verb === 'EVENT') take(first);
		});
		const say = (...message: readonly unknown[]) => socket.send(JSON.stringify(message));
		function open(id: string, { kinds }: { readonly kinds?: readonly number[] }): void {
			if (kinds?.includes(13_194)) {
				const tags = [['encryption', 'nip44_v2']];
				const info = { kind: 13_194, created_at: 1_790_000_000, tags, content: 'pay_invoice lookup_invoice' };
				say('EVENT', id, signEvent(info, wallet));
			} else subscription = id;
			say('EOSE', id);
		}
		function take(event: NostrEvent): void {
			say('OK', event.id, true, '');
			const { method } = sealer?.open(event.content) as { readonly method: string };
			heard.push({ id: event.id, method });
			for (const said of answer({ id: event.id, method })) say('EVENT', subscription, said);
		}
	}

	const { port } = server.address() as { port: number };
	const relay = encodeURIComponent(`ws://127.0.0.1:${port}`);
	return {
		heard,
		uri: `nostr+walletconnect://${wallet.id}?relay=${relay}&secret=${toHex(app.secret)}`,
	};
}
