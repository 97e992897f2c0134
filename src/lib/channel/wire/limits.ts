/** Sizes that both sides of a channel agree on. */
export const pictureLimits = {
	/** One picture, bytes. */
	bytes: 1_048_576,
	/** Content of one `Content` frame: a frame of 16 KiB less its fields. */
	chunk: 16_000,
	/** What one `ContentRequest` may ask for: 8 chunks, so that an answer never fills a link's queue. */
	window: 128_000,
} as const;

/** Raster formats a user's tab decodes; everything else is refused before it is fetched. */
export const pictureMimes = {
	'image/jpeg': 1,
	'image/png': 2,
	'image/webp': 3,
	'image/gif': 4,
	'image/avif': 5,
} as const;

export type PictureMime = keyof typeof pictureMimes;

export const wireLimits = {
	frameBytes: 16_384,
	/** What a user says about an answer, bytes of UTF-8. */
	reason: 280,
	url: 1_024,
	detail: 200,
} as const;
