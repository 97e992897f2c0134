import type { Bytes } from '#lib/core/brand.ts';
import { utf8 } from '#lib/core/bytes.ts';
import { importKey } from './seal.ts';

/** Argon2id (RFC 9106), version 1.3, 32 bytes out. */
export interface PassphraseCost {
	/** KiB of memory. */
	readonly memory: number;
	readonly iterations: number;
	readonly parallelism: number;
}

/** RFC 9106's second recommendation: about a second on a phone, and 64 MiB for each guess of an attacker. */
export const defaultCost: PassphraseCost = { memory: 65_536, iterations: 3, parallelism: 1 };

/** What a stored or foreign record may ask of this device: nothing weaker than OWASP's least, nothing that hangs it. */
export const costLimits = {
	memory: { min: 19_456, max: 262_144 },
	iterations: { min: 2, max: 10 },
	parallelism: { min: 1, max: 4 },
} as const;

export const saltBytes = 16;

/** Shortest passphrase accepted, characters. */
export const passphraseMin = 8;
/** Longest, characters: longer ones would be a way to keep the device busy. */
export const passphraseMax = 1_024;

export const isPassphrase = (passphrase: string): boolean => {
	const { length } = Array.from(passphrase.normalize('NFKC'));
	return length >= passphraseMin && length <= passphraseMax;
};

/** Stretches a passphrase to a key. Keyboards write the same letters differently, so it is normalised (NFKC). */
export async function keyOfPassphrase(
	passphrase: string,
	salt: Bytes,
	cost: PassphraseCost,
): Promise<CryptoKey> {
	const { argon2id } = await import('hash-wasm');
	const password = utf8(passphrase.normalize('NFKC'));
	const raw = await argon2id({
		password,
		salt,
		memorySize: cost.memory,
		iterations: cost.iterations,
		parallelism: cost.parallelism,
		hashLength: 32,
		outputType: 'binary',
	});
	password.fill(0);
	const key = await importKey(new Uint8Array(raw));
	raw.fill(0);
	return key;
}
