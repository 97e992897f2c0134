/** Letters of 3 x 5 dots, a row a digit: the three bits of each digit are the dots from left to right. */
const glyphs: Readonly<Record<string, string>> = {
	A: '25755',
	B: '65656',
	C: '34443',
	D: '65556',
	E: '74647',
	F: '74644',
	G: '34553',
	H: '55755',
	I: '72227',
	J: '11152',
	K: '55655',
	L: '44447',
	M: '57755',
	N: '65555',
	O: '25552',
	P: '65644',
	Q: '25563',
	R: '65655',
	S: '34216',
	T: '72222',
	U: '55557',
	V: '55552',
	W: '55775',
	X: '55255',
	Y: '55222',
	Z: '71247',
	'0': '25552',
	'1': '26227',
	'2': '61247',
	'3': '61216',
	'4': '55711',
	'5': '74616',
	'6': '34757',
	'7': '71122',
	'8': '75757',
	'9': '75716',
	'.': '00002',
	',': '00024',
	'!': '22202',
	'?': '61202',
	':': '02020',
	"'": '22000',
	'-': '00700',
	'%': '51245',
};

export const glyphWidth = 3;
export const glyphHeight = 5;

/** Whether a dot of a letter is set; an unknown letter is blank. */
export const dot = (letter: string, x: number, y: number): boolean =>
	((Number(glyphs[letter]?.[y] ?? 0) >> (glyphWidth - 1 - x)) & 1) === 1;
