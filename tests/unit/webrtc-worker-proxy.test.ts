import { afterEach, expect, test } from 'vitest';
import { createWorkerConns } from '#lib/webrtc/conn/worker-proxy.ts';
import { connLimits } from '#lib/webrtc/conn/limits.ts';
import type { ToPage, ToWorker } from '#lib/webrtc/conn/port-protocol.ts';
import type { PeerConnEvents } from '#lib/webrtc/ports.ts';

const ports: MessagePort[] = [];
afterEach(() => {
	for (const port of ports.splice(0)) port.close();
});

/** A connection whose page says what the test wants, in the order it wants. */
function hosted() {
	const channel = new MessageChannel();
	ports.push(channel.port1, channel.port2);
	const told: string[] = [];
	let wake = () => {};
	const tell = (what: string) => {
		told.push(what);
		wake();
	};
	const events: PeerConnEvents = {
		onsignal: () => tell('signal'),
		onopen: () => tell('open'),
		onmessage: (message) => tell(`message ${message.join()}`),
		ondrain: () => tell('drain'),
		onclose: ({ code }) => tell(`closed ${code}`),
	};
	const created = new Promise<number>((resolve) => {
		channel.port1.onmessage = ({ data }: MessageEvent<ToPage>) => {
			if (data.kind === 'create') resolve(data.id);
		};
	});
	createWorkerConns(channel.port2, { transfer: false }).create(true, events);
	return {
		created,
		page: (message: ToWorker) => channel.port1.postMessage(message),
		/** Resolves with what was told once `count` things were. */
		told: (count: number) =>
			new Promise<readonly string[]>((resolve) => {
				wake = () => {
					if (told.length >= count) resolve([...told]);
				};
				wake();
			}),
	};
}

const fingerprints = { local: new Uint8Array(32), remote: new Uint8Array(32) };

test('a message that overtakes the fingerprints waits until the connection is open', async () => {
	const { created, page, told } = hosted();
	const id = await created;
	page({ kind: 'open', id });
	page({ kind: 'message', id, message: new Uint8Array([1]) });
	page({ kind: 'message', id, message: new Uint8Array([2]) });
	page({ kind: 'fingerprints', id, fingerprints });
	page({ kind: 'message', id, message: new Uint8Array([3]) });
	expect(await told(4)).toEqual(['open', 'message 1', 'message 2', 'message 3']);
});

test('a peer that talks on before the connection is open loses it', async () => {
	const { created, page, told } = hosted();
	const id = await created;
	page({ kind: 'open', id });
	page({ kind: 'message', id, message: new Uint8Array(connLimits.earlyBytes) });
	page({ kind: 'message', id, message: new Uint8Array(1) });
	page({ kind: 'fingerprints', id, fingerprints });
	expect(await told(1)).toEqual(['closed bad-message']);
});
