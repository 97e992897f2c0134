import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Bytes } from '#lib/core/brand.ts';
import { utf8 } from '#lib/core/bytes.ts';

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

/** BIP-39's 64-byte seed, without its optional passphrase, by the platform's own PBKDF2. */
export async function seedOf(root: Bytes): Promise<Bytes> {
	const words = await crypto.subtle.importKey('raw', utf8(phraseOf(root)), 'PBKDF2', false, ['deriveBits']);
	const stretching = { name: 'PBKDF2', hash: 'SHA-512', salt: utf8('mnemonic'), iterations: 2_048 };
	return new Uint8Array(await crypto.subtle.deriveBits(stretching, words, 512));
}
