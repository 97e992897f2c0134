import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRelayMessage } from '#lib/webrtc/rendezvous/nostr/message.ts';
import { createIntake } from '#lib/webrtc/rendezvous/intake.ts';
import { eventKinds, joinFrames, sealedFrames } from '#lib/webrtc/rendezvous/records.ts';
import { createSealer } from '#lib/webrtc/rendezvous/seal.ts';
import { parseEvent, signEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import { parseClientMessage } from '../../../network/relay/client-message.ts';
import { identity, seededRandom } from './kit.ts';

const runs = { seed: 20_261, numRuns: 1_500 };
const [author, reader] = [identity('author'), identity('reader')];
const start = 1_800_000_000;

const event = signEvent(
	{ created_at: start, kind: eventKinds.sealed, tags: [['p', reader.id]], content: 'x' },
	author,
);
const messages = [
	JSON.stringify(['EVENT', 'inbox', event]),
	JSON.stringify(['OK', event.id, false, 'blocked: no']),
	JSON.stringify(['CLOSED', 'inbox', 'error: x']),
	JSON.stringify(['REQ', 'inbox', { kinds: [1], '#p': [reader.id] }]),
];

/** One of the messages above with a stretch of it replaced. */
const mutated = fc
	.record({
		text: fc.constantFrom(...messages),
		at: fc.nat(400),
		cut: fc.nat(20),
		insert: fc.oneof(
			fc.string({ maxLength: 8 }),
			fc.constantFrom('null', '{}', '[]', '"__proto__":1,', '1e999'),
		),
	})
	.map(({ text, at, cut, insert }) => text.slice(0, at) + insert + text.slice(at + cut));

const texts = fc.oneof(fc.string(), fc.json(), mutated);

test('no text at all breaks the parsers of either end', () => {
	fc.assert(
		fc.property(texts, (text) => {
			for (const parse of [parseRelayMessage, parseClientMessage]) {
				const parsed = parse(text);
				expect(parsed.ok || ['nostr-message', 'nostr-event'].includes(parsed.error.type)).toBe(true);
			}
		}),
		runs,
	);
});

test('no event at all breaks the reader, and none is heard unsigned', () => {
	const intake = createIntake({
		network: 'test',
		verify: () => false,
		sealer: createSealer(seededRandom('intake')),
		now: start * 1_000,
		reader: () => reader,
		askedWith: () => true,
	});
	const values = fc.record(
		{
			id: fc.oneof(fc.constant(event.id), fc.string()),
			pubkey: fc.oneof(fc.constant(event.pubkey), fc.string()),
			created_at: fc.oneof(fc.constant(start), fc.double()),
			kind: fc.oneof(fc.constantFrom(...Object.values(eventKinds)), fc.integer()),
			tags: fc.oneof(fc.constant(event.tags), fc.array(fc.array(fc.string())), fc.anything()),
			content: fc.oneof(fc.string(), fc.anything()),
			sig: fc.oneof(fc.constant(event.sig), fc.string()),
		},
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(values, (value) => {
			const parsed = parseEvent(value);
			if (parsed.ok) expect(intake.read(parsed.value, start * 1_000).ok).toBe(false);
		}),
		runs,
	);
});

test('a signed event with any content is read or refused with a typed error', () => {
	const intake = createIntake({
		network: 'test',
		verify: () => true,
		sealer: createSealer(seededRandom('intake')),
		now: start * 1_000,
		reader: (key) => (key === reader.id ? reader : undefined),
		askedWith: () => true,
	});
	const contents = fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^([0-9a-f]{2}){0,64}$/));
	fc.assert(
		fc.property(contents, fc.constantFrom(...Object.values(eventKinds)), (content, kind) => {
			const read = intake.read(signEvent({ ...event, kind, content }, author), start * 1_000);
			expect(read.ok ? read.value.kind : read.error.type).toMatch(/^(join|intake|wire|envelope|seal)$/);
		}),
		{ ...runs, numRuns: 300 },
	);
});

test('frames come back as they went, and any bytes are decoded or refused', () => {
	const hexOf = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${2 * length}}$`));
	fc.assert(
		fc.property(hexOf(16), fc.nat(255), fc.nat(65_535), (nonce, degree, shard) => {
			const join = { kind: 'Join', network: 'sweet-1', shard, nonce, degree, attempt: degree } as const;
			expect(joinFrames.decode(joinFrames.encode(join))).toEqual({ ok: true, value: join });
		}),
		runs,
	);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
			const header = Uint8Array.from([1, 2 + (bytes.length % 2), ...bytes]);
			for (const table of [joinFrames, sealedFrames]) expect(() => table.decode(header)).not.toThrow();
		}),
		runs,
	);
});
