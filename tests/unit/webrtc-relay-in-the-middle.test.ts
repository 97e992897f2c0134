import { expect, it } from 'vitest';
import { createMemoryNetwork } from '#lib/webrtc/conn/memory.ts';
import { virtualClock } from '../kit/virtual-clock.ts';
import { identityOf } from './webrtc-kit/identity.ts';
import { LoneSession } from './webrtc-kit/lone-session.ts';
import { seededRandom } from './webrtc-kit/random.ts';
import { RelayInTheMiddle } from './webrtc-kit/relay-in-the-middle.ts';

const [alice, bob] = [identityOf(71), identityOf(72)];

it('a relay that ends every connection itself and pipes all messages establishes 0 of 1,000 sessions', async () => {
	const clock = virtualClock();
	const random = seededRandom(9);
	const network = createMemoryNetwork({ clock, random });
	const evil = network.conns('relay');
	const refusals = new Map<string, number>();
	let established = 0;
	for (let i = 0; i < 1_000; i++) {
		const attempt = i.toString(16).padStart(32, '0');
		const a = new LoneSession({ clock, random, conns: network.conns('a') }, 'caller', alice, bob, attempt);
		const b = new LoneSession({ clock, random, conns: network.conns('b') }, 'callee', bob, alice, attempt);
		await clock.advance(2);
		const relay = new RelayInTheMiddle(evil, a.descriptions[0]!);
		await clock.advance(2);
		a.session.signal(relay.towardsCaller.descriptions[0]!);
		b.session.signal(relay.towardsCallee.descriptions[0]!);
		await clock.advance(2);
		relay.towardsCallee.conn.signal(b.descriptions[0]!);
		for (let step = 0; step < 8; step++) {
			await clock.advance(2);
			relay.pipe();
		}
		established += a.ups + b.ups;
		for (const side of [a, b])
			if (side.refusal) refusals.set(side.refusal, (refusals.get(side.refusal) ?? 0) + 1);
		relay.close();
	}
	expect(established).toBe(0);
	expect([...refusals.keys()]).toEqual(['bad-signature']);
	expect(refusals.get('bad-signature')).toBeGreaterThanOrEqual(1_000);
}, 120_000);

it('the same two sides without the relay establish their session', async () => {
	const clock = virtualClock();
	const random = seededRandom(10);
	const network = createMemoryNetwork({ clock, random });
	const attempt = 'ef'.repeat(16);
	const a = new LoneSession({ clock, random, conns: network.conns('a') }, 'caller', alice, bob, attempt);
	const b = new LoneSession({ clock, random, conns: network.conns('b') }, 'callee', bob, alice, attempt);
	await clock.advance(2);
	b.session.signal(a.descriptions[0]!);
	await clock.advance(2);
	a.session.signal(b.descriptions[0]!);
	await clock.advance(10);
	expect([a.ups, b.ups]).toEqual([1, 1]);
});
