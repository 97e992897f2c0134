import { readdirSync, readFileSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { mimeOf } from '#lib/app/memes/picture.ts';
import { pictureLimits } from '#lib/channel/wire/limits.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Picture } from './studio.ts';

export interface Folder {
	readonly pictures: readonly Picture[];
	/** Files that are no pictures to serve, each with the reason. */
	readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

/** What a person does not see in a picture but everyone can read: where and when it was taken, with what, by whom. */
const metadataMarks = [
	'Exif\0\0',
	'http://ns.adobe.com/xap/1.0/',
	'eXIf',
	'EXIF',
	'XMP ',
	'XML:com.adobe.xmp',
];

/** The pictures of a folder by name, sub-folders and hidden files apart. */
export function readFolder(
	path: string,
	{ keepMetadata }: { readonly keepMetadata: boolean },
): Result<Folder, { readonly type: 'folder'; readonly detail: string }> {
	try {
		return ok(lookInto(path, keepMetadata));
	} catch (fault) {
		return err({ type: 'folder', detail: fault instanceof Error ? fault.message : String(fault) });
	}
}

function lookInto(path: string, keepMetadata: boolean): Folder {
	const pictures: Picture[] = [];
	const leftOut: { name: string; why: string }[] = [];
	for (const name of readdirSync(path).sort()) {
		const file = join(path, name);
		const about = statSync(file, { throwIfNoEntry: false });
		if (name.startsWith('.') || !about?.isFile()) continue;
		// Before it is read: a film has no place in memory.
		if (about.size > pictureLimits.bytes) {
			leftOut.push({ name, why: 'over 1 MiB' });
			continue;
		}
		const bytes = new Uint8Array(readFileSync(file));
		if (!mimeOf(bytes)) leftOut.push({ name, why: 'no JPEG, PNG, WebP, GIF or AVIF' });
		else if (!keepMetadata && hasMetadata(bytes))
			leftOut.push({ name, why: 'holds EXIF or XMP data that everybody could read; strip it first' });
		else pictures.push({ name, bytes });
	}
	return { pictures, leftOut };
}

function hasMetadata(bytes: Uint8Array): boolean {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return metadataMarks.some((mark) => text.includes(mark, 0, 'latin1'));
}

/** Calls `changed` when files come; a copy that is still under way makes it called again. Returns the end of it. */
export function watchFolder(path: string, changed: () => void): () => void {
	const watcher = watch(path, changed);
	return () => {
		watcher.close();
	};
}
