import type { PictureError } from '#lib/channel/picture-header.ts';
import type { Bytes } from '#lib/core/brand.ts';
import type { Result } from '#lib/core/result.ts';

/** A picture drawn anew: pixels only, within what an offer may carry. */
export interface CleanPicture {
	readonly bytes: Bytes;
	readonly width: number;
	readonly height: number;
}

/** Page to picture Worker. */
export type ToPictures =
	| { readonly type: 'show'; readonly id: number; readonly bytes: Bytes }
	| { readonly type: 'clean'; readonly id: number; readonly file: Blob };

/** Picture Worker to page; each question is answered once. */
export type FromPictures =
	| { readonly type: 'shown'; readonly id: number; readonly result: Result<ImageBitmap, PictureError> }
	| { readonly type: 'cleaned'; readonly id: number; readonly result: Result<CleanPicture, PictureError> };
