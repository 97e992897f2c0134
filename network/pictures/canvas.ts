import { dot, glyphHeight, glyphWidth } from './font.ts';
import { encodePng } from './png.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** Paints with the few shapes a simple joke needs. */
export class Canvas {
	readonly #pixels: Uint8Array;
	readonly width: number;
	readonly height: number;

	constructor(width: number, height: number, colour: Colour) {
		this.width = width;
		this.height = height;
		this.#pixels = new Uint8Array(width * height * 3);
		this.box(0, 0, width, height, colour);
	}

	box(left: number, top: number, width: number, height: number, colour: Colour): void {
		for (let y = Math.max(0, top); y < Math.min(this.height, top + height); y++)
			for (let x = Math.max(0, left); x < Math.min(this.width, left + width); x++) this.#set(x, y, colour);
	}

	disc(centreX: number, centreY: number, radius: number, colour: Colour): void {
		for (let y = -radius; y <= radius; y++) {
			const half = Math.floor(Math.sqrt(radius * radius - y * y));
			this.box(centreX - half, centreY + y, 2 * half + 1, 1, colour);
		}
	}

	/** Capital letters, centred, in lines that fit; the last line ends at `bottom`. */
	caption(text: string, bottom: number, dotSize: number, colour: Colour): void {
		const perLine = Math.floor(this.width / ((glyphWidth + 1) * dotSize)) - 1;
		const lines = wrap(text.toUpperCase(), perLine);
		const lineHeight = (glyphHeight + 2) * dotSize;
		for (const [at, line] of lines.entries()) {
			const top = bottom - (lines.length - at) * lineHeight;
			const left = Math.floor((this.width - line.length * (glyphWidth + 1) * dotSize) / 2);
			for (const [i, letter] of Array.from(line).entries())
				this.#letter(letter, left + i * 4 * dotSize, top, dotSize, colour);
		}
	}

	png(): Uint8Array<ArrayBuffer> {
		return encodePng(this.#pixels, this.width, this.height);
	}

	#letter(letter: string, left: number, top: number, size: number, colour: Colour): void {
		for (let y = 0; y < glyphHeight; y++)
			for (let x = 0; x < glyphWidth; x++)
				if (dot(letter, x, y)) this.box(left + x * size, top + y * size, size, size, colour);
	}

	#set(x: number, y: number, [red, green, blue]: Colour): void {
		const at = (y * this.width + x) * 3;
		this.#pixels[at] = red;
		this.#pixels[at + 1] = green;
		this.#pixels[at + 2] = blue;
	}
}

function wrap(text: string, most: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > most) {
			lines.push(line);
			line = word;
		} else line = line === '' ? word : `${line} ${word}`;
	}
	return [...lines, line];
}
