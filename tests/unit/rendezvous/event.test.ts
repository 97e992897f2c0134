import { describe, expect, test } from 'vitest';
import { verify } from '#lib/core/crypto/schnorr.ts';
import {
	eventId,
	eventLimits,
	expiration,
	isEphemeral,
	parseEvent,
	signEvent,
	tagValues,
	verifyEvent,
	type NostrEvent,
} from '#lib/webrtc/rendezvous/nostr/event.ts';
import { matches } from '#lib/webrtc/rendezvous/nostr/filter.ts';
import { parseRelayMessage, verdict } from '#lib/webrtc/rendezvous/nostr/message.ts';
import { identity } from './kit.ts';

const author = identity('author');
const draft = { created_at: 1_800_000_000, kind: 21_517, tags: [['x', 'a']], content: 'hello' };
const event = signEvent(draft, author);

describe('an event', () => {
	test('passes parse and verification as it was signed, through JSON', () => {
		const parsed = parseEvent(JSON.parse(JSON.stringify(event)));
		expect(parsed).toEqual({ ok: true, value: event });
		expect(verifyEvent(event, verify).ok).toBe(true);
	});

	test('has the id that other implementations of NIP-01 compute', () => {
		// SHA-256 of [0,"00…01",1,1,[["e","x"]],"line\nbreak \"quoted\" \\"], by sha256sum.
		expect(
			eventId({
				pubkey: `${'0'.repeat(63)}1` as NostrEvent['pubkey'],
				created_at: 1,
				kind: 1,
				tags: [['e', 'x']],
				content: 'line\nbreak "quoted" \\',
			}),
		).toBe('d43c93a0b095ab8dab2888b052d7f9699aa4411f4a8345141c126988e58734d0');
	});

	test.each<[string, Partial<NostrEvent>]>([
		['content', { content: 'hellO' }],
		['author', { pubkey: identity('other').id }],
		['time', { created_at: draft.created_at + 1 }],
		['kind', { kind: 21_518 }],
		['tags', { tags: [['x', 'b']] }],
	])('with another %s no longer has its id', (_, change) => {
		expect(verifyEvent({ ...event, ...change }, verify)).toMatchObject({
			ok: false,
			error: { code: 'bad-id' },
		});
	});

	test.each<[string, Partial<NostrEvent>]>([
		['a changed signature', { sig: event.sig.replace(/^../, event.sig.startsWith('00') ? '01' : '00') }],
		['a signature of zeros', { sig: '0'.repeat(128) }],
	])('with %s is refused', (_, change) => {
		expect(verifyEvent({ ...event, ...change }, verify)).toMatchObject({
			ok: false,
			error: { code: 'bad-signature' },
		});
	});

	test('claimed by another author with a matching id is refused for its signature', () => {
		const stolen = { ...event, pubkey: identity('thief').id };
		expect(verifyEvent({ ...stolen, id: eventId(stolen) }, verify)).toMatchObject({
			ok: false,
			error: { code: 'bad-signature' },
		});
	});

	test.each<[string, unknown, string]>([
		['null', null, 'bad-field'],
		['a string', 'event', 'bad-field'],
		['an array', [], 'bad-field'],
		['no id', { ...event, id: undefined }, 'bad-field'],
		['a short id', { ...event, id: event.id.slice(2) }, 'bad-field'],
		['an id in capitals', { ...event, id: event.id.toUpperCase() }, 'bad-field'],
		['a numeric key', { ...event, pubkey: 7 }, 'bad-field'],
		['a long signature', { ...event, sig: `${event.sig}00` }, 'bad-field'],
		['a negative time', { ...event, created_at: -1 }, 'bad-field'],
		['a fractional time', { ...event, created_at: 1.5 }, 'bad-field'],
		['a time beyond 32 bits', { ...event, created_at: 2 ** 33 }, 'bad-field'],
		['a kind beyond 16 bits', { ...event, kind: 65_536 }, 'bad-field'],
		['tags that are no list', { ...event, tags: {} }, 'bad-field'],
		['an empty tag', { ...event, tags: [[]] }, 'bad-field'],
		['a tag with a number', { ...event, tags: [['x', 1]] }, 'bad-field'],
		['a nested tag', { ...event, tags: [[['x']]] }, 'bad-field'],
		['a tag of many items', { ...event, tags: [Array<string>(9).fill('x')] }, 'bad-field'],
		['a long tag item', { ...event, tags: [['x', 'y'.repeat(257)]] }, 'bad-field'],
		['many tags', { ...event, tags: Array<string[]>(33).fill(['x']) }, 'too-long'],
		['no content', { ...event, content: undefined }, 'bad-field'],
		['content that is an object', { ...event, content: {} }, 'bad-field'],
		['long content', { ...event, content: 'x'.repeat(eventLimits.contentChars + 1) }, 'too-long'],
	])('with %s is refused', (_, value, code) => {
		expect(parseEvent(value)).toMatchObject({ ok: false, error: { type: 'nostr-event', code } });
	});

	test('keeps nothing but its seven fields', () => {
		const hostile: unknown = JSON.parse(
			JSON.stringify(event).replace('{', '{"__proto__":{"polluted":1},"extra":1,'),
		);
		const parsed = parseEvent(hostile);
		expect(parsed).toEqual({ ok: true, value: event });
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	});

	test.each<[string[][], number | undefined]>([
		[[['expiration', '1800000600']], 1_800_000_600],
		[[['expiration']], undefined],
		[[['expiration', '']], undefined],
		[[['expiration', '-5']], undefined],
		[[['expiration', '1e9']], undefined],
		[[['expiration', '9'.repeat(30)]], undefined],
		[[], undefined],
	])('with tags %j expires at %s', (tags, expected) => {
		expect(expiration({ tags })).toBe(expected);
	});

	test('has values of a tag only under that name', () => {
		expect(tagValues({ tags: [['p', 'a'], ['x', 'b'], ['p', 'c'], ['p']] }, 'p')).toEqual(['a', 'c']);
	});

	test.each([
		[19_999, false],
		[20_000, true],
		[29_999, true],
		[30_000, false],
	])('of kind %i is ephemeral: %s', (kind, expected) => {
		expect(isEphemeral(kind)).toBe(expected);
	});
});

