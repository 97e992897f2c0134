import { privateKeyToAccount } from 'viem/accounts';
import { toHex as viemHex } from 'viem';
import { expect, test } from 'vitest';
import { knownBytes } from '#lib/channel/address.ts';
import {
	addressOf,
	compactSignature,
	noSignature,
	recoverSigner,
	signDigest,
	type Signature,
} from '#lib/channel/signature.ts';
import type { Bytes } from '#lib/core/brand.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { secret } from './fixture.ts';

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const digestOf = (n: number): Bytes => sha256(new Uint8Array([n]));
const word = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}` as const;

test('the address of a key is the one every wallet gives it', () => {
	for (const fill of [1, 0x12, 0xfe])
		expect(addressOf(secret(fill))).toBe(privateKeyToAccount(viemHex(secret(fill))).address.toLowerCase());
});

test('a signature tells its signer and is the same each time', () => {
	for (let n = 0; n < 16; n++) {
		const signature = signDigest(digestOf(n), secret(9));
		expect(recoverSigner(digestOf(n), signature)).toBe(addressOf(secret(9)));
		expect(signDigest(digestOf(n), secret(9))).toEqual(signature);
		expect(recoverSigner(digestOf(n + 1), signature)).not.toBe(addressOf(secret(9)));
	}
});

test('what a wallet answers becomes the same compact signature', async () => {
	for (let n = 0; n < 8; n++) {
		const wallet = await privateKeyToAccount(viemHex(secret(9))).sign({ hash: viemHex(digestOf(n)) });
		expect(compactSignature(wallet)).toEqual(signDigest(digestOf(n), secret(9)));
		const v = knownBytes(wallet)[64] ?? 0;
		const zeroBased = `${wallet.slice(0, -2)}0${String(v - 27)}`;
		expect(compactSignature(zeroBased)).toEqual(signDigest(digestOf(n), secret(9)));
	}
});

test.each([
	['nothing', ''],
	['too short', `0x${'11'.repeat(64)}`],
	['too long', `0x${'11'.repeat(66)}`],
	['no hex', `0x${'zz'.repeat(65)}`],
	['a v of 29', `0x${'11'.repeat(64)}1d`],
	['a large s', `0x${'11'.repeat(32)}${'ff'.repeat(32)}1b`],
])('a wallet that answers %s is not believed', (_, answer) => {
	expect(compactSignature(answer)).toBeUndefined();
});

test.each([
	['empty', noSignature],
	['a mirrored s', { ...signDigest(digestOf(1), secret(9)), vs: word(order / 2n + 1n) }],
	['an r above the order', { r: word(order), vs: word(1n) }],
	['an r that is on no point', { r: word(5n), vs: word(1n) }],
	['short words', { r: '0x01', vs: '0x01' }],
	['no hex', { r: `0x${'zz'.repeat(32)}`, vs: word(1n) }],
] as readonly (readonly [string, Signature])[])('a signature with %s has no signer', (_, signature) => {
	expect(recoverSigner(digestOf(1), signature)).toBeUndefined();
});
