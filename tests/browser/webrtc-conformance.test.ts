import { describe, expect, it, vi } from 'vitest';
import { ConnBudget } from '#lib/webrtc/conn/budget.ts';
import { createNativeConns } from '#lib/webrtc/conn/native.ts';
import { createPageHost } from '#lib/webrtc/conn/page-host.ts';
import { createPumpedHost } from '#lib/webrtc/conn/pumped-host.ts';
import { createSimplePeerConns } from '#lib/webrtc/conn/simple-peer.ts';
import { createWorkerConns } from '#lib/webrtc/conn/worker-proxy.ts';
import type { ToWorker } from '#lib/webrtc/conn/port-protocol.ts';
import { describePeerConn } from '../unit/webrtc-kit/conn-conformance.ts';
import { connScenarios } from '../unit/webrtc-kit/conn-scenarios.ts';
import { realClock } from '../unit/webrtc-kit/real-clock.ts';
import type { ScenarioRequest, ScenarioResult } from './webrtc/conn-worker.ts';

const simplePeerConns = () =>
	createSimplePeerConns({ clock: realClock, budget: new ConnBudget(realClock), iceServers: [] });

describePeerConn('native', () => {
	const conns = createNativeConns({ clock: realClock, iceServers: [] });
	return {
		caller: conns,
		callee: conns,
		until: (check) => vi.waitUntil(check, { timeout: 20_000, interval: 5 }).then(() => undefined),
	};
});

describePeerConn('simple-peer', () => {
	const conns = simplePeerConns();
	return {
		caller: conns,
		callee: conns,
		until: (check) => vi.waitUntil(check, { timeout: 20_000, interval: 5 }).then(() => undefined),
	};
});

/** Both libraries speak the same descriptions, so a page and a headless peer, or two versions, may mix them. */
describePeerConn('simple-peer to native', () => ({
	caller: simplePeerConns(),
	callee: createNativeConns({ clock: realClock, iceServers: [] }),
	until: (check) => vi.waitUntil(check, { timeout: 20_000, interval: 5 }).then(() => undefined),
}));

describe('a simple-peer connection for a Worker, pumped through a port,', () => {
	it.each(Object.entries(connScenarios))('%s', async (_, run) => {
		const { port1, port2 } = new MessageChannel();
		const host = createPumpedHost(port1, simplePeerConns());
		const conns = createWorkerConns(port2, { transfer: false });
		await run({
			caller: conns,
			callee: conns,
			until: (check) => vi.waitUntil(check, { timeout: 20_000, interval: 5 }).then(() => undefined),
		});
		host.closeAll('done');
		expect(port1.onmessage).not.toBeNull();
	});
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
		const host = createPageHost(port1, {
			clock: realClock,
			budget: new ConnBudget(realClock),
			iceServers: [],
		});
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
