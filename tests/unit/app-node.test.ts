import { describe, expect, it } from 'vitest';
import type { PeerId, Topic } from '#lib/core/brand.ts';
import { admissionSolver } from '#lib/app/admission-solver.ts';
import { startNode, type NodeEvents, type SweetNode } from '#lib/app/node.ts';
import type { CommandMessage, Slices } from '#lib/app/protocol.ts';
// The keeper loads it when it is elected; here it is there at once.
import '#lib/gossip/person/persona.ts';
import '#lib/app/keys/keys.ts';
import '#lib/app/memes/memes.ts';
import '#lib/app/wallet/cashier.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import { createMemoryStore } from '#lib/store/memory.ts';
import { createMemoryNetwork } from '#lib/webrtc/conn/memory.ts';
import { createMemoryRelays } from '#lib/webrtc/rendezvous/memory.ts';
import { browser } from '../kit/browser-tabs.ts';
import { virtualClock } from '../kit/virtual-clock.ts';
import { identityOf } from './webrtc-kit/identity.ts';
import { seededRandom } from './webrtc-kit/random.ts';

/** A pool that never finishes. */
function idlePool() {
	const started: number[] = [];
	const pool: PowPool = {
		solve: ({ complexity }) => void started.push(complexity),
		cancel: () => undefined,
		rate: () => 1_000_000,
		most: 1,
		employ: () => undefined,
		graphics: () => ({ state: 'off' }),
		calibrate: () => Promise.resolve(1_000_000),
		stop: () => undefined,
	};
	return { pool, started };
}

/** Tabs of one browser: nodes over one store. */
function oneBrowser() {
	const clock = virtualClock();
	const tabs = browser();
	const store = createMemoryStore();
	const relays = createMemoryRelays({ clock, random: seededRandom(1) });
	const net = createMemoryNetwork({ clock, random: seededRandom(2), latencyMs: 5, reachable: () => true });
	let count = 0;
	return {
		clock,
		store,
		async until(holds: () => boolean, what: string) {
			for (let turn = 0; !holds(); turn++) {
				if (turn > 200) throw new Error(`${what} did not happen`);
				await clock.advance(50);
				await new Promise((resolve) => setImmediate(resolve));
			}
		},
		async open() {
			const n = ++count;
			const slices: Partial<Slices> = {};
			const restarts: string[] = [];
			const events: NodeEvents = {
				onslice: (name, value) => void (slices[name] = value),
				onnotify: () => undefined,
				onrestart: (why) => restarts.push(why),
				onfatal: (error) => restarts.push(error.detail),
			};
			const started = await startNode(
				{
					config: { network: 'test', relays: ['wss://memory.test'], iceServers: [], parameters: {} },
					identity: identityOf(n),
					origin: 'test',
					clock,
					random: seededRandom(100 + n),
					store,
					tabs: tabs.tab(),
					pool: idlePool().pool,
					conns: net.conns(`tab ${n}`),
					rendezvous: () => [relays.rendezvous()],
				},
				events,
			);
			if (!started.ok) throw new Error(started.error.detail);
			return { node: started.value, slices, restarts };
		},
	};
}

const ask = (node: SweetNode, name: CommandMessage['name'], args: object) =>
	node.command({ type: 'command', id: 1, name, args } as CommandMessage);

describe('erasing everything', () => {
	it('makes every tab of the browser start anew, and nothing is written afterwards', async () => {
		const place = oneBrowser();
		const { clock, store } = place;
		const keeper = await place.open();
		await place.until(() => keeper.slices.network?.role === 'keeper', 'election');
		const follower = await place.open();
		await place.until(() => follower.slices.network?.role === 'follower', 'following');
		// Both are neighbours by now, so that each has a ledger to write.
		await place.until(() => keeper.slices.network?.links.length === 1, 'link');
		const job = { topic: '/drive' as Topic, message: 'Job', expiresInMs: 3_600_000 };
		await expect(ask(follower.node, 'post', job)).resolves.toMatchObject({ ok: true });

		await expect(ask(follower.node, 'eraseAll', {})).resolves.toMatchObject({ ok: true });
		await clock.advance(60_000);
		expect([keeper.restarts, follower.restarts]).toEqual([['erased'], ['erased']]);
		const persona = await store.takeOver();
		expect(persona).toMatchObject({ ok: true, value: { records: { jobs: [] } } });
		for (const n of [1, 2]) {
			const tab = await store.loadTab(identityOf(n).id as PeerId);
			expect(tab).toMatchObject({ ok: true, value: { records: { ledger: [] } } });
		}
		expect(await store.loadVault()).toEqual({ ok: true, value: { rows: [], seed: undefined } });
	});
});

describe('work for links', () => {
	it('is done within a budget, however many links ask for it', async () => {
		const clock = virtualClock();
		const { pool, started } = idlePool();
		const solver = admissionSolver(pool, clock);
		const open = new AbortController().signal;
		const asked = (count: number) =>
			Array.from({ length: count }, () => solver.solve(new Uint8Array(32), 10_000_000, open));
		// Ten seconds each at a million hashes a second.
		const refused = asked(8).slice(6);
		expect(started).toHaveLength(6);
		await expect(Promise.all(refused)).resolves.toEqual([undefined, undefined]);
		await clock.advance(200_000);
		void asked(4);
		expect(started).toHaveLength(7);
	});
});
