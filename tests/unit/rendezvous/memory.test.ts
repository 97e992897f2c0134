import { expect, test } from 'vitest';
import { utf8 } from '#lib/core/bytes.ts';
import { createMemoryRelays, type MemoryRelaysDeps } from '#lib/webrtc/rendezvous/memory.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';
import { identity, seededRandom } from './kit.ts';

function setUp(options: Partial<MemoryRelaysDeps> = {}) {
	const clock = virtualClock();
	const relays = createMemoryRelays({ clock, random: seededRandom('memory'), ...options });
	const member = (name: string, on?: readonly string[]) => {
		const self = identity(name);
		const heard: string[] = [];
		const rendezvous = relays.rendezvous(on);
		const stop = rendezvous.start(self, {
			oncontact: ({ id, asks, degree }) => heard.push(`${asks ? 'join' : 'welcome'} ${nameOf(id)} ${degree}`),
			onsignal: ({ from, body }) => heard.push(`signal ${nameOf(from)} ${body.length}`),
			onstatus: () => undefined,
		});
		return { self, heard, rendezvous, stop };
	};
	return { clock, relays, member };
}

const names = new Map(['a', 'b', 'c'].map((name) => [identity(name).id as string, name]));
const nameOf = (id: string) => names.get(id) ?? id;

test('joins reach all, welcomes and signals one', async () => {
	const { clock, member } = setUp();
	const [a, b, c] = [member('a'), member('b'), member('c')];
	a.rendezvous.join(1, 0);
	b.rendezvous.welcome(a.self.id, 2);
	b.rendezvous.send(b.self, a.self.id, utf8('abc'));
	await clock.advance(10);
	expect(a.heard).toEqual(['welcome b 2', 'signal b 3']);
	expect(b.heard).toEqual(['join a 1']);
	expect(c.heard).toEqual(['join a 1']);
});

test('members on different relays meet only where they share one', async () => {
	const { clock, member } = setUp();
	const [a, b, c] = [member('a', ['x', 'z']), member('b', ['x', 'y']), member('c', ['y', 'z'])];
	a.rendezvous.send(a.self, c.self.id, utf8('1'), ['y']);
	expect(a.rendezvous.send(a.self, c.self.id, utf8('1'), ['y'])).toBe(false);
	expect(a.rendezvous.send(a.self, c.self.id, utf8('12'), ['y', 'z'])).toBe(true);
	await clock.advance(10);
	expect(c.heard).toEqual(['signal a 2']);
	expect(b.heard).toEqual([]);
});

test('a relay that is down, a member that left and a key no longer listened to hear nothing', async () => {
	const { clock, relays, member } = setUp();
	const [a, b, c] = [member('a', ['x']), member('b', ['x']), member('c', ['x'])];
	const unlisten = c.rendezvous.listen(identity('offer'));
	relays.setDown('x', true);
	a.rendezvous.join(0, 0);
	await clock.advance(10);
	expect(a.rendezvous.status()[0]?.state).toBe('waiting');
	relays.setDown('x', false);
	b.stop();
	unlisten();
	a.rendezvous.join(1, 0);
	a.rendezvous.send(a.self, identity('offer').id, utf8('x'));
	await clock.advance(10);
	expect(b.heard).toEqual([]);
	expect(c.heard).toEqual(['join a 1']);
});

test('delay and loss follow the seed', async () => {
	const run = async () => {
		const { clock, member } = setUp({ delayMs: [10, 500], dropShare: 0.3 });
		const [a, b] = [member('a'), member('b')];
		for (let i = 0; i < 100; i++) a.rendezvous.join(i, 0);
		await clock.advance(9);
		expect(b.heard).toEqual([]);
		await clock.advance(491);
		return b.heard;
	};
	const heard = await run();
	expect(heard.length).toBeGreaterThan(50);
	expect(heard.length).toBeLessThan(90);
	expect(await run()).toEqual(heard);
});
