import type { PictureError } from '#lib/channel/picture-header.ts';
import type { Bytes } from '#lib/core/brand.ts';
import { err, type Result } from '#lib/core/result.ts';
import { trustedUrl } from '#lib/app/trusted-url.ts';
import type { CleanPicture, FromPictures, ToPictures } from './protocol.ts';
import workerUrl from './picture-worker.ts?worker&url';

/** A decoder that takes longer than this is ended, with its Worker, ms. */
const decodeWithin = 10_000;

export interface Pictures {
	/** Decodes bytes whose hash was checked; the caller draws and closes the bitmap. */
	show(bytes: Bytes): Promise<Result<ImageBitmap, PictureError>>;
	/** Strips everything but pixels from a file and makes it fit. */
	clean(file: Blob): Promise<Result<CleanPicture, PictureError>>;
	stop(): void;
}

type Answer = FromPictures['result'];

/** Pictures of strangers are touched in a Worker of their own. Browser only. */
export function startPictures(): Pictures {
	let worker: Worker | undefined;
	let nextId = 1;
	const pending = new Map<number, (result: Answer) => void>();

	function start(): Worker {
		const started = new Worker(trustedUrl(workerUrl), { type: 'module', name: 'sweet-gossip-pictures' });
		started.onmessage = ({ data }: MessageEvent<FromPictures>) => pending.get(data.id)?.(data.result);
		started.onerror = () => end();
		return started;
	}

	/** Ends the Worker; what it was asked comes to nothing, and the next question starts another. */
	function end(): void {
		worker?.terminate();
		worker = undefined;
		for (const settle of pending.values()) settle(err({ type: 'picture', code: 'broken' }));
	}

	function ask(question: ToPictures): Promise<Answer> {
		worker ??= start();
		worker.postMessage(question);
		return new Promise((resolve) => {
			const timer = setTimeout(end, decodeWithin);
			pending.set(question.id, (result) => {
				clearTimeout(timer);
				pending.delete(question.id);
				resolve(result);
			});
		});
	}

	return {
		show: (bytes) => ask({ type: 'show', id: nextId++, bytes }) as Promise<Result<ImageBitmap, PictureError>>,
		clean: (file) =>
			ask({ type: 'clean', id: nextId++, file }) as Promise<Result<CleanPicture, PictureError>>,
		stop: end,
	};
}
