import { expect, test } from 'vitest';
import { utf8 } from '#lib/core/bytes.ts';
import { verify } from '#lib/core/crypto/schnorr.ts';
import { createNostrRendezvous, relayChoice, restAfterMs } from '#lib/webrtc/rendezvous/nostr.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';
import { identity, seededRandom } from './kit.ts';
import { virtualRelays } from './virtual-relays.ts';

const urls = ['one', 'two', 'three', 'four', 'five'].map((name) => `wss://${name}.test`);

function setUp(on: readonly string[] = urls.slice(0, 1)) {
	const clock = virtualClock();
	const relays = virtualRelays(clock);
	const member = (name: string, list = on) => {
		const self = identity(name);
		const heard: string[] = [];
		const rendezvous = createNostrRendezvous({
			network: 'test',
			relays: list,
			openSocket: relays.openSocket,
			clock,
			random: seededRandom(name),
			verify,
			log: () => undefined,
		});
		rendezvous.start(self, {
			oncontact: ({ asks }) => heard.push(asks ? 'join' : 'welcome'),
			onsignal: ({ body }) => heard.push(`signal ${body.length}`),
			onstatus: () => undefined,
		});
		return { self, heard, rendezvous, states: () => rendezvous.status().map(({ state }) => state) };
	};
	return { clock, relays, member };
}

test('who neither greets nor looks for links hears no joins, and lets go of its relay half a minute later', async () => {
	const { clock, member } = setUp();
	const [greeter, idle, joiner] = [member('greeter'), member('idle'), member('joiner')];
	await clock.advance(1_000);
	idle.rendezvous.setGreeter(false);
	joiner.rendezvous.join(0, 0);
	await clock.advance(1_000);
	expect([greeter.heard, idle.heard]).toEqual([['join'], []]);
	expect(idle.states()).toEqual(['open']);
	await clock.advance(restAfterMs);
	expect(idle.states()).toEqual(['resting']);
	expect(greeter.states()).toEqual(['open']);
});

test('a resting member that calls somebody hears the answer, and rests again', async () => {
	const { clock, member } = setUp();
	const [idle, other] = [member('idle'), member('other')];
	idle.rendezvous.setGreeter(false);
	await clock.advance(restAfterMs + 1_000);
	expect(idle.states()).toEqual(['resting']);
	idle.rendezvous.send(idle.self, other.self.id, utf8('offer'));
	await clock.advance(1_000);
	expect(other.heard).toEqual(['signal 5']);
	other.rendezvous.send(other.self, idle.self.id, utf8('answer'));
	await clock.advance(1_000);
	expect(idle.heard).toEqual(['signal 6']);
	await clock.advance(restAfterMs);
	expect(idle.states()).toEqual(['resting']);
});

test('a key that somebody may call keeps the relay open for as long as it is listened to', async () => {
	const { clock, member } = setUp();
	const [worker, customer] = [member('worker'), member('customer')];
	const offer = identity('offer');
	const unlisten = worker.rendezvous.listen(offer);
	worker.rendezvous.setGreeter(false);
	await clock.advance(restAfterMs * 3);
	expect(worker.states()).toEqual(['open']);
	customer.rendezvous.send(customer.self, offer.id, utf8('call'));
	await clock.advance(1_000);
	expect(worker.heard).toEqual(['signal 4']);
	unlisten();
	await clock.advance(restAfterMs + 1_000);
	expect(worker.states()).toEqual(['resting']);
});

test('attending again, also for another join, hears joins at once', async () => {
	const { clock, member } = setUp();
	const [idle, joiner] = [member('idle'), member('joiner')];
	idle.rendezvous.setGreeter(false);
	await clock.advance(restAfterMs + 1_000);
	idle.rendezvous.setGreeter(true);
	await clock.advance(1_000);
	joiner.rendezvous.join(0, 0);
	await clock.advance(1_000);
	expect(idle.heard).toEqual(['join']);
});

test('of many relays the first three are used, by everybody the same', async () => {
	const { clock, relays, member } = setUp(urls);
	const [alice, bob] = [member('alice'), member('bob')];
	await clock.advance(relayChoice.patienceMs * 3);
	expect(alice.states()).toEqual(['open', 'open', 'open', 'resting', 'resting']);
	expect(relays.contacted()).toEqual(urls.slice(0, 3));
	alice.rendezvous.join(0, 0);
	await clock.advance(1_000);
	expect(bob.heard).toEqual(['join']);
});

test('a spare takes the place of relays that do not work', async () => {
	const { clock, relays, member } = setUp(urls);
	for (const url of urls.slice(0, 2)) relays.setDown(url, true);
	const [alice, bob] = [member('alice'), member('bob')];
	await clock.advance(relayChoice.patienceMs * 3);
	expect(alice.states().slice(2)).toEqual(['open', 'open', 'resting']);
	relays.setDown(urls[2]!, true);
	await clock.advance(relayChoice.patienceMs * 3);
	expect(alice.states().slice(3)).toEqual(['open', 'open']);
	alice.rendezvous.join(0, 0);
	await clock.advance(1_000);
	expect(bob.heard).toEqual(['join']);
});
