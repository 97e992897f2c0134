import { describe, expect, it } from 'vitest';
import { concat, equalBytes, fromHex, fromUtf8, hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { randomInt, shuffled, type Random } from '#lib/core/random.ts';

describe('hex', () => {
	it('prints and parses every byte', () => {
		const all = Uint8Array.from({ length: 256 }, (_, i) => i);
		expect(fromHex(toHex(all))).toEqual(all);
		expect(toHex(all).slice(0, 8)).toBe('00010203');
	});

	it.each(['0', 'abc', 'AB', 'g0', '0g', '  ', '0x', '٠٠', 'a\u0000'])('refuses %j', (text) => {
		expect(fromHex(text)).toBeUndefined();
	});

	it('refuses another length than the one asked for', () => {
		expect(fromHex('abcd', 1)).toBeUndefined();
		expect(fromHex('abcd', 3)).toBeUndefined();
		expect(fromHex('abcd', 2)).toEqual(new Uint8Array([0xab, 0xcd]));
	});

	it('treats an id of ours that is not hex as a bug', () => {
		expect(() => hexBytes('nothex')).toThrow('not hex');
	});
});

describe('UTF-8', () => {
	it.each(['', 'a', 'grün', '日本語', '\ud800', '🙂', `${'a'.repeat(47)}é`, 'x'.repeat(48), 'x'.repeat(49)])(
		'is what the platform makes of %j',
		(text) => {
			expect(utf8(text)).toEqual(new TextEncoder().encode(text));
		},
	);

	it.each([[0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80], [0xe2, 0x82]])(
		'refuses %j',
		(...bytes) => {
			expect(fromUtf8(Uint8Array.from(bytes))).toBeUndefined();
		},
	);

	it('keeps a byte order mark, so that text and bytes stand for each other', () => {
		expect(fromUtf8(utf8('\ufeffa'))).toBe('\ufeffa');
	});
});

describe('bytes', () => {
	it('are joined in order', () => {
		expect(concat(new Uint8Array([1]), new Uint8Array(), new Uint8Array([2, 3]))).toEqual(
			new Uint8Array([1, 2, 3]),
		);
	});

	it('are equal only in length and every byte', () => {
		expect(equalBytes(utf8('abc'), utf8('abc'))).toBe(true);
		expect(equalBytes(utf8('abc'), utf8('abd'))).toBe(false);
		expect(equalBytes(utf8('abc'), utf8('abcd'))).toBe(false);
	});
});

describe('random integers', () => {
	/** Draws these 32-bit values in turn. */
	const drawing = (...draws: number[]): Random => ({
		bytes() {
			const out = new Uint8Array(4);
			new DataView(out.buffer).setUint32(0, draws.shift() ?? 0);
			return out;
		},
	});

	it('are unbiased: draws above the last whole multiple are thrown away', () => {
		expect(randomInt(drawing(0xffff_ffff, 7), 3)).toBe(1);
	});

	it('shuffle without losing anything', () => {
		const items = [1, 2, 3, 4, 5];
		const out = shuffled(drawing(4, 2, 9, 1), items);
		expect(out).not.toEqual(items);
		expect([...out].sort()).toEqual(items);
	});
});
