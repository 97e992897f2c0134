import { describe, expect, it } from 'vitest';
import { pictureBounds, readPictureHeader } from '#lib/channel/picture-header.ts';
import { bobsPictures, pamsPictures } from '../../network/pictures/memes.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
	Uint8Array.from(
		parts.flatMap((part) => (typeof part === 'string' ? Array.from(part, (c) => c.charCodeAt(0)) : part)),
	);
const u16 = (n: number) => [n >> 8, n & 255];
const u32 = (n: number) => [...u16(n >>> 16), ...u16(n & 65_535)];
const little = (...list: number[]) => list.reverse();
const zeros = (count: number) => Array<number>(count).fill(0);

const png = (width: number, height: number) =>
	bytes('\x89PNG\r\n\x1a\n', u32(13), 'IHDR', u32(width), u32(height), zeros(9));
const jpeg = (width: number, height: number, before: number[] = []) =>
	bytes(
		[0xff, 0xd8],
		[0xff, 0xe0],
		u16(16),
		zeros(14),
		before,
		[0xff, 0xc2],
		u16(17),
		[8],
		u16(height),
		u16(width),
		zeros(10),
	);
const gif = (width: number, height: number) =>
	bytes('GIF89a', little(...u16(width)), little(...u16(height)), zeros(3));
const webp = (kind: string, body: number[]) => bytes('RIFF', zeros(4), 'WEBP', kind, zeros(4), body);
const lossy = (width: number, height: number) =>
	webp('VP8 ', [...zeros(3), 0x9d, 1, 0x2a, ...little(...u16(width)), ...little(...u16(height))]);
const lossless = (width: number, height: number) =>
	webp('VP8L', [0x2f, ...little(...u32((width - 1) | ((height - 1) << 14))), ...zeros(5)]);
const extended = (width: number, height: number) =>
	webp('VP8X', [
		...zeros(4),
		...little(...u32(width - 1)).slice(0, 3),
		...little(...u32(height - 1)).slice(0, 3),
	]);
const box = (name: string, ...body: (string | number[])[]) => {
	const inside = [...bytes(...body)];
	return [...bytes(u32(inside.length + 8), name), ...inside];
};
const avif = (...sizes: [number, number][]) =>
	bytes(
		box('ftyp', 'avif', zeros(4)),
		box(
			'meta',
			zeros(4),
			box('iprp', box('ipco', ...sizes.map(([w, h]) => box('ispe', zeros(4), u32(w), u32(h))))),
		),
	);

