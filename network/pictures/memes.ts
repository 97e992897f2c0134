import { Canvas, type Colour } from './canvas.ts';

/** A picture as a suggester queues it. */
export interface Meme {
	readonly name: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

type Scene = 'cat' | 'sun' | 'screen' | 'plain';

const width = 480;
const height = 400;

const ink: Colour = [38, 26, 38];
const cream: Colour = [253, 248, 242];
const night: Colour = [44, 36, 66];
const plum: Colour = [98, 52, 92];
const honey: Colour = [231, 154, 46];
const raspberry: Colour = [179, 30, 82];
const leaf: Colour = [64, 132, 96];
const beige: Colour = [214, 204, 188];
const grey: Colour = [150, 144, 136];

/** Pixel Pam draws her own; people tend to like them. */
const good: readonly (readonly [Scene, string])[] = [
	['cat', 'It works on my relay'],
	['screen', '99 tabs open. All of them peers.'],
	['sun', 'Touched grass. It has no API.'],
	['cat', "I don't do standups. I do sit downs."],
	['screen', 'Deleted one line. Fixed three bugs. Made five.'],
	['sun', 'My other server is also a tab'],
	['cat', 'Signed it. Did not read it. It was a receipt for fish.'],
	['screen', 'Have you tried not turning it on?'],
	['sun', 'Plan A failed. 25 letters left.'],
	['cat', 'Two of two scorched earth: me and the sofa'],
	['screen', 'The cloud is just fog with a bill'],
	['sun', 'Woke up early. Regretted it on time.'],
];

/** Beige Bob shows stock phrases on beige; he gets burned a lot. */
const dull: readonly (readonly [Scene, string])[] = [
	['plain', 'Teamwork makes the dream work'],
	['plain', 'Synergy'],
	['plain', 'Monday, am I right?'],
	['plain', 'Think outside the box'],
	['plain', 'Let us circle back on that'],
	['plain', 'Keep calm and log on'],
	['plain', 'Live. Laugh. Load.'],
	['plain', 'This could have been an email'],
];

function cat(canvas: Canvas): void {
	canvas.box(0, 0, width, height, plum);
	canvas.disc(380, 70, 34, cream);
	// Ears first, so that the head covers their feet.
	for (const side of [-1, 1])
		for (let i = 0; i < 70; i++) canvas.box(240 + side * 62 - (i >> 1), 68 + i, i, 1, ink);
	canvas.disc(240, 190, 96, ink);
	for (const side of [-1, 1]) {
		canvas.disc(240 + side * 38, 175, 20, honey);
		canvas.box(237 + side * 38, 158, 6, 34, ink);
		for (const rise of [0, 14]) canvas.box(240 + side * 70 - 30, 214 + rise, 60, 3, cream);
	}
	canvas.disc(240, 212, 8, raspberry);
}

function sun(canvas: Canvas): void {
	canvas.box(0, 0, width, height, [142, 196, 226]);
	for (let i = 0; i < 12; i++) {
		const turn = (i * Math.PI) / 6;
		for (let r = 70; r < 112; r += 4)
			canvas.disc(Math.round(240 + Math.cos(turn) * r), Math.round(130 + Math.sin(turn) * r), 4, honey);
	}
	canvas.disc(240, 130, 60, honey);
	canvas.box(210, 112, 22, 12, ink);
	canvas.box(248, 112, 22, 12, ink);
	canvas.box(228, 116, 24, 4, ink);
	canvas.box(216, 150, 48, 6, ink);
	canvas.box(0, 270, width, 140, leaf);
}

function screen(canvas: Canvas): void {
	canvas.box(0, 0, width, height, night);
	canvas.box(110, 50, 260, 170, cream);
	canvas.box(122, 62, 236, 146, ink);
	canvas.box(225, 220, 30, 30, cream);
	canvas.box(180, 250, 120, 12, cream);
	for (const [at, length] of [120, 60, 170, 90, 40].entries()) {
		canvas.box(138, 80 + at * 24, 10, 8, raspberry);
		canvas.box(156, 80 + at * 24, length, 8, at % 2 === 0 ? honey : leaf);
	}
}

function plain(canvas: Canvas): void {
	canvas.box(0, 0, width, height, beige);
	canvas.disc(160, 150, 46, grey);
	canvas.disc(320, 150, 46, grey);
	canvas.box(200, 140, 80, 20, grey);
}

const scenes: Readonly<Record<Scene, (canvas: Canvas) => void>> = { cat, sun, screen, plain };

const paint = (list: readonly (readonly [Scene, string])[]): Meme[] =>
	list.map(([scene, text]) => {
		const canvas = new Canvas(width, height, cream);
		scenes[scene](canvas);
		canvas.box(0, 290, width, 110, cream);
		canvas.caption(text, 392, text.length > 44 ? 4 : 5, ink);
		return {
			name: `${text
				.toLowerCase()

				.replace(/[^a-z0-9]+/g, '-')
				.slice(0, 40)}.png`,
			bytes: canvas.png(),
		};
	});

export const pamsPictures = (): Meme[] => paint(good);
export const bobsPictures = (): Meme[] => paint(dull);
