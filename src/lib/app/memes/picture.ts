import type { PictureMime } from '#lib/channel/wire/limits.ts';

const starts: readonly (readonly [PictureMime, readonly (number | undefined)[]])[] = [
	['image/jpeg', [0xff, 0xd8, 0xff]],
	['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
	['image/gif', [0x47, 0x49, 0x46, 0x38]],
	[
		'image/webp',
		[0x52, 0x49, 0x46, 0x46, undefined, undefined, undefined, undefined, 0x57, 0x45, 0x42, 0x50],
	],
	['image/avif', [undefined, undefined, undefined, undefined, 0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69]],
];

/** Which raster format the bytes begin like; names and declared types are not believed. */
export const mimeOf = (bytes: Uint8Array): PictureMime | undefined =>
	starts.find(([, magic]) => magic.every((byte, at) => byte === undefined || bytes[at] === byte))?.[0];
