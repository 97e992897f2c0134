import { describe, expect, it } from 'vitest';
import { concat, toHex, utf8 } from '#lib/core/bytes.ts';
import { Writer } from '#lib/core/wire/cursor.ts';
import {
	directFrames,
	directFrameTypes,
	meshFrames,
	meshFrameTypes,
	refusals,
} from '#lib/gossip/wire/frames.ts';

const zeros = (length: number) => new Uint8Array(length);

/** A frame put together by hand: what an attacker sends and our own encoder would not. */
function frame(type: number, write: (out: Writer) => void): Uint8Array {
	const out = new Writer();
	out.u8(1);
	out.u8(type);
	write(out);
	return out.done();
}

const text = (out: Writer, value: string) => out.sized(() => out.bytes(utf8(value)));

/** A Broadcast up to its core. */
const broadcastHead = (out: Writer, ttl = 3, proof = 0) => {
	out.bytes(zeros(24));
	out.sized(() => out.bytes(zeros(proof)));
	out.u8(ttl);
};

const ask = (topic: string) =>
	frame(0x11, (out) => {
		out.u32(1);
		text(out, topic);
		out.u16(400);
		out.bytes(zeros(8));
	});

const hello = (topics: readonly string[]) =>
	frame(0x10, (out) => {
		out.u32(0);
		out.u8(topics.length);
		for (const topic of topics) text(out, topic);
	});

const cancel = (reason: string) =>
	frame(0x19, (out) => {
		out.bytes(zeros(40));
		text(out, reason);
		out.bytes(zeros(64));
	});

describe('a mesh frame', () => {
	it('of each kind is refused without its body', () => {
		for (const { type, name } of meshFrameTypes)
			expect([name, meshFrames.decode(new Uint8Array([1, type]))]).toMatchObject([
				name,
				{
					ok: false,
					error: {
						code: 'truncated',
						where: `${name}.${Object.keys(meshFrameTypes.find((t) => t.name === name)!.record.mandatory)[0]!}`,
					},
				},
			]);
	});

	it('of a direct link is unknown in the mesh, and the other way round', () => {
		for (const { type } of directFrameTypes)
			expect(meshFrames.decode(new Uint8Array([1, type]))).toMatchObject({ error: { code: 'unknown-type' } });
		for (const { type } of meshFrameTypes)
			expect(directFrames.decode(new Uint8Array([1, type]))).toMatchObject({
				error: { code: 'unknown-type' },
			});
	});

	it.each<[string, Uint8Array, string]>([
		['nothing at all', zeros(0), 'truncated'],
		['one byte', new Uint8Array([1]), 'truncated'],
		['version 0', new Uint8Array([0, 0x10]), 'unsupported-version'],
		['version 2', new Uint8Array([2, 0x10]), 'unsupported-version'],
		['text', utf8('{"type":"Hello"}'), 'unsupported-version'],
		['an unknown type', new Uint8Array([1, 0x7f]), 'unknown-type'],
		['type 0', new Uint8Array([1, 0]), 'unknown-type'],
		['a link frame type', new Uint8Array([1, 1]), 'unknown-type'],
		['16 KiB and one byte', concat(new Uint8Array([1, 0x15]), zeros(16_383)), 'too-long'],
		['1 MiB', zeros(1_048_576), 'too-long'],
		[
			'16 KiB of zeros behind a good header',
			concat(new Uint8Array([1, 0x15]), zeros(16_382)),
			'unknown-mandatory-field',
		],
		['more interests than allowed', hello(Array.from({ length: 17 }, () => '/a')), 'bad-value'],
		['an interest that is no topic', hello(['/Drive']), 'bad-value'],
		['a topic over its length', ask(`/${'a'.repeat(256)}`), 'bad-value'],
		['a topic that is not canonical', ask('/drive/..'), 'bad-value'],
		[
			'a topic that is not UTF-8',
			frame(0x11, (out) => {
				out.u32(1);
				out.sized(() => out.bytes(new Uint8Array([0x2f, 0xff])));
				out.bytes(zeros(10));
			}),
			'bad-value',
		],
		['hops 0', frame(0x14, (out) => broadcastHead(out, 0)), 'bad-value'],
		['hops 13', frame(0x14, (out) => broadcastHead(out, 13)), 'bad-value'],
		['a proof of 113 bytes', frame(0x14, (out) => broadcastHead(out, 3, 113)), 'bad-value'],
		[
			'a timestamp over 2^53',
			frame(0x14, (out) => out.bytes(concat(zeros(8), new Uint8Array(8).fill(0xff)))),
			'bad-value',
		],
		[
			'a core said to be 64 KiB',
			frame(0x14, (out) => {
				broadcastHead(out);
				out.u16(0xffff);
			}),
			'bad-value',
		],
		[
			'a core said to be longer than the frame',
			frame(0x14, (out) => {
				broadcastHead(out);
				out.u16(6_144);
				out.bytes(zeros(100));
			}),
			'truncated',
		],
		[
			'a signature cut short',
			frame(0x14, (out) => {
				broadcastHead(out);
				out.u16(0);
				out.bytes(zeros(63));
			}),
			'truncated',
		],
		[
			'a refusal with an unknown code',
			frame(0x13, (out) => {
				out.u16(0);
				out.u8(Math.max(...Object.values(refusals)) + 1);
				out.u32(0);
			}),
			'bad-value',
		],
		['a reason over its length', cancel('x'.repeat(201)), 'bad-value'],
		['a reason with a NUL', cancel('a\u0000b'), 'bad-value'],
		['a reason with an escape sequence', cancel('\u001b[2J'), 'bad-value'],
		['a reason with a C1 control', cancel('\u009b2J'), 'bad-value'],
		['a reason that is not NFC', cancel('cafe\u0301'), 'bad-value'],
		[
			'a reply of too many hops',
			frame(0x16, (out) => {
				out.bytes(zeros(97));
				out.u8(25);
			}),
			'bad-value',
		],
		[
			'a sealed part over its length',
			frame(0x16, (out) => {
				out.bytes(zeros(98));
				out.u16(12_401);
			}),
			'bad-value',
		],
	])('is refused: %s', (_, bytes, code) => {
		expect(meshFrames.decode(bytes)).toMatchObject({ ok: false, error: { type: 'wire', code } });
	});

	it('keeps line breaks and tabs of a text', () => {
		expect(meshFrames.decode(cancel('one\n\ttwo'))).toMatchObject({
			ok: true,
			value: { reason: 'one\n\ttwo' },
		});
	});
});

describe('the wire of sweet/1', () => {
	it('does not change by accident', () => {
		const bytes = meshFrames.encode({
			kind: 'AskForFavourReply',
			askId: 7,
			favourNumber: '0011223344556677',
			favourTimestamp: 1_800_000_000_000,
			validForMs: 60_000,
			powScheme: 'sha256',
			powComplexity: 4_194_304,
		});
		expect(toHex(bytes)).toBe(
			'0112' +
				'00000007' +
				'0011223344556677' +
				'000001a3185c5000' +
				'0000ea60' +
				'020008' +
				'0006736861323536' +
				'040008' +
				'0000000000400000',
		);
	});

	it('gives every frame and every refusal its own number', () => {
		const numbers = [...meshFrameTypes, ...directFrameTypes].map(({ type }) => type);
		expect(new Set(numbers).size).toBe(numbers.length);
		expect(new Set(Object.values(refusals)).size).toBe(Object.keys(refusals).length);
	});
});
