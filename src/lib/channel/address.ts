import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Brand, Bytes } from '#lib/core/brand.ts';
import { concat, fromHex, toHex, utf8 } from '#lib/core/bytes.ts';

/** 20-byte account or contract, lower-case with `0x`: what a wallet's library takes and gives. */
export type Address = Brand<`0x${string}`, 'Address'>;

/** EIP-712 struct hash of a channel: its name on chain and off. */
export type ChannelId = Brand<`0x${string}`, 'ChannelId'>;

/** 32 bytes as `0x`-hex: digests, hashes, salts. */
export type Word = `0x${string}`;

export const keccak = (bytes: Uint8Array): Bytes => new Uint8Array(keccak_256(bytes));

export const hex0x = (bytes: Uint8Array): `0x${string}` => `0x${toHex(bytes)}`;

/** Parses `0x`-hex of exactly `length` bytes in either case; `undefined` for anything else. */
export const bytes0x = (text: string, length: number): Bytes | undefined =>
	text.startsWith('0x') ? fromHex(text.slice(2).toLowerCase(), length) : undefined;

/** Bytes of hex this program made; throws on a programming error. */
export function knownBytes(text: `0x${string}`): Bytes {
	const bytes = fromHex(text.slice(2));
	if (!bytes) throw new Error('not hex');
	return bytes;
}

/** Parses an address in any case. A mixed-case one must carry the right checksum (EIP-55), as it was typed. */
export function parseAddress(text: string): Address | undefined {
	const bytes = bytes0x(text, 20);
	if (!bytes) return undefined;
	const address = hex0x(bytes) as Address;
	const digits = text.slice(2);
	const plain = digits === digits.toLowerCase() || digits === digits.toUpperCase();
	return plain || text === checksummed(address) ? address : undefined;
}

/** The form to show to people: mixed case by EIP-55. */
export function checksummed(address: Address): `0x${string}` {
	const digits = address.slice(2);
	const nibbles = toHex(keccak(utf8(digits)));
	const cased = digits.replace(/[a-f]/g, (digit, at: number) =>
		Number.parseInt(nibbles[at] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit,
	);
	return `0x${cased}`;
}

/** Address a CREATE2 deployment gets (EIP-1014): the same on every chain that has the deployer. */
export function create2Address(deployer: Address, salt: Word, initCodeHash: Word): Address {
	const hash = keccak(
		concat(new Uint8Array([0xff]), knownBytes(deployer), knownBytes(salt), knownBytes(initCodeHash)),
	);
	return hex0x(hash.subarray(12)) as Address;
}
