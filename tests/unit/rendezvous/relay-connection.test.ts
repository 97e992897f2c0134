import { describe, expect, test } from 'vitest';
import type { Log } from '#lib/core/log.ts';
import { signEvent, type NostrEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import { connectRelay, inflow, relayTimes } from '#lib/webrtc/rendezvous/nostr/relay-connection.ts';
import { outboxLimits } from '#lib/webrtc/rendezvous/nostr/outbox.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';
import { fakeSockets, identity, seededRandom } from './kit.ts';

const url = 'wss://relay.test';
const author = identity('author');

function eventOf(content: string, kind = 21_518): NostrEvent {
	return signEvent({ created_at: 1_800_000_000, kind, tags: [['p', 'me']], content }, author);
}

function setUp() {
	const clock = virtualClock();
	const sockets = fakeSockets();
	const events: NostrEvent[] = [];
	const lines: string[] = [];
	let changes = 0;
	const log: Log = (level, _, text) => lines.push(`${level} ${text}`);
	const connection = connectRelay({
		url,
		openSocket: sockets.openSocket,
		clock,
		random: seededRandom('relay-connection'),
		log,
		skewMs: 600_000,
		onevent: (event) => events.push(event),
		onchange: () => changes++,
	});
	return { clock, sockets, events, lines, connection, changes: () => changes };
}

const sentEvents = (messages: readonly unknown[][]) =>
	messages.filter(([type]) => type === 'EVENT').map(([, event]) => (event as NostrEvent).content);

describe('a relay connection', () => {
	test('asks for what it was told to hear, with room for clocks that go wrong', () => {
		const { sockets, connection, clock } = setUp();
		connection.subscribe('inbox', { kinds: [21_518], '#p': ['me'] });
		expect(sockets.last.sent).toEqual([]);
		sockets.last.open();
		expect(sockets.last.sent).toEqual([
			['REQ', 'inbox', { kinds: [21_518], '#p': ['me'], since: clock.now() / 1_000 - 600 }],
		]);
		expect(connection.status()).toMatchObject({ name: url, state: 'open' });
	});

	test('measures the round trip and counts', async () => {
		const { sockets, connection, clock, events } = setUp();
		connection.subscribe('inbox', { '#p': ['me'] });
		sockets.last.open();
		await clock.advance(40);
		sockets.last.say('EOSE', 'inbox');
		expect(connection.status().rttMs).toBe(40);
		const event = eventOf('one');
		connection.publish(event);
		await clock.advance(25);
		sockets.last.say('OK', event.id, true, '');
		sockets.last.say('EVENT', 'inbox', eventOf('two'));
		expect(connection.status()).toEqual({ name: url, state: 'open', sent: 1, received: 1, rttMs: 25 });
		expect(events.map(({ content }) => content)).toEqual(['two']);
	});

	test('keeps what is said before it is open, and says it after it has asked', () => {
		const { sockets, connection } = setUp();
		connection.publish(eventOf('early'));
		connection.subscribe('inbox', {});
		sockets.last.open();
		expect(sockets.last.sent.map(([type]) => type)).toEqual(['REQ', 'EVENT']);
	});

	test('returns later and later when the relay is away, up to a minute', async () => {
		const { sockets, connection, clock } = setUp();
		const waits: number[] = [];
		for (let attempt = 0; attempt < 14; attempt++) {
			sockets.last.drop('closed (1006)');
			expect(connection.status()).toMatchObject({ state: 'waiting', error: 'closed (1006)' });
			const before = sockets.all.length;
			const since = clock.now();
			while (sockets.all.length === before) await clock.advance(50);
			waits.push(clock.now() - since);
		}
		expect(waits[0]).toBeLessThanOrEqual(1_050);
		for (const [index, wait] of waits.entries()) {
			const step = Math.min(relayTimes.lastRetry, relayTimes.firstRetry * 1.7 ** index);
			expect(wait).toBeGreaterThanOrEqual(step / 2 - 1);
			expect(wait).toBeLessThanOrEqual(step + 51);
		}
		expect(new Set(waits.slice(-4)).size).toBeGreaterThan(1);
	});

	test('starts again from a short wait after a connection that held', async () => {
		const { sockets, connection, clock } = setUp();
		for (let attempt = 0; attempt < 6; attempt++) {
			sockets.last.drop('away');
			await clock.advance(relayTimes.lastRetry);
		}
		sockets.last.open();
		await clock.advance(relayTimes.stable);
		sockets.last.drop('restarted');
		await clock.advance(relayTimes.firstRetry);
		expect(connection.status().state).toBe('connecting');
	});

	test('keeps its patience with a relay that opens and closes at once', async () => {
		const { sockets, clock } = setUp();
		const start = clock.now();
		while (clock.now() - start < 600_000) {
			if (!sockets.last.closed) {
				sockets.last.open();
				sockets.last.drop('go away');
			}
			await clock.advance(1_000);
		}
		expect(sockets.all.length).toBeLessThan(30);
	});

	test('asks and says again after a reconnection what was not confirmed', async () => {
		const { sockets, connection, clock } = setUp();
		connection.subscribe('inbox', {});
		sockets.last.open();
		const [confirmed, open] = [eventOf('confirmed'), eventOf('open')];
		connection.publish(confirmed);
		connection.publish(open);
		sockets.last.say('OK', confirmed.id, true, '');
		sockets.last.drop('reset');
		await clock.advance(relayTimes.firstRetry);
		sockets.last.open();
		expect(sockets.last.sent.map(([type]) => type)).toEqual(['REQ', 'EVENT']);
		expect(sentEvents(sockets.last.sent)).toEqual(['open']);
	});

	test('does not send what has become useless', async () => {
		const { sockets, connection, clock } = setUp();
		connection.publish(eventOf('old'));
		await clock.advance(5_000);
		sockets.last.drop('away');
		await clock.advance(outboxLimits.maxAgeMs);
		connection.publish(eventOf('new'));
		sockets.last.open();
		expect(sentEvents(sockets.last.sent)).toEqual(['new']);
	});

	test('keeps a bounded number of events, the newest', () => {
		const { sockets, connection } = setUp();
		for (let i = 0; i < outboxLimits.events + 5; i++) connection.publish(eventOf(`e${i}`));
		sockets.last.open();
		const sent = sentEvents(sockets.last.sent);
		expect(sent).toHaveLength(outboxLimits.events);
		expect(sent[0]).toBe('e5');
	});

	test('gives up an address that never opens', async () => {
		const { sockets, connection, clock } = setUp();
		await clock.advance(relayTimes.connect);
		expect(connection.status()).toMatchObject({ state: 'waiting', error: 'no connection' });
		expect(sockets.last.closed).toBe(true);
	});

	test('finds out that a relay has stalled', async () => {
		const { sockets, connection, clock } = setUp();
		connection.subscribe('inbox', {});
		sockets.last.open();
		await clock.advance(relayTimes.answer - 1);
		expect(connection.status().state).toBe('open');
		await clock.advance(1);
		expect(connection.status()).toMatchObject({
			state: 'waiting',
			error: 'stalled: it does not answer',
		});
		expect(sockets.all[0]?.closed).toBe(true);
	});

	test('finds out that a quiet relay has died', async () => {
		const { sockets, connection, clock } = setUp();
		connection.subscribe('inbox', {});
		sockets.last.open();
		sockets.last.say('EOSE', 'inbox');
		await clock.advance(relayTimes.probe);
		expect(sockets.last.sent).toHaveLength(2);
		sockets.last.say('EOSE', 'inbox');
		await clock.advance(relayTimes.probe + relayTimes.answer);
		expect(connection.status().state).toBe('waiting');
	});

	test('waits when told that it is too fast, once for a burst, then says the same again', async () => {
		const { sockets, connection, clock } = setUp();
		sockets.last.open();
		const burst = [eventOf('a'), eventOf('b'), eventOf('c')];
		for (const event of burst) connection.publish(event);
		for (const event of burst) sockets.last.say('OK', event.id, false, 'rate-limited: slow down');
		connection.publish(eventOf('d'));
		expect(sentEvents(sockets.last.sent)).toEqual(['a', 'b', 'c']);
		expect(connection.status()).toMatchObject({ state: 'open', error: 'rate-limited: slow down' });
		await clock.advance(relayTimes.firstHold);
		expect(sentEvents(sockets.last.sent)).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'd']);
	});

	test('does not repeat an event that was refused for good, and says why', async () => {
		const { sockets, connection, clock } = setUp();
		sockets.last.open();
		const event = eventOf('unwelcome');
		connection.publish(event);
		sockets.last.say('OK', event.id, false, 'blocked: kind 21517 is not accepted');
		expect(connection.status()).toMatchObject({
			state: 'open',
			error: 'blocked: kind 21517 is not accepted',
		});
		sockets.last.drop('reset');
		await clock.advance(relayTimes.firstRetry);
		sockets.last.open();
		expect(sentEvents(sockets.last.sent)).toEqual([]);
	});

	test.each([
		['auth-required: members only', 'refused', relayTimes.refused],
		['blocked: no', 'refused', relayTimes.refused],
		['invalid: filter', 'refused', relayTimes.refused],
		['error: shutting down', 'waiting', relayTimes.firstRetry],
	] as const)(
		'leaves a relay that ends a subscription with "%s" and asks again in time',
		async (detail, state, wait) => {
			const { sockets, connection, clock } = setUp();
			connection.subscribe('inbox', {});
			sockets.last.open();
			sockets.last.say('CLOSED', 'inbox', detail);
			expect(connection.status()).toMatchObject({ state, error: detail });
			expect(sockets.last.closed).toBe(true);
			await clock.advance(wait);
			expect(connection.status().state).toBe('connecting');
			expect(sockets.all).toHaveLength(2);
		},
	);

	test('asks again when a subscription was ended for its rate', async () => {
		const { sockets, connection, clock } = setUp();
		connection.subscribe('inbox', {});
		sockets.last.open();
		sockets.last.say('CLOSED', 'inbox', 'rate-limited: slow down');
		expect(connection.status().state).toBe('open');
		await clock.advance(relayTimes.firstHold);
		expect(sockets.last.sent.map(([type]) => type)).toEqual(['REQ', 'REQ']);
	});

	test('takes no event that it did not ask for, and no flood', async () => {
		const { sockets, connection, clock, events, lines } = setUp();
		connection.subscribe('inbox', { kinds: [21_518], '#p': ['me'] });
		sockets.last.open();
		sockets.last.say('EVENT', 'other', eventOf('foreign subscription'));
		sockets.last.say('EVENT', 'inbox', eventOf('foreign kind', 1));
		expect(events).toEqual([]);
		expect(lines.filter((line) => line.includes('nobody asked'))).toHaveLength(2);
		const flood = eventOf('flood');
		for (let i = 0; i < 1_000; i++) sockets.last.say('EVENT', 'inbox', flood);
		expect(events).toHaveLength(inflow.burst);
		await clock.advance(1_000);
		for (let i = 0; i < 1_000; i++) sockets.last.say('EVENT', 'inbox', flood);
		expect(events).toHaveLength(inflow.burst + inflow.perSecond);
	});

	test('survives words it does not understand', () => {
		const { sockets, connection, lines } = setUp();
		connection.subscribe('inbox', {});
		sockets.last.open();
		for (const text of ['', '{}', '["EVENT"]', '[[[', '["AUTH","challenge"]', '["NOTICE",5]', '["OK",1,2,3]'])
			sockets.last.sayText(text);
		expect(connection.status().state).toBe('open');
		expect(lines.filter((line) => line.startsWith('warn')).length).toBe(5);
	});

	test('tries at once when somebody needs it, but not without end', async () => {
		const { sockets, connection, clock } = setUp();
		for (let i = 0; i < 10; i++) {
			sockets.last.drop('away');
			await clock.advance(relayTimes.lastRetry);
		}
		sockets.last.drop('away');
		const attempts = sockets.all.length;
		connection.retry();
		expect(sockets.all.length).toBe(attempts);
		await clock.advance(relayTimes.retryGap);
		connection.retry();
		expect(sockets.all.length).toBe(attempts + 1);
		connection.retry();
		expect(sockets.all.length).toBe(attempts + 1);
	});

	test('falls silent when stopped', async () => {
		const { sockets, connection, clock } = setUp();
		connection.subscribe('inbox', {});
		sockets.last.open();
		connection.stop();
		expect(sockets.last.closed).toBe(true);
		sockets.last.drop('late');
		sockets.last.say('EVENT', 'inbox', eventOf('late'));
		connection.publish(eventOf('late'));
		await clock.advance(10 * relayTimes.lastRetry);
		expect(sockets.all).toHaveLength(1);
		expect(connection.status().state).toBe('stopped');
	});
});
