import { err, ok, type Result } from '#lib/core/result.ts';

/** Raster formats that are shown; nothing that can hold a script or load something. */
export type RasterFormat = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/avif';

export interface PictureHeader {
	readonly mime: RasterFormat;
	readonly width: number;
	readonly height: number;
}

/** What a picture may be before a decoder sees it. A decoder allocates by the header, not by the file's size. */
export const pictureBounds = {
	/** Bytes of the file: 1 MiB. */
	bytes: 1_048_576,
	/** Pixels of one side. */
	side: 8_192,
	/** All pixels: 16 million are 64 MB decoded. */
	pixels: 16_000_000,
} as const;

export interface PictureError {
	readonly type: 'picture';
	/** `unknown`: none of the formats. `broken`: its header ends early or makes no sense. */
	readonly code: 'empty' | 'too-big' | 'unknown' | 'broken' | 'too-many-pixels';
}

const refuse = (code: PictureError['code']) => err({ type: 'picture', code } as const);

type Size = readonly [width: number, height: number];

/**
 * Reads format and size from the first bytes, by what they are and not by what a name or a peer says, and holds them
 * to `pictureBounds`. Looks only at the header: that the rest decodes is the decoder's to find out.
 */
export function readPictureHeader(bytes: Uint8Array): Result<PictureHeader, PictureError> {
	if (bytes.length === 0) return refuse('empty');
	if (bytes.length > pictureBounds.bytes) return refuse('too-big');
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (const { mime, starts, size } of formats) {
		if (!starts(view)) continue;
		const found = size(view);
		if (!found) return refuse('broken');
		const [width, height] = found;
		if (width < 1 || height < 1) return refuse('broken');
		const { side, pixels } = pictureBounds;
		if (width > side || height > side || width * height > pixels) return refuse('too-many-pixels');
		return ok({ mime, width, height });
	}
	return refuse('unknown');
}

/** Four letters at an offset, as most formats name their parts. */
function letters(view: DataView, at: number, length = 4): string {
	let text = '';
	for (let i = at; i < Math.min(at + length, view.byteLength); i++)
		text += String.fromCharCode(view.getUint8(i));
	return text;
}

const formats: readonly {
	readonly mime: RasterFormat;
	readonly starts: (view: DataView) => boolean;
	readonly size: (view: DataView) => Size | undefined;
}[] = [
	{
		mime: 'image/png',
		starts: (view) => letters(view, 0, 8) === '\x89PNG\r\n\x1a\n',
		size: (view) =>
			view.byteLength >= 33 && letters(view, 12) === 'IHDR' && view.getUint32(8) === 13
				? [view.getUint32(16), view.getUint32(20)]
				: undefined,
	},
	{ mime: 'image/jpeg', starts: (view) => letters(view, 0, 3) === '\xff\xd8\xff', size: jpegSize },
	{
		mime: 'image/gif',
		starts: (view) => /^GIF8[79]a$/.test(letters(view, 0, 6)),
		size: (view) => (view.byteLength >= 13 ? [view.getUint16(6, true), view.getUint16(8, true)] : undefined),
	},
	{
		mime: 'image/webp',
		starts: (view) => letters(view, 0) === 'RIFF' && letters(view, 8) === 'WEBP',
		size: webpSize,
	},
	{
		mime: 'image/avif',
		starts: (view) => letters(view, 4) === 'ftyp' && /^avi[fs]$/.test(letters(view, 8)),
		size: avifSize,
	},
];

/** Walks the segments to the frame header (ITU T.81, B.2.2). */
function jpegSize(view: DataView): Size | undefined {
	let at = 2;
	while (at + 9 <= view.byteLength) {
		if (view.getUint8(at) !== 0xff) return undefined;
		const marker = view.getUint8(at + 1);
		// Fill bytes before a marker.
		if (marker === 0xff) {
			at += 1;
			continue;
		}
		const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (frame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
		// The scan, or the end, before any frame.
		if (marker === 0xda || marker === 0xd9) return undefined;
		const length = view.getUint16(at + 2);
		if (length < 2) return undefined;
		at += 2 + length;
	}
	return undefined;
}

const uint24 = (view: DataView, at: number): number =>
	view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

/** Its three kinds: lossy, lossless, extended (RFC 9649). */
function webpSize(view: DataView): Size | undefined {
	if (view.byteLength < 30) return undefined;
	switch (letters(view, 12)) {
		case 'VP8 ':
			return letters(view, 23, 3) === '\x9d\x01\x2a'
				? [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff]
				: undefined;
		case 'VP8L': {
			if (view.getUint8(20) !== 0x2f) return undefined;
			const packed = view.getUint32(21, true);
			return [(packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1];
		}
		case 'VP8X':
			return [uint24(view, 24) + 1, uint24(view, 27) + 1];
		default:
			return undefined;
	}
}

/** Boxes an AVIF keeps the size of its items in, from the outside in (ISO/IEC 14496-12, 23008-12). */
const boxesToSize = ['meta', 'iprp', 'ipco'];
/** More boxes than any honest file has before its sizes. */
const mostBoxes = 200;

/** The largest of the item sizes: a decoder may allocate any of them. */
function avifSize(view: DataView): Size | undefined {
	let from = 0;
	let to = view.byteLength;
	let boxes = 0;
	for (const wanted of boxesToSize) {
		const box = find(wanted, from, to);
		if (!box) return undefined;
		// `meta` is a full box: four bytes of version and flags come first.
		from = box.from + (wanted === 'meta' ? 4 : 0);
		to = box.to;
	}
	let width = 0;
	let height = 0;
	for (let box = find('ispe', from, to); box; box = find('ispe', box.to, to)) {
		if (box.to - box.from < 12) return undefined;
		width = Math.max(width, view.getUint32(box.from + 4));
		height = Math.max(height, view.getUint32(box.from + 8));
	}
	return width > 0 ? [width, height] : undefined;

	function find(name: string, start: number, end: number): { from: number; to: number } | undefined {
		let at = start;
		while (at + 8 <= end && boxes++ < mostBoxes) {
			const size = view.getUint32(at);
			if (size < 8 || at + size > end) return undefined;
			if (letters(view, at + 4) === name) return { from: at + 8, to: at + size };
			at += size;
		}
		return undefined;
	}
}
