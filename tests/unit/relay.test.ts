import { describe, expect, test } from 'vitest';
import type { NostrEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import { sessionLimits } from '../../network/relay/session.ts';
import { alice, bob, connect, eventNow, runningRelay } from './relay-kit.ts';

const listening = ['REQ', 'inbox', { kinds: [21_518], '#p': [bob.id] }] as const;

/**
 * A publisher and a listener on one relay, the listener's subscription confirmed. The relay's clock goes only when it
 * is told to: on a busy machine seconds pass between two messages.
 */
async function pair() {
	const clock = { now: Date.now() };
	const relay = await runningRelay({ now: () => clock.now });
	const [publisher, listener] = [await connect(relay.url), await connect(relay.url)];
	listener.say(...listening);
	expect(await listener.next()).toEqual(['EOSE', 'inbox']);
	return { relay, publisher, listener, clock };
}

const nowSeconds = () => Math.floor(Date.now() / 1_000);

describe('the relay', () => {
	test('passes an event to whoever asked for it, and says OK', async () => {
		const { publisher, listener, relay } = await pair();
		const event = eventNow('one');
		publisher.say('EVENT', event);
		expect(await publisher.next()).toEqual(['OK', event.id, true, '']);
		expect(await listener.next()).toEqual(['EVENT', 'inbox', event]);
		expect(relay.stats()).toMatchObject({ connections: 2, subscriptions: 1, accepted: 1, refused: 0 });
	});

	test('passes nothing that a filter leaves out, nor after CLOSE, and an event once', async () => {
		const { publisher, listener } = await pair();
		const wanted = eventNow('wanted');
		for (const event of [
			eventNow('other kind', { kind: 21_517 }),
			eventNow('other reader', { tags: [['p', alice.id]] }),
			wanted,
			wanted,
		]) {
			publisher.say('EVENT', event);
			expect(await publisher.next()).toEqual(['OK', event.id, true, '']);
		}
		expect(await listener.next()).toEqual(['EVENT', 'inbox', wanted]);
		listener.say('CLOSE', 'inbox');
		listener.say('REQ', 'barrier', { kinds: [1] });
		expect(await listener.next()).toEqual(['EOSE', 'barrier']);
		publisher.say('EVENT', eventNow('after close'));
		await publisher.next();
		listener.say('REQ', 'barrier', { kinds: [1] });
		expect(await listener.next()).toEqual(['EOSE', 'barrier']);
	});

	test('keeps regular events, the newest of a replaceable one, and no ephemeral one', async () => {
		const { publisher, listener, clock } = await pair();
		const time = Math.floor(clock.now / 1_000);
		const events = [
			eventNow('note 1', { kind: 1, created_at: time - 2 }),
			eventNow('note 2', { kind: 1, created_at: time - 1 }),
			eventNow('profile, new', { kind: 10_002, created_at: time }),
			eventNow('profile, old', { kind: 10_002, created_at: time - 9 }),
			eventNow('a', { kind: 30_000, tags: [['d', 'a']] }),
			eventNow('b', { kind: 30_000, tags: [['d', 'b']] }),
			eventNow('signal', { kind: 21_518, tags: [] }),
			eventNow('gone soon', { kind: 1, tags: [['expiration', String(time + 1)]], created_at: time }),
		];
		for (const event of events) {
			publisher.say('EVENT', event);
			expect(await publisher.next()).toEqual(['OK', event.id, true, '']);
		}
		const stored = async (filter: object) => {
			const contents: string[] = [];
			listener.say('REQ', 'all', filter);
			for (let message = await listener.next(); message[0] === 'EVENT'; message = await listener.next())
				contents.push((message[2] as NostrEvent).content);
			return contents;
		};
		expect(await stored({ kinds: [10_002] })).toEqual(['profile, new']);
		expect((await stored({ kinds: [30_000] })).sort()).toEqual(['a', 'b']);
		expect(await stored({ kinds: [21_518] })).toEqual([]);
		expect(await stored({ kinds: [1], limit: 1 })).toEqual(['gone soon']);
		clock.now += 1_000;
		expect(await stored({ kinds: [1], limit: 1 })).toEqual(['note 2']);
		expect(await stored({ kinds: [1], until: time - 2, authors: [alice.id] })).toContain('note 1');
		expect(await stored({ kinds: [1], limit: 0 })).toEqual([]);
	});

	test.each<[string, () => NostrEvent, RegExp]>([
		['unsigned', () => ({ ...eventNow('x'), sig: '0'.repeat(128) }), /not signed/],
		['changed', () => ({ ...eventNow('x'), content: 'y' }), /id is not/],
		['expired', () => eventNow('x', { tags: [['expiration', String(nowSeconds() - 3_600)]] }), /expired/],
		['from the future', () => eventNow('x', { created_at: nowSeconds() + 3_600 }), /future/],
	])('refuses an event that is %s', async (_, make, reason) => {
		const { publisher } = await pair();
		const event = make();
		publisher.say('EVENT', event);
		expect(await publisher.next()).toEqual(['OK', event.id, false, expect.stringMatching(reason)]);
	});

	test.each([
		['not JSON', '{', 'not-json'],
		['an unknown type', '["COUNT","a",{}]', 'unknown-type'],
		['an event with a field missing', '["EVENT",{"id":"00"}]', 'bad-field'],
		['REQ without a filter', '["REQ","a"]', 'bad-field'],
		['REQ with a long id', `["REQ","${'a'.repeat(65)}",{}]`, 'bad-field'],
		['a filter that is a list', '["REQ","a",[]]', 'bad-field'],
		['a filter with an unknown condition', '["REQ","a",{"search":"x"}]', 'bad-field'],
		['a filter on a long tag name', '["REQ","a",{"#ab":["x"]}]', 'bad-field'],
		['a filter with kinds in words', '["REQ","a",{"kinds":["1"]}]', 'bad-field'],
		['a negative limit', '["REQ","a",{"limit":-1}]', 'bad-field'],
		['too many values', JSON.stringify(['REQ', 'a', { '#p': Array(513).fill('x') }]), 'bad-field'],
		['too many filters', JSON.stringify(['REQ', 'a', ...Array<object>(11).fill({})]), 'bad-field'],
		['CLOSE of nothing', '["CLOSE"]', 'bad-field'],
	])('answers %s with a notice and goes on', async (_, text, code) => {
		const { publisher } = await pair();
		publisher.sayText(text);
		expect(await publisher.next()).toEqual(['NOTICE', expect.stringContaining(`invalid: ${code}`)]);
		publisher.say('REQ', 'still here', {});
		expect(await publisher.next()).toEqual(['EOSE', 'still here']);
	});

	test('ends a connection that sends too much at once or binary data', async () => {
		const { publisher, listener, relay } = await pair();
		publisher.sayText('x'.repeat(65_537));
		listener.sayText(Buffer.from([1, 2, 3]));
		await Promise.all([publisher.ended, listener.ended]);
		await expect.poll(() => relay.stats().connections).toBe(0);
	});

	test('allows a connection only so many subscriptions and so many messages', async () => {
		const { publisher } = await pair();
		for (let i = 0; i < sessionLimits.subscriptions; i++) {
			publisher.say('REQ', `s${i}`, { kinds: [1] });
			expect(await publisher.next()).toEqual(['EOSE', `s${i}`]);
		}
		publisher.say('REQ', 'one more', { kinds: [1] });
		expect(await publisher.next()).toEqual(['CLOSED', 'one more', 'error: too many subscriptions']);
		for (let i = 0; i < sessionLimits.burst; i++) publisher.say('CLOSE', 'none');
		publisher.say('REQ', 's0', { kinds: [1] });
		expect(await publisher.next()).toEqual(['NOTICE', 'rate-limited: slow down']);
	});
});

describe('a fault knob', () => {
	test('reject refuses every event, rejectKinds some, with the reason', async () => {
		const { relay, publisher } = await pair();
		relay.setFaults({ rejectKinds: [21_517] });
		publisher.say('EVENT', eventNow('join', { kind: 21_517 }));
		expect((await publisher.next()).slice(2)).toEqual([false, 'blocked: kind 21517 is not accepted']);
		publisher.say('EVENT', eventNow('signal'));
		expect((await publisher.next())[2]).toBe(true);
		relay.setFaults({ reject: 'restricted: members only' });
		publisher.say('EVENT', eventNow('another'));
		expect((await publisher.next()).slice(2)).toEqual([false, 'restricted: members only']);
	});

	test('rejectSubscriptions ends subscriptions', async () => {
		const { relay, listener } = await pair();
		relay.setFaults({ rejectSubscriptions: 'auth-required: who are you?' });
		listener.say(...listening);
		expect(await listener.next()).toEqual(['CLOSED', 'inbox', 'auth-required: who are you?']);
	});

	test('dropShare loses deliveries though it says OK', async () => {
		const { relay, publisher, listener } = await pair();
		relay.setFaults({ dropShare: 1 });
		publisher.say('EVENT', eventNow('lost'));
		expect((await publisher.next())[2]).toBe(true);
		relay.setFaults({ dropShare: 0 });
		const kept = eventNow('kept');
		publisher.say('EVENT', kept);
		expect(await listener.next()).toEqual(['EVENT', 'inbox', kept]);
	});

	test('delayMs holds back everything it says', async () => {
		const { relay, publisher, listener } = await pair();
		relay.setFaults({ delayMs: 60_000 });
		publisher.say('EVENT', eventNow('late'));
		publisher.say('REQ', 'late', {});
		await expect.poll(() => relay.stats()).toMatchObject({ accepted: 1, subscriptions: 2 });
		relay.setFaults({ delayMs: 0 });
		listener.say('REQ', 'now', { kinds: [1] });
		expect(await listener.next()).toEqual(['EOSE', 'now']);
	});

	test('stall takes everything and answers nothing', async () => {
		const { relay, publisher } = await pair();
		relay.setFaults({ stall: true });
		const silent = await connect(relay.url);
		silent.say('REQ', 'one', {});
		publisher.say('EVENT', eventNow('unheard'));
		await expect.poll(() => relay.stats()).toMatchObject({ accepted: 1, subscriptions: 2 });
		relay.setFaults({ stall: false });
		silent.say('REQ', 'two', {});
		expect(await silent.next()).toEqual(['EOSE', 'two']);
	});

	test('closed ends connections and takes none until it is off', async () => {
		const { relay, publisher, listener } = await pair();
		relay.setFaults({ closed: true });
		await Promise.all([publisher.ended, listener.ended]);
		await expect(connect(relay.url)).rejects.toThrow();
		relay.setFaults({ closed: false });
		const back = await connect(relay.url);
		back.say('REQ', 'back', {});
		expect(await back.next()).toEqual(['EOSE', 'back']);
	});

	test('lie: content delivers another content under the same signature', async () => {
		const { relay, publisher, listener } = await pair();
		relay.setFaults({ lie: 'content' });
		const event = eventNow('truth');
		publisher.say('EVENT', event);
		const [, , told] = await listener.next();
		expect(told).toEqual({ ...event, content: '0ruth' });
	});

	test('lie: sender delivers the content as if it came from the relay', async () => {
		const { relay, publisher, listener } = await pair();
		relay.setFaults({ lie: 'sender' });
		const event = eventNow('truth');
		publisher.say('EVENT', event);
		const [, , told] = await listener.next();
		expect(told).toMatchObject({ content: 'truth', tags: event.tags });
		expect((told as NostrEvent).pubkey).not.toBe(alice.id);
	});

	test('eventsPerSecond asks for patience', async () => {
		const { relay, publisher, clock } = await pair();
		relay.setFaults({ eventsPerSecond: 1 });
		publisher.say('EVENT', eventNow('1'));
		publisher.say('EVENT', eventNow('2'));
		expect((await publisher.next())[2]).toBe(true);
		expect((await publisher.next()).slice(2)).toEqual([false, 'rate-limited: slow down']);
		clock.now += 1_000;
		publisher.say('EVENT', eventNow('3'));
		expect((await publisher.next())[2]).toBe(true);
	});

	test('blockedPairs keeps two keys apart in both directions, and nobody else', async () => {
		const { relay, publisher, listener } = await pair();
		publisher.say('REQ', 'inbox', { kinds: [21_517, 21_518], '#p': [alice.id] });
		expect(await publisher.next()).toEqual(['EOSE', 'inbox']);
		const carol = await connect(relay.url);
		carol.say('REQ', 'all', { kinds: [21_517, 21_518] });
		expect(await carol.next()).toEqual(['EOSE', 'all']);
		relay.setFaults({ blockedPairs: [[bob.id, alice.id]] });
		const [toBob, toAlice] = [eventNow('to bob'), eventNow('to alice', { tags: [['p', alice.id]] }, bob)];
		publisher.say('EVENT', toBob);
		listener.say('EVENT', toAlice);
		expect(await publisher.next()).toEqual(['OK', toBob.id, true, '']);
		expect(await listener.next()).toEqual(['OK', toAlice.id, true, '']);
		expect([(await carol.next())[2], (await carol.next())[2]]).toEqual(
			expect.arrayContaining([toBob, toAlice]),
		);
		relay.setFaults({ blockedPairs: [] });
		const free = eventNow('free');
		publisher.say('EVENT', free);
		expect(await listener.next()).toEqual(['EVENT', 'inbox', free]);
	});
});
