import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeed } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Bytes } from '#lib/core/brand.ts';

/** Bytes of the root: 128 bits, twelve words (BIP-39, English list). */
export const rootBytes = 16;

export const phraseOf = (root: Bytes): string => entropyToMnemonic(root, wordlist);

/** The root a phrase stands for; `undefined` when a word is unknown, missing or mistyped (the checksum tells). */
export function rootOf(phrase: string): Bytes | undefined {
	const words = phrase.normalize('NFKD').toLowerCase().trim().split(/\s+/);
	if (words.length !== 12) return undefined;
	try {
		return new Uint8Array(mnemonicToEntropy(words.join(' '), wordlist));
	} catch {
		return undefined;
	}
}

/** BIP-39's 64-byte seed, without its optional passphrase. */
export const seedOf = async (root: Bytes): Promise<Bytes> =>
	new Uint8Array(await mnemonicToSeed(phraseOf(root)));
