import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Bytes } from '#lib/core/brand.ts';

/** Twelve words (BIP-39, English list) for a root of 128 bits. */
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
