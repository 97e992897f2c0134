import { describe, expect, it } from 'vitest';
import { concat } from '#lib/core/bytes.ts';
import { Reader, Writer } from '#lib/core/wire/cursor.ts';
import {
	between,
	bytes,
	choice,
	hex,
	list,
	text,
	u16,
	u32,
	u64,
	u8,
	varBytes,
	type Field,
} from '#lib/core/wire/field.ts';
import { frame, frameTable } from '#lib/core/wire/frame.ts';
import { decodeRecord, encodeRecord, optional, record } from '#lib/core/wire/record.ts';

const of = (...values: number[]) => Uint8Array.from(values);

function encoded<T>(field: Field<T>, value: T): Uint8Array {
	const writer = new Writer();
	field.write(writer, value);
	return writer.done();
}

describe('integers', () => {
	it.each([
		[u8, 0xff, of(0xff)],
		[u16, 0x1234, of(0x12, 0x34)],
		[u32, 0xffff_fffe, of(0xff, 0xff, 0xff, 0xfe)],
		[u64, 0, of(0, 0, 0, 0, 0, 0, 0, 0)],
		[u64, 0x1_0000_0001, of(0, 0, 0, 1, 0, 0, 0, 1)],
		[u64, Number.MAX_SAFE_INTEGER, of(0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
	])('%# are big-endian', (field, value, wire) => {
		expect(encoded(field, value)).toEqual(wire);
		expect(field.read(new Reader(wire))).toBe(value);
	});

	it('beyond 2^53 - 1 are refused, not rounded', () => {
		expect(() => u64.read(new Reader(of(0, 0x20, 0, 0, 0, 0, 0, 0)))).toThrow('2^53');
	});

	it.each([
		[u8, 256],
		[u8, -1],
		[u16, 65_536],
		[u32, 2 ** 32],
		[u64, 2 ** 53],
		[u8, 1.5],
		[u8, Number.NaN],
		[between(u8, 2, 4), 5],
		[between(u8, 2, 4), 1],
	])('%# outside their range are not written', (field, value) => {
		expect(() => encoded(field, value)).toThrow();
	});
});

describe('fields of limited length', () => {
	it('check the limit before they copy anything', () => {
		const huge = concat(of(0xff, 0xff), new Uint8Array(65_535));
		expect(() => varBytes(16).read(new Reader(huge))).toThrow('outside 0..16');
	});

	it('refuse a length that runs past the end', () => {
		expect(() => varBytes(16).read(new Reader(of(0, 5, 1, 2)))).toThrow('bytes wanted');
	});

	it('refuse too many items, and items cut short', () => {
		const field = list(u16, 3);
		expect(() => field.read(new Reader(of(4, 0, 0, 0, 0, 0, 0, 0, 0)))).toThrow('at most 3');
		expect(() => field.read(new Reader(of(2, 0, 1, 0)))).toThrow('bytes wanted');
		expect(() => encoded(field, [1, 2, 3, 4])).toThrow('at most 3');
	});

	it('hold copies, so that a small field keeps no large frame alive', () => {
		const wire = of(0, 2, 7, 8);
		const value = varBytes(16).read(new Reader(wire));
		wire[2] = 0;
		expect(value).toEqual(of(7, 8));
		expect(value.buffer.byteLength).toBe(2);
	});
});

describe('text', () => {
	it('refuses bytes that are no UTF-8 and strings that are no Unicode', () => {
		expect(() => text(8).read(new Reader(of(0, 1, 0xff)))).toThrow('not UTF-8');
		expect(() => encoded(text(8), 'a\ud800')).toThrow('not UTF-8');
	});

	it('counts bytes, not characters', () => {
		expect(() => encoded(text(8), '€€€')).toThrow('outside 0..8');
	});
});

describe('choices', () => {
	const field = choice({ yes: 1, no: 2 });
	it('travel as numbers and are held as names', () => {
		expect(encoded(field, 'no')).toEqual(of(2));
		expect(field.read(new Reader(of(1)))).toBe('yes');
		expect(() => field.read(new Reader(of(3)))).toThrow('unknown choice');
	});

	it('are no property names of an object', () => {
		expect(() => encoded(field, 'constructor' as 'yes')).toThrow('unknown choice');
	});
});

const sample = record(
	'Sample',
	'For tests.',
	{ id: hex(2), count: u8 },
	{ note: optional(3, text(8)), rank: optional(2, u16), mark: optional(200, bytes(1)) },
);

describe('records', () => {
	it('write mandatory fields as declared, then optional ones by ascending tag', () => {
		expect(encodeRecord(sample, { note: 'hi', id: 'abcd', count: 7, rank: 9 })).toEqual(
			of(0xab, 0xcd, 7, 2, 0, 2, 0, 9, 3, 0, 4, 0, 2, 0x68, 0x69),
		);
	});

	it('read back what they wrote', () => {
		const value = { id: '0102', count: 1, rank: 0, mark: of(5) };
		expect(decodeRecord(sample, encodeRecord(sample, value))).toEqual({ ok: true, value });
	});

	it('refuse to write a value without a mandatory field', () => {
		expect(() => encodeRecord(sample, { id: 'abcd' } as never)).toThrow('Sample.count is missing');
	});

	it.each([
		['nothing', of(), 'truncated', 'Sample.id'],
		['a mandatory field cut short', of(0xab), 'truncated', 'Sample.id'],
		['a missing mandatory field', of(0xab, 0xcd), 'truncated', 'Sample.count'],
		['an optional field without its length', of(1, 2, 3, 2, 0), 'truncated', 'Sample'],
		['an optional field cut short', of(1, 2, 3, 2, 0, 2, 9), 'truncated', 'Sample'],
		['an optional field too short for its type', of(1, 2, 3, 2, 0, 1, 9), 'truncated', 'Sample.rank'],
		['bytes after an optional field', of(1, 2, 3, 2, 0, 3, 0, 9, 9), 'trailing-bytes', 'Sample.rank'],
		['one stray byte at the end', of(1, 2, 3, 9), 'truncated', 'Sample'],
		['an unknown field with an even tag', of(1, 2, 3, 4, 0, 0), 'unknown-mandatory-field', 'Sample'],
		['the same field twice', of(1, 2, 3, 2, 0, 2, 0, 1, 2, 0, 2, 0, 1), 'fields-out-of-order', 'Sample'],
		[
			'fields in descending order',
			of(1, 2, 3, 3, 0, 2, 0, 0, 2, 0, 2, 0, 1),
			'fields-out-of-order',
			'Sample',
		],
	])('refuse %s', (_, wire, code, where) => {
		expect(decodeRecord(sample, wire)).toMatchObject({ ok: false, error: { type: 'wire', code, where } });
	});

	it('skip an unknown field with an odd tag', () => {
		expect(decodeRecord(sample, of(1, 2, 3, 5, 0, 1, 0xff, 200, 0, 1, 8))).toEqual({
			ok: true,
			value: { id: '0102', count: 3, mark: of(8) },
		});
	});
});

describe('frame tables', () => {
	const table = frameTable(1, 16, [
		frame(0x10, 'Ping', record('Ping', 'For tests.', { seq: u16 })),
		frame(0x11, 'Data', record('Data', 'For tests.', { body: varBytes(64) })),
	]);

	it('put version and type before the record', () => {
		expect(table.encode({ kind: 'Ping', seq: 5 })).toEqual(of(1, 0x10, 0, 5));
		expect(table.decode(of(1, 0x10, 0, 5))).toEqual({ ok: true, value: { kind: 'Ping', seq: 5 } });
		expect(table.typeOf(of(1, 0x11))).toBe('Data');
		expect(table.typeOf(of(2, 0x11))).toBeUndefined();
	});

	it.each([
		['an empty message', of(), 'truncated'],
		['a lone version', of(1), 'truncated'],
		['another version', of(2, 0x10, 0, 5), 'unsupported-version'],
		['version 0', of(0, 0x10, 0, 5), 'unsupported-version'],
		['an unknown type', of(1, 0x12, 0, 5), 'unknown-type'],
		['one byte too many', of(1, 0x10, 0, 5, 0), 'truncated'],
		['a frame over the limit', new Uint8Array(17).fill(1), 'too-long'],
	])('refuse %s', (_, wire, code) => {
		expect(table.decode(wire)).toMatchObject({ ok: false, error: { type: 'wire', code } });
	});

	it('never send what a reader would refuse', () => {
		expect(() => table.encode({ kind: 'Data', body: new Uint8Array(20) })).toThrow('over 16');
		expect(() => table.encode({ kind: 'Ping', seq: 70_000 })).toThrow('u16');
	});
});
