/** First 32 bits of the fractions of a root of the first primes: SHA-256's constants (FIPS 180-4, 4.2.2 and 5.3.3). */
function fractions(count: number, root: (n: number) => number): Int32Array {
	const primes: number[] = [];
	for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
	return Int32Array.from(primes, (prime) => (root(prime) % 1) * 0x1_0000_0000);
}

/** One for each of the 64 rounds. */
export const roundConstants = fractions(64, Math.cbrt);

/** The eight words hashing begins with. */
export const initialState = fractions(8, Math.sqrt);

/** Extends the block in `words[0..15]` to the schedule of all rounds, in place. */
function schedule(words: Int32Array): void {
	for (let i = 16; i < 64; i++) {
		const w15 = words[i - 15] ?? 0;
		const w2 = words[i - 2] ?? 0;
		const s0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3);
		const s1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10);
		words[i] = (words[i - 16] ?? 0) + s0 + (words[i - 7] ?? 0) + s1;
	}
}

const [h0 = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0, h5 = 0, h6 = 0, h7 = 0] = initialState;

/** Writes the eight working words after the first `count` rounds over a schedule (FIPS 180-4, 6.2.2) to `state`. */
export function runRounds(words: Int32Array, count: number, state: Int32Array): void {
	let a = h0;
	let b = h1;
	let c = h2;
	let d = h3;
	let e = h4;
	let f = h5;
	let g = h6;
	let h = h7;
	for (let i = 0; i < count; i++) {
		const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
		const t1 = (h + s1 + (g ^ (e & (f ^ g))) + (roundConstants[i] ?? 0) + (words[i] ?? 0)) | 0;
		const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
		const t2 = s0 + ((a & b) ^ (c & (a ^ b)));
		h = g;
		g = f;
		f = e;
		e = (d + t1) | 0;
		d = c;
		c = b;
		b = a;
		a = (t1 + t2) | 0;
	}
	state[0] = a;
	state[1] = b;
	state[2] = c;
	state[3] = d;
	state[4] = e;
	state[5] = f;
	state[6] = g;
	state[7] = h;
}

/** Hashes the one block in `words[0..15]`, whose rest is scratch; writes the eight words of the digest. */
export function compress(words: Int32Array, digest: Int32Array): void {
	schedule(words);
	runRounds(words, 64, digest);
	for (let i = 0; i < 8; i++) digest[i] = (digest[i] ?? 0) + (initialState[i] ?? 0);
}
