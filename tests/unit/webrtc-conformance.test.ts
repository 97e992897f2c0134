import { expect, vi } from 'vitest';
import { createMemoryNetwork } from '#lib/webrtc/conn/memory.ts';
import { createNodeConns } from '#lib/webrtc/conn/node.ts';
import { virtualClock } from '../kit/virtual-clock.ts';
import { describePeerConn } from './webrtc-kit/conn-conformance.ts';
import { seededRandom } from './webrtc-kit/random.ts';
import { realClock } from './webrtc-kit/real-clock.ts';

describePeerConn('memory', () => {
	const clock = virtualClock();
	const network = createMemoryNetwork({ clock, random: seededRandom(5), bytesPerSecond: 10_000_000 });
	return {
		caller: network.conns('a'),
		callee: network.conns('b'),
		async until(check) {
			for (let i = 0; i < 10_000 && !check(); i++) await clock.advance(1);
			expect(check()).toBe(true);
		},
	};
});

describePeerConn('libdatachannel', () => {
	const conns = createNodeConns({ clock: realClock, iceServers: [] });
	return {
		caller: conns,
		callee: conns,
		until: (check) => vi.waitUntil(check, { timeout: 20_000, interval: 5 }).then(() => undefined),
	};
});
