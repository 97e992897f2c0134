import { describe, expect, test } from 'vitest';
import { toHex, utf8 } from '#lib/core/bytes.ts';
import { verify } from '#lib/core/crypto/schnorr.ts';
import { createNostrRendezvous } from '#lib/webrtc/rendezvous/nostr.ts';
import { signEvent, tagValues, type NostrEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import { dayOf, meetingPoint } from '#lib/webrtc/rendezvous/meeting-point.ts';
import { eventKinds, joinFrames } from '#lib/webrtc/rendezvous/records.ts';
import type { RendezvousEvents } from '#lib/webrtc/ports.ts';
import { virtualClock, type VirtualClock } from '../../kit/virtual-clock.ts';
import { fakeSockets, identity, seededRandom } from './kit.ts';
import { virtualRelays } from './virtual-relays.ts';

type Contact = Parameters<RendezvousEvents['oncontact']>[0];
type Signal = Parameters<RendezvousEvents['onsignal']>[0];

const [r1, r2, r3] = ['wss://one.test', 'wss://two.test', 'wss://three.test'];

function setUp(start?: number) {
	const clock = virtualClock(start);
	const relays = virtualRelays(clock);
	return {
		clock,
		relays,
		member: (name: string, on: readonly string[], own: Partial<VirtualClock> = {}, network = 'test') => {
			const self = identity(name);
			const contacts: Contact[] = [];
			const signals: Signal[] = [];
			const lines: string[] = [];
			const rendezvous = createNostrRendezvous({
				network,
				relays: on,
				openSocket: relays.openSocket,
				clock: { ...clock, ...own },
				random: seededRandom(name),
				verify,
				log: (_level, _part, text) => lines.push(text),
			});
			const stop = rendezvous.start(self, {
				oncontact: (contact) => contacts.push(contact),
				onsignal: (signal) => signals.push(signal),
				onstatus: () => undefined,
			});
			return { self, rendezvous, contacts, signals, lines, stop };
		},
	};
}

const settleMs = 1_000;

describe('a member whose device runs late', () => {
	test('leaves most joins of a crowd to others, and hears all signals', async () => {
		const { clock, member } = setUp();
		const busy: VirtualClock['after'] = (ms, run) => clock.after(ms === 0 ? 2_000 : ms, run);
		const [inTime, late] = [member('in time', [r1]), member('late', [r1], { after: busy })];
		const crowd = Array.from({ length: 30 }, (_, index) => member(`joiner ${index}`, [r1]));
		await clock.advance(settleMs);
		for (const { rendezvous } of crowd) {
			rendezvous.join(0, 0);
			await clock.advance(200);
		}
		expect(inTime.contacts).toHaveLength(30);
		expect(late.contacts.length).toBeLessThan(18);
		for (const { self, rendezvous } of crowd.slice(0, 5)) rendezvous.send(self, late.self.id, utf8('offer'));
		await clock.advance(settleMs);
		expect(late.signals).toHaveLength(5);
	});
});

describe('members on one relay', () => {
	test('hear of each other once per join, and a welcome comes back once', async () => {
		const { clock, member } = setUp();
		const [alice, bob] = [member('alice', [r1]), member('bob', [r1])];
		await clock.advance(settleMs);
		alice.rendezvous.join(2, 0);
		await clock.advance(settleMs);
		expect(bob.contacts).toEqual([{ id: alice.self.id, asks: true, degree: 2, attempt: 0, via: r1 }]);
		expect(alice.contacts).toEqual([]);
		bob.rendezvous.welcome(alice.self.id, 4);
		await clock.advance(settleMs);
		expect(alice.contacts).toEqual([{ id: bob.self.id, asks: false, degree: 4, attempt: 0, via: r1 }]);
	});

	test('exchange signals that name their sender', async () => {
		const { clock, member } = setUp();
		const [alice, bob] = [member('alice', [r1]), member('bob', [r1])];
		await clock.advance(settleMs);
		expect(alice.rendezvous.send(alice.self, bob.self.id, utf8('offer'))).toBe(true);
		await clock.advance(settleMs);
		expect(bob.signals).toEqual([{ to: bob.self.id, from: alice.self.id, body: utf8('offer'), via: r1 }]);
	});

	test('are reached at further keys while they listen, and no longer', async () => {
		const { clock, member } = setUp();
		const [alice, bob] = [member('alice', [r1]), member('bob', [r1])];
		const offer = identity('offer key');
		const [first, second] = [bob.rendezvous.listen(offer), bob.rendezvous.listen(offer)];
		await clock.advance(settleMs);
		const call = async () => {
			alice.rendezvous.send(alice.self, offer.id, utf8('call'));
			await clock.advance(settleMs);
			return bob.signals.length;
		};
		expect(await call()).toBe(1);
		expect(bob.signals[0]?.to).toBe(offer.id);
		first();
		first();
		expect(await call()).toBe(2);
		second();
		await clock.advance(settleMs);
		expect(await call()).toBe(2);
	});

	test('of another network hear nothing', async () => {
		const { clock, member } = setUp();
		const [alice, other] = [member('alice', [r1]), member('other', [r1], {}, 'elsewhere')];
		await clock.advance(settleMs);
		alice.rendezvous.join(0, 0);
		await clock.advance(settleMs);
		expect(other.contacts).toEqual([]);
	});

	test('join and sign before the relay is open', async () => {
		const { clock, member } = setUp();
		const bob = member('bob', [r1]);
		await clock.advance(settleMs);
		const alice = member('alice', [r1]);
		alice.rendezvous.join(0, 0);
		await clock.advance(settleMs);
		expect(bob.contacts).toHaveLength(1);
	});

	test('meet across midnight, and when their clocks differ by nine minutes', async () => {
		const midnight = 20_800 * 86_400_000;
		for (const skew of [-540_000, 540_000]) {
			const { clock, member } = setUp(midnight - 120_000);
			const bob = member('bob', [r1]);
			const alice = member('alice', [r1], { now: () => clock.now() + skew });
			for (let i = 0; i < 6; i++) {
				await clock.advance(60_000);
				alice.rendezvous.join(i, 0);
			}
			await clock.advance(settleMs);
			expect(bob.contacts.map(({ degree }) => degree)).toEqual([0, 1, 2, 3, 4, 5]);
			alice.rendezvous.send(alice.self, bob.self.id, utf8('hi'));
			await clock.advance(settleMs);
			expect(bob.signals).toHaveLength(1);
			bob.rendezvous.welcome(alice.self.id, 1);
			await clock.advance(settleMs);
			expect(alice.contacts).toHaveLength(1);
		}
	});

	test('still meet on the third day', async () => {
		const { clock, member } = setUp();
		const [alice, bob] = [member('alice', [r1]), member('bob', [r1])];
		for (let day = 0; day < 3; day++) {
			await clock.advance(86_400_000);
			alice.rendezvous.join(day, 0);
			await clock.advance(settleMs);
		}
		expect(bob.contacts.map(({ degree }) => degree)).toEqual([0, 1, 2]);
	});

	test('say nothing once stopped', async () => {
		const { clock, member, relays } = setUp();
		const [alice, bob] = [member('alice', [r1]), member('bob', [r1])];
		alice.rendezvous.join(0, 0);
		await clock.advance(settleMs);
		bob.rendezvous.welcome(alice.self.id, 1);
		bob.stop();
		bob.rendezvous.join(0, 0);
		await clock.advance(settleMs);
		expect(relays.eventsAt(r1).map(({ pubkey }) => pubkey)).toEqual([alice.self.id]);
		expect(bob.rendezvous.status()).toEqual([]);
	});
});

describe('members on several relays', () => {
	test('hear a join and a signal once, though it came three times', async () => {
		const { clock, member } = setUp();
		const [alice, bob] = [member('alice', [r1, r2, r3]), member('bob', [r3, r2, r1])];
		await clock.advance(settleMs);
		alice.rendezvous.join(0, 0);
		alice.rendezvous.send(alice.self, bob.self.id, utf8('offer'));
		await clock.advance(settleMs);
		expect(bob.contacts).toHaveLength(1);
		expect(bob.signals).toHaveLength(1);
	});

	test('contact no relay but their own, whatever a stranger names', async () => {
		const { clock, member, relays } = setUp();
		const alice = member('alice', [r1, r2]);
		await clock.advance(settleMs);
		const stranger = identity('stranger').id;
		expect(alice.rendezvous.send(alice.self, stranger, utf8('x'), ['wss://evil.test'])).toBe(false);
		expect(
			alice.rendezvous.send(alice.self, stranger, utf8('x'), [
				'not a url',
				r2.toUpperCase().replace('WSS', 'wss'),
			]),
		).toBe(true);
		await clock.advance(settleMs);
		expect(relays.contacted().sort()).toEqual([r1, r2]);
		expect(relays.eventsAt(r1)).toEqual([]);
		expect(relays.eventsAt(r2)).toHaveLength(1);
	});

	test('answer on the relay where a member was heard, not on all', async () => {
		const { clock, member, relays } = setUp();
		const [alice, bob] = [member('alice', [r1]), member('bob', [r1, r2, r3])];
		await clock.advance(settleMs);
		alice.rendezvous.join(0, 0);
		await clock.advance(settleMs);
		bob.rendezvous.welcome(alice.self.id, 1);
		bob.rendezvous.send(bob.self, alice.self.id, utf8('offer'));
		await clock.advance(settleMs);
		expect(alice.contacts).toHaveLength(1);
		expect(alice.signals).toHaveLength(1);
		expect(relays.eventsAt(r2)).toEqual([]);
		expect(relays.eventsAt(r3)).toEqual([]);
	});

	test('are told the honest copy when another relay garbles the event first', async () => {
		const { clock, member, relays } = setUp();
		relays.tamper(r1, (event) => [
			{ ...event, content: event.content.slice(2) },
			{ ...event, sig: '0'.repeat(128) },
		]);
		const bob = member('bob', [r1, r2]);
		await clock.advance(settleMs);
		const alice = member('alice', [r1, r2]);
		alice.rendezvous.join(0, 0);
		alice.rendezvous.send(alice.self, bob.self.id, utf8('offer'));
		await clock.advance(settleMs);
		expect(bob.contacts).toEqual([{ id: alice.self.id, asks: true, degree: 0, attempt: 0, via: r2 }]);
		expect(bob.signals).toHaveLength(1);
	});
});

describe('what a relay sees', () => {
	test('is a join without any address and sealed messages of one length', async () => {
		const { clock, member, relays } = setUp();
		const [alice, bob] = [member('alice', [r1]), member('bob', [r1])];
		await clock.advance(settleMs);
		alice.rendezvous.join(3, 0);
		await clock.advance(settleMs);
		bob.rendezvous.welcome(alice.self.id, 4);
		alice.rendezvous.send(alice.self, bob.self.id, utf8('candidate 192.168.1.7'));
		await clock.advance(settleMs);
		const [join, ...sealed] = relays.eventsAt(r1);
		if (!join) throw new Error('no join');
		expect(join.kind).toBe(eventKinds.join);
		expect(join.content).toHaveLength(2 * (2 + 2 + 4 + 2 + 16 + 1 + 1));
		expect(tagValues(join, 'x')).toEqual([meetingPoint('test', dayOf(clock.now()))]);
		expect(sealed.map(({ kind }) => kind)).toEqual([eventKinds.sealed, eventKinds.sealed]);
		expect(new Set(sealed.map(({ content }) => content.length)).size).toBe(1);
		expect(JSON.stringify(relays.eventsAt(r1))).not.toContain(toHex(utf8('192.168')));
		for (const event of relays.eventsAt(r1)) {
			expect(event.tags.map(([name]) => name)).toEqual([event === join ? 'x' : 'p', 'expiration']);
			expect(Number(tagValues(event, 'expiration')[0]) - event.created_at).toBe(600);
		}
	});
});

describe('an event of a stranger', () => {
	const stranger = identity('stranger');

	/** A member with one socket in the test's hands. */
	async function listener() {
		const clock = virtualClock();
		const sockets = fakeSockets();
		const contacts: Contact[] = [];
		const signals: Signal[] = [];
		const lines: string[] = [];
		const self = identity('listener');
		const rendezvous = createNostrRendezvous({
			network: 'test',
			relays: [r1],
			openSocket: sockets.openSocket,
			clock,
			random: seededRandom('listener'),
			verify,
			log: (_level, _part, text) => lines.push(text),
		});
		rendezvous.start(self, {
			oncontact: (contact) => contacts.push(contact),
			onsignal: (signal) => signals.push(signal),
			onstatus: () => undefined,
		});
		sockets.last.open();
		await clock.advance(0);
		return { clock, socket: sockets.last, contacts, signals, lines, self, rendezvous };
	}

	const joinContent = (network = 'test', shard = 0) =>
		toHex(joinFrames.encode({ kind: 'Join', network, shard, nonce: '00'.repeat(16), degree: 0, attempt: 0 }));

	const start = 1_800_000_000;
	const join = (change: Partial<NostrEvent> = {}) =>
		signEvent(
			{
				created_at: start,
				kind: eventKinds.join,
				tags: [['x', meetingPoint('test', dayOf(start * 1_000))]],
				content: joinContent(),
				...change,
			},
			stranger,
		);
	const x: readonly string[] = ['x', meetingPoint('test', dayOf(start * 1_000))];

	test('that is a good join is heard: the table below changes one thing each', async () => {
		const { socket, contacts } = await listener();
		socket.say('EVENT', 'joins', join());
		expect(contacts).toHaveLength(1);
	});

	test.each<[string, NostrEvent, string]>([
		['of eleven minutes ago', join({ created_at: start - 660 }), 'stale'],
		['of eleven minutes ahead', join({ created_at: start + 660 }), 'stale'],
		['that expired long ago', join({ tags: [x, ['expiration', String(start - 700)]] }), 'stale'],
		['whose content was changed', { ...join(), content: joinContent('test', 1) }, 'bad-id'],
		['whose author was changed', { ...join(), pubkey: identity('other').id }, 'bad-id'],
		['of another network inside', join({ content: joinContent('elsewhere') }), 'foreign'],
		['of another shard', join({ content: joinContent('test', 1) }), 'foreign'],
		['in odd hex', join({ content: `${joinContent()}0` }), 'malformed'],
		['in no hex', join({ content: 'zz' }), 'malformed'],
		['of nothing', join({ content: '' }), 'truncated'],
		['with something after it', join({ content: `${joinContent()}0200` }), 'truncated'],
		['of another version', join({ content: joinContent().replace(/^01/, '02') }), 'unsupported-version'],
		['of another type', join({ content: joinContent().replace(/^0101/, '0107') }), 'unknown-type'],
		['far too long', join({ content: '00'.repeat(5_000) }), 'too-long'],
	])('%s is refused as %s', async (_, event, code) => {
		const { socket, contacts, lines } = await listener();
		socket.say('EVENT', 'joins', event);
		expect(contacts).toEqual([]);
		expect(lines.join()).toContain(`${code}:`);
	});

	test('that nobody signed tells on the relay, which must have checked it; anybody may send what is merely useless', async () => {
		const { socket, rendezvous } = await listener();
		socket.say('EVENT', 'joins', join({ content: 'zz' }));
		expect(rendezvous.status()[0]).not.toHaveProperty('error');
		socket.say('EVENT', 'joins', { ...join(), content: joinContent('test', 1) });
		expect(rendezvous.status()[0]).toMatchObject({
			state: 'open',
			error: 'lies: it passes on what nobody signed',
		});
	});

	test('that came before a newer one of the same member is outdated', async () => {
		const { socket, contacts, lines } = await listener();
		socket.say('EVENT', 'joins', join());
		socket.say('EVENT', 'joins', join({ created_at: start - 30 }));
		expect(contacts).toHaveLength(1);
		expect(lines.join()).toContain('outdated');
	});

	test('that is played again is not heard again', async () => {
		const { socket, contacts, clock } = await listener();
		for (let minute = 0; minute < 25; minute++) {
			socket.say('EVENT', 'joins', join());
			await clock.advance(60_000);
		}
		expect(contacts).toHaveLength(1);
	});

	test.each<[string, readonly (readonly string[])[], string]>([
		[
			'for several keys',
			[
				['p', identity('listener').id],
				['p', identity('other').id],
			],
			'not-for-us',
		],
		['that is no base64', [['p', identity('listener').id]], 'not-base64'],
	])('sealed %s is refused', async (_, tags, code) => {
		const { socket, signals, lines } = await listener();
		socket.say(
			'EVENT',
			'inbox',
			signEvent({ created_at: start, kind: eventKinds.sealed, tags, content: '!' }, stranger),
		);
		expect(signals).toEqual([]);
		expect(lines.join()).toContain(`${code}:`);
	});

	test('that repeats a sealed message under another name is refused', async () => {
		const { clock, member, relays } = setUp();
		const [alice, bob] = [member('alice', [r1]), member('bob', [r1])];
		await clock.advance(settleMs);
		alice.rendezvous.join(0, 0);
		await clock.advance(settleMs);
		relays.tamper(r1, (event) => [signEvent(event, stranger)]);
		bob.rendezvous.welcome(alice.self.id, 1);
		alice.rendezvous.send(alice.self, bob.self.id, utf8('offer'));
		await clock.advance(settleMs);
		expect(alice.contacts).toEqual([]);
		expect(bob.signals).toEqual([]);
		expect(alice.lines.join()).toContain('bad-mac');
		expect(bob.lines.join()).toContain('bad-mac');
	});

	test('that is a welcome to a join of long ago is refused', async () => {
		const { clock, member, relays } = setUp();
		const [alice, bob] = [member('alice', [r1]), member('bob', [r1])];
		await clock.advance(settleMs);
		alice.rendezvous.join(0, 0);
		await clock.advance(settleMs);
		relays.tamper(r1, (event) => (event.kind === eventKinds.join ? [] : [event]));
		for (let i = 0; i < 4; i++) alice.rendezvous.join(0, 0);
		bob.rendezvous.welcome(alice.self.id, 1);
		await clock.advance(settleMs);
		expect(alice.contacts).toEqual([]);
		expect(alice.lines.join()).toContain('unasked');
	});

	test('that never joined is not welcomed', async () => {
		const { clock, socket, rendezvous } = await listener();
		rendezvous.welcome(stranger.id, 1);
		await clock.advance(settleMs);
		expect(socket.sent.filter(([type]) => type === 'EVENT')).toEqual([]);
	});
});
