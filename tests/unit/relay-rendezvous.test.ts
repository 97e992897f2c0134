import { expect, onTestFinished, test, vi } from 'vitest';
import { utf8 } from '#lib/core/bytes.ts';
import { verify } from '#lib/core/crypto/schnorr.ts';
import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import { createNostrRendezvous } from '#lib/webrtc/rendezvous/nostr.ts';
import { platformSocket } from '#lib/webrtc/rendezvous/nostr/socket.ts';
import { eventKinds } from '#lib/webrtc/rendezvous/records.ts';
import { runningRelay } from './relay-kit.ts';
import { identity } from './rendezvous/kit.ts';

/** A member on real sockets; `heard` grows as things happen. */
function member(name: string, relays: readonly string[]) {
	const self = identity(name);
	const heard: string[] = [];
	const rendezvous = createNostrRendezvous({
		network: 'test',
		relays,
		openSocket: platformSocket,
		clock: systemClock,
		random: systemRandom,
		verify,
		log: () => undefined,
	});
	const stop = rendezvous.start(self, {
		oncontact: ({ id, asks }) => {
			heard.push(asks ? 'join' : 'welcome');
			if (asks) rendezvous.welcome(id, 1);
		},
		onsignal: ({ body, via }) => heard.push(`signal ${body.length} via ${via}`),
		onstatus: () => undefined,
	});
	onTestFinished(stop);
	const states = () => rendezvous.status().map(({ state }) => state);
	return { self, heard, rendezvous, states };
}

vi.setConfig({ testTimeout: 30_000 });

const eventually = { timeout: 8_000, interval: 20 };

test('members meet and signal over a real relay and real sockets', async () => {
	const relay = await runningRelay();
	const [alice, bob] = [member('alice', [relay.url]), member('bob', [relay.url])];
	await expect.poll(() => relay.stats().subscriptions, eventually).toBe(4);
	alice.rendezvous.join(0, 0);
	await expect.poll(() => alice.heard, eventually).toEqual(['welcome']);
	alice.rendezvous.send(alice.self, bob.self.id, utf8('offer'), [relay.url]);
	await expect.poll(() => bob.heard, eventually).toEqual(['join', `signal 5 via ${relay.url}`]);
	expect(alice.rendezvous.status()[0]).toMatchObject({ state: 'open', sent: 2, received: 2 });
	expect(relay.stats()).toMatchObject({ accepted: 3, refused: 0 });
});

test('one relay that rejects, lies, stalls or is gone does not keep members apart', async () => {
	const [bad, good] = [await runningRelay(), await runningRelay()];
	for (const [index, fault] of (
		[
			{ reject: 'blocked: no' },
			{ lie: 'content' },
			{ lie: 'sender' },
			{ stall: true },
			{ closed: true },
		] as const
	).entries()) {
		bad.setFaults({ reject: '', lie: 'off', stall: false, closed: false, ...fault });
		const [alice, bob] = [
			member(`alice ${index}`, [bad.url, good.url]),
			member(`bob ${index}`, [bad.url, good.url]),
		];
		await expect.poll(alice.states, eventually).toContain('open');
		alice.rendezvous.send(alice.self, bob.self.id, utf8('before bob'));
		await expect.poll(() => bob.rendezvous.status()[1]?.rttMs, eventually).toBeDefined();
		alice.rendezvous.send(alice.self, bob.self.id, utf8('offer'));
		await expect.poll(() => bob.heard, eventually).toContain(`signal 5 via ${good.url}`);
		expect(bob.heard.filter((line) => line.includes(' 5 '))).toHaveLength(1);
	}
});

test('a relay may take signals and no joins', async () => {
	const relay = await runningRelay();
	relay.setFaults({ rejectKinds: [eventKinds.join] });
	const [alice, bob] = [member('alice', [relay.url]), member('bob', [relay.url])];
	await expect.poll(() => relay.stats().subscriptions, eventually).toBe(4);
	alice.rendezvous.join(0, 0);
	await expect
		.poll(() => alice.rendezvous.status()[0], eventually)
		.toMatchObject({ state: 'open', error: 'blocked: kind 21517 is not accepted' });
	alice.rendezvous.send(alice.self, bob.self.id, utf8('call'));
	await expect.poll(() => bob.heard, eventually).toEqual([`signal 4 via ${relay.url}`]);
});

test('members find each other again after their only relay was gone', async () => {
	const relay = await runningRelay();
	const [alice, bob] = [member('alice', [relay.url]), member('bob', [relay.url])];
	await expect.poll(() => relay.stats().subscriptions, eventually).toBe(4);
	relay.setFaults({ closed: true });
	await expect.poll(() => [...alice.states(), ...bob.states()], eventually).not.toContain('open');
	relay.setFaults({ closed: false });
	await expect.poll(bob.states, eventually).toEqual(['open']);
	alice.rendezvous.send(alice.self, bob.self.id, utf8('offer'));
	await expect.poll(() => bob.heard, eventually).toEqual([`signal 5 via ${relay.url}`]);
});