describe('a picture’s header', () => {
	it.each([
		['image/png', png(640, 480)],
		['image/jpeg', jpeg(640, 480)],
		['image/jpeg', jpeg(640, 480, [0xff, 0xff, 0xe1, 0, 4, 1, 2])],
		['image/gif', gif(640, 480)],
		['image/webp', lossy(640, 480)],
		['image/webp', lossless(640, 480)],
		['image/webp', extended(640, 480)],
		['image/avif', avif([64, 48], [640, 480])],
	])('tells the size of %s', (mime, file) => {
		expect(readPictureHeader(file)).toEqual({ ok: true, value: { mime, width: 640, height: 480 } });
	});

	it.each([
		['nothing', new Uint8Array(0), 'empty'],
		['more than may travel', new Uint8Array(pictureBounds.bytes + 1), 'too-big'],
		['SVG', bytes('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'unknown'],
		['HTML', bytes('<!doctype html><script>alert(1)</script>'), 'unknown'],
		['PDF', bytes('%PDF-1.7', zeros(40)), 'unknown'],
		['BMP', bytes('BM', zeros(60)), 'unknown'],
		['ICO', bytes([0, 0, 1, 0], zeros(60)), 'unknown'],
		['TIFF', bytes('II*\0', zeros(60)), 'unknown'],
		['JPEG XL', bytes([0xff, 0x0a], zeros(60)), 'unknown'],
		['HEIC', bytes(box('ftyp', 'heic', zeros(4)), zeros(60)), 'unknown'],
		['MP4', bytes(box('ftyp', 'isom', zeros(4)), zeros(60)), 'unknown'],
		['a GIF of another age', bytes('GIF90a', zeros(20)), 'unknown'],
		['a picture behind a space', bytes(' ', [...png(1, 1)]), 'unknown'],
		['a short PNG', png(1, 1).slice(0, 20), 'broken'],
		['a PNG that begins with text', bytes('\x89PNG\r\n\x1a\n', u32(13), 'tEXt', zeros(30)), 'broken'],
		['a PNG without width', png(0, 5), 'broken'],
		['a PNG bomb', png(16_000, 16_000), 'too-many-pixels'],
		['a PNG too wide', png(pictureBounds.side + 1, 1), 'too-many-pixels'],
		['a PNG of the largest numbers', png(0xffffffff, 0xffffffff), 'too-many-pixels'],
		['a short JPEG', jpeg(1, 1).slice(0, 22), 'broken'],
		['a JPEG without a frame', bytes([0xff, 0xd8, 0xff, 0xda], zeros(40)), 'broken'],
		['a JPEG of no segments', bytes([0xff, 0xd8, 0xff, 0xe0, 0, 1], zeros(40)), 'broken'],
		['a JPEG that ends at once', bytes([0xff, 0xd8, 0xff, 0xd9], zeros(40)), 'broken'],
		['a JPEG of fill bytes', Uint8Array.from([0xff, 0xd8, ...Array<number>(500).fill(0xff)]), 'broken'],
		['a JPEG too large', jpeg(9_000, 100), 'too-many-pixels'],
		['a short GIF', gif(5, 5).slice(0, 9), 'broken'],
		['a GIF bomb', gif(8_000, 8_000), 'too-many-pixels'],
		['a WebP of another kind', webp('ALPH', zeros(30)), 'broken'],
		['a short WebP', lossy(5, 5).slice(0, 25), 'broken'],
		['a WebP without its mark', webp('VP8 ', zeros(14)), 'broken'],
		['a WebP bomb', extended(16_777_216, 16_777_216), 'too-many-pixels'],
		['an AVIF without sizes', avif(), 'broken'],
		[
			'an AVIF whose box is longer than it',
			bytes(box('ftyp', 'avif', zeros(4)), u32(999), 'meta', zeros(8)),
			'broken',
		],
		[
			'an AVIF whose box is shorter than a box',
			bytes(box('ftyp', 'avif', zeros(4)), u32(4), 'meta', zeros(8)),
			'broken',
		],
		['an AVIF with one large item', avif([10, 10], [9_000, 10]), 'too-many-pixels'],
		[
			'an AVIF of endless boxes',
			bytes(box('ftyp', 'avif', zeros(4)), ...Array.from({ length: 300 }, () => box('free'))),
			'broken',
		],
	])('of %s is refused', (_name, file, code) => {
		expect(readPictureHeader(file)).toEqual({ ok: false, error: { type: 'picture', code } });
	});

	it('never throws, wherever a picture is cut or bent', () => {
		for (const file of [
			png(9, 9),
			jpeg(9, 9),
			gif(9, 9),
			lossy(9, 9),
			lossless(9, 9),
			extended(9, 9),
			avif([9, 9]),
		])
			for (let at = 0; at < file.length; at++) {
				const bent = file.slice();
				bent[at] = 0xff;
				expect(typeof readPictureHeader(file.slice(0, at)).ok).toBe('boolean');
				expect(typeof readPictureHeader(bent).ok).toBe('boolean');
			}
	});

	it('of the local network’s own pictures is sound', () => {
		const all = [...pamsPictures(), ...bobsPictures()];
		expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
		for (const { bytes: file } of all)
			expect(readPictureHeader(file)).toEqual({
				ok: true,
				value: { mime: 'image/png', width: 480, height: 400 },
			});
	});
});
