import { pictureBounds, readPictureHeader } from '#lib/channel/picture-header.ts';
import type { FromPictures, ToPictures } from './protocol.ts';

/**
 * Entry of the picture Worker. Bytes of strangers are decoded here and nowhere else: a decoder that hangs or
 * falls takes this Worker with it, not the page.
 */
const scope = self as unknown as {
	postMessage(message: FromPictures, transfer?: Transferable[]): void;
	onmessage: ((event: MessageEvent<ToPictures>) => void) | null;
};

/** Longest side of what is shown, and of what a suggester sends, px. */
const shownSide = 1_600;

/** Qualities tried until a picture fits into what an offer may carry. */
const qualities = [0.86, 0.7, 0.5];

/** Never larger than the original, nor than `shownSide`. */
function fitted({ width, height }: { width: number; height: number }) {
	const scale = Math.min(1, shownSide / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function show(bytes: Uint8Array<ArrayBuffer>) {
	const header = readPictureHeader(bytes);
	if (!header.ok) return header;
	const { mime } = header.value;
	const bitmap = await decode(new Blob([bytes], { type: mime }), fitted(header.value));
	return { ok: true, value: bitmap } as const;
}

const decode = (blob: Blob, { width, height }: { width: number; height: number }) =>
	createImageBitmap(blob, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' });

/** Draws the pixels anew, so that nothing but pixels is left: no place, no camera, no comment. */
async function clean(file: Blob) {
	// A photo may be larger than what may be sent, but its header must be sound all the same.
	const head = new Uint8Array(await file.slice(0, pictureBounds.bytes).arrayBuffer());
	const header = readPictureHeader(head);
	if (!header.ok) return header;
	const source = await createImageBitmap(file, { imageOrientation: 'from-image' });
	const size = fitted(source);
	const canvas = new OffscreenCanvas(size.width, size.height);
	canvas.getContext('2d')?.drawImage(source, 0, 0, size.width, size.height);
	source.close();
	for (const quality of qualities) {
		const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
		if (blob.size <= pictureBounds.bytes) {
			const bytes = new Uint8Array(await blob.arrayBuffer());
			return { ok: true, value: { bytes, ...size } } as const;
		}
	}
	return { ok: false, error: { type: 'picture', code: 'too-big' } } as const;
}

scope.onmessage = ({ data }) => {
	const broken = { ok: false, error: { type: 'picture', code: 'broken' } } as const;
	if (data.type === 'show')
		void show(data.bytes).then(
			(result) => scope.postMessage({ type: 'shown', id: data.id, result }, result.ok ? [result.value] : []),
			() => scope.postMessage({ type: 'shown', id: data.id, result: broken }),
		);
	else
		void clean(data.file).then(
			(result) =>
				scope.postMessage(
					{ type: 'cleaned', id: data.id, result },
					result.ok ? [result.value.bytes.buffer] : [],
				),
			() => scope.postMessage({ type: 'cleaned', id: data.id, result: broken }),
		);
};
