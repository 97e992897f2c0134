import { describe, expect, it } from 'vitest';
import { concat, hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { hkdf, hkdfExpand, hkdfExtract, hmacSha256, sha256, taggedHash } from '#lib/core/crypto/hash.ts';
import {
	compressedKey,
	lift,
	publicKey,
	secretFrom,
	sharedPoint,
	sign,
	verify,
	type SecretKey,
} from '#lib/core/crypto/schnorr.ts';

const range = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => from + i);
const scalar = (last: number) => new Uint8Array(32).with(31, last) as SecretKey;

describe('hashes', () => {
	it('derive keys as RFC 5869 does, test case 1', () => {
		const prk = hkdfExtract(new Uint8Array(22).fill(0x0b), range(0, 13));
		expect(toHex(prk)).toBe('077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5');
		expect(toHex(hkdfExpand(prk, range(0xf0, 10), 42))).toBe(
			'3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
		);
		const [ikm, salt] = [utf8('key'), utf8('salt')];
		expect(hkdf(ikm, salt, 'info', 40)).toEqual(hkdfExpand(hkdfExtract(ikm, salt), utf8('info'), 40));
	});

	it('authenticate as RFC 4231 does, test case 2', () => {
		expect(toHex(hmacSha256(utf8('Jefe'), utf8('what do ya want for nothing?')))).toBe(
			'5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
		);
	});

	it('are tagged as BIP-340 does, so that equal content under two tags differs', () => {
		const tag = sha256(utf8('a'));
		expect(taggedHash('a', utf8('x'), utf8('y'))).toEqual(sha256(concat(tag, tag, utf8('xy'))));
		expect(taggedHash('a', utf8('x'))).not.toEqual(taggedHash('b', utf8('x')));
	});
});

describe('signatures', () => {
	const key = 'f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9';
	const message = new Uint8Array(32);
	const signature = hexBytes(
		'e907831f80848d1069a5371b402410364bdf1c5f8307b0084c55f1ce2dca8215' +
			'25f66a4a85ea8b71e482a74f382d2ce5ebeee8fdb2172f477df4900d310536c0',
	);

	it('are those of BIP-340, test vector 0', () => {
		expect(publicKey(scalar(3))).toBe(key);
		expect(sign(message, scalar(3))).toEqual(signature);
		expect(verify(signature, message, key)).toBe(true);
	});

	it.each<[string, string, Uint8Array<ArrayBuffer>]>([
		['another key', publicKey(scalar(4)), signature],
		['a key off the curve', 'eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34', signature],
		['a key over the field size', 'ff'.repeat(32), signature],
		['a key of zeros', '00'.repeat(32), signature],
		['a short key', key.slice(2), signature],
		['a key in upper case', key.toUpperCase(), signature],
		['a changed signature', key, signature.with(63, 0xc1)],
		['a signature of zeros', key, new Uint8Array(64)],
		['a signature over the order', key, new Uint8Array(64).fill(0xff)],
		['a short signature', key, signature.slice(1)],
		['a long signature', key, concat(signature, new Uint8Array(1))],
		['no signature', key, new Uint8Array(0)],
	])('are refused with %s, and nothing is thrown', (_, claimed, given) => {
		expect(verify(given, message, claimed)).toBe(false);
	});
});

describe('keys', () => {
	it('share a point both ways', () => {
		const [a, b] = [scalar(5), scalar(6)];
		expect(sharedPoint(a, compressedKey(b))).toEqual(sharedPoint(b, compressedKey(a)));
	});

	it('share none with what is no compressed point', () => {
		for (const bad of [
			new Uint8Array(33),
			new Uint8Array(32).fill(2),
			concat(new Uint8Array([4]), new Uint8Array(64)),
			concat(new Uint8Array([2]), new Uint8Array(32).fill(0xff)),
		])
			expect(sharedPoint(scalar(5), bad)).toBeUndefined();
	});

	it('are lifted to the point of even y', () => {
		const lifted = lift(publicKey(scalar(7)));
		expect(lifted[0]).toBe(2);
		expect(lifted.slice(1)).toEqual(compressedKey(scalar(7)).slice(1));
	});

	it('come from 48 bytes without ever being zero', () => {
		expect(toHex(secretFrom(new Uint8Array(48)))).not.toBe('00'.repeat(32));
		expect(secretFrom(new Uint8Array(48).fill(0xff)).length).toBe(32);
		expect(secretFrom(range(0, 48))).toEqual(secretFrom(range(0, 48)));
	});
});
