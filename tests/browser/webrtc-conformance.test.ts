import { describe, expect, it, vi } from 'vitest';
import { createNativeConns } from '#lib/webrtc/conn/native.ts';
import { createPageHost } from '#lib/webrtc/conn/page-host.ts';
import type { ToWorker } from '#lib/webrtc/conn/port-protocol.ts';
import { describePeerConn } from '../unit/webrtc-kit/conn-conformance.ts';
import { connScenarios } from '../unit/webrtc-kit/conn-scenarios.ts';
import { realClock } from '../unit/webrtc-kit/real-clock.ts';
import type { ScenarioRequest, ScenarioResult } from './webrtc/conn-worker.ts';

describePeerConn('native', () => {
	const conns = createNativeConns({ clock: realClock, iceServers: [] });
	return {
		caller: conns,
		callee: conns,
		until: (check) => vi.waitUntil(check, { timeout: 20_000, interval: 5 }).then(() => undefined),
	};
});

describe.each([
	{ how: 'transferred to the Worker', transfer: true },
	{ how: 'pumped through the port', transfer: false },
])('a connection for a Worker, its channel $how,', ({ transfer }) => {
	it.each(Object.keys(connScenarios))('%s', async (name) => {
		const worker = new Worker(new URL('./webrtc/conn-worker.ts', import.meta.url), { type: 'module' });
		const { port1, port2 } = new MessageChannel();
		const posted: ToWorker['kind'][] = [];
		const post = port1.postMessage.bind(port1);
		vi.spyOn(port1, 'postMessage').mockImplementation((message: ToWorker, options?: unknown) => {
			post(message, options as Transferable[]);
			posted.push(message.kind);
		});
		const host = createPageHost(port1, { clock: realClock, iceServers: [] });
		const result = await new Promise<ScenarioResult>((resolve, reject) => {
			worker.onmessage = ({ data }: MessageEvent<ScenarioResult>) => resolve(data);
			worker.onerror = (event) => reject(new Error(event.message));
			worker.postMessage({ name, port: port2, transfer } satisfies ScenarioRequest, [port2]);
		});
		host.closeAll('done');
		worker.terminate();
		expect(result).toEqual({ ok: true });
		expect(posted.includes('channel')).toBe(transfer);
		if (transfer) expect(posted).not.toContain('message');
	});
});
