/**
 * Pictures that another app shares into this one. The system posts them to `sharePath` of the manifest; only the
 * service worker can read such a post. It lays them down here until the studio takes them.
 */
export const sharePath = '/share';
/** `share_target.params.files[0].name` of the manifest. */
const field = 'pictures';
/** Apart from the caches of builds, which an update removes. */
const cacheName = 'shared-pictures';
const mostFiles = 50;
/** Larger than any camera's picture; the studio makes it fit. */
const mostBytes = 30_000_000;

export interface SharedPicture {
	readonly file: File;
	/** It is taken in, or refused for good: it is not needed here any more. */
	readonly done: () => Promise<void>;
}

/** Keeps what was shared. @returns how many files were too many, too large, or none of ours. */
export async function keepShared(form: FormData, caches: CacheStorage): Promise<number> {
	const cache = await caches.open(cacheName);
	const entries = [...form.values()].filter((entry) => typeof entry !== 'string');
	const kept = form.getAll(field).filter((entry) => typeof entry !== 'string' && entry.size <= mostBytes);
	for (const file of (kept as File[]).slice(0, mostFiles))
		await cache.put(
			`${sharePath}/${crypto.randomUUID()}`,
			new Response(file, {
				headers: { 'content-type': file.type, 'x-name': encodeURIComponent(file.name) },
			}),
		);
	return entries.length - Math.min(kept.length, mostFiles);
}

/** What waits here, in the order it came. */
export async function sharedPictures(caches: CacheStorage): Promise<readonly SharedPicture[]> {
	if (!(await caches.has(cacheName))) return [];
	const cache = await caches.open(cacheName);
	const found: SharedPicture[] = [];
	for (const request of await cache.keys()) {
		const response = await cache.match(request);
		if (!response) continue;
		const name = decodeURIComponent(response.headers.get('x-name') ?? '');
		const blob = await response.blob();
		found.push({
			file: new File([blob], name, { type: blob.type }),
			done: async () => {
				await cache.delete(request);
			},
		});
	}
	return found;
}