describe('a filter', () => {
	test.each<[string, Parameters<typeof matches>[0], boolean]>([
		['nothing', {}, true],
		['the kind', { kinds: [21_517] }, true],
		['another kind', { kinds: [1] }, false],
		['no kind at all', { kinds: [] }, false],
		['the author', { authors: [author.id] }, true],
		['another author', { authors: [identity('other').id] }, false],
		['the id', { ids: [event.id] }, true],
		['the tag', { '#x': ['z', 'a'] }, true],
		['another tag value', { '#x': ['z'] }, false],
		['another tag', { '#p': ['a'] }, false],
		['since that second', { since: draft.created_at }, true],
		['since a second later', { since: draft.created_at + 1 }, false],
		['until a second before', { until: draft.created_at - 1 }, false],
		['kind and another tag', { kinds: [21_517], '#x': ['z'] }, false],
	])('for %s: %#', (_, filter, expected) => {
		expect(matches(filter, event)).toBe(expected);
	});
});

describe('a message of a relay', () => {
	test.each<[string, string, string]>([
		['too long a text', `["NOTICE","${'x'.repeat(65_536)}"]`, 'too-long'],
		['something that is not JSON', '["EVENT",', 'not-json'],
		['nothing', '', 'not-json'],
		['an object', '{"type":"EVENT"}', 'bad-field'],
		['an empty array', '[]', 'unknown-type'],
		['an unknown type', '["COUNT","a",1]', 'unknown-type'],
		['a type that is an object', '[{"toString":1}]', 'unknown-type'],
		['an event without a subscription', '["EVENT",{}]', 'bad-field'],
		['an event that is null', '["EVENT","joins",null]', 'bad-field'],
		['OK without a verdict', '["OK","id"]', 'bad-field'],
		['OK with a verdict in words', '["OK","id","true",""]', 'bad-field'],
		['EOSE without a subscription', '["EOSE"]', 'bad-field'],
		['CLOSED of a number', '["CLOSED",1]', 'bad-field'],
		['a deep array', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'unknown-type'],
	])('that is %s is refused', (_, text, code) => {
		expect(parseRelayMessage(text)).toMatchObject({ ok: false, error: { code } });
	});

	test("keeps a relay's words short and free of control characters", () => {
		const parsed = parseRelayMessage(JSON.stringify(['NOTICE', `a\u0000b\u202ec\n${'d'.repeat(500)}`]));
		expect(parsed).toEqual({ ok: true, value: { type: 'NOTICE', detail: `a b c ${'d'.repeat(194)}` } });
	});

	test.each([
		['rate-limited: slow down', 'slow-down'],
		['blocked: you are banned', 'not-welcome'],
		['auth-required: only friends', 'not-welcome'],
		['restricted: members only', 'not-welcome'],
		['error: shutting down', 'failed'],
		['invalid: bad event', 'refused'],
		['whatever', 'refused'],
	])('saying "%s" means: %s', (detail, expected) => {
		expect(verdict(detail)).toBe(expected);
	});
});
