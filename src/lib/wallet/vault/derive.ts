import type { Bytes } from '#lib/core/brand.ts';
import { utf8 } from '#lib/core/bytes.ts';
import { hkdf } from '#lib/core/crypto/hash.ts';
import type { Purpose } from './port.ts';

/** HKDF salt of everything derived from the phrase. */
const domain = utf8('sweet-gossip/keys/1');

/** Key `index` of a purpose, 32 bytes, from BIP-39's seed. */
export async function deriveFrom(seed: Bytes, purpose: Purpose, index: number): Promise<Bytes> {
	if (purpose !== 'evm') return hkdf(seed, domain, `${purpose}/${index}`, 32);
	const { HDKey } = await import('viem/accounts');
	const { privateKey } = HDKey.fromMasterSeed(seed).derive(`m/44'/60'/0'/0/${index}`);
	// BIP-32: happens for one index in 2^127.
	if (!privateKey) throw new Error('no key at this index');
	return new Uint8Array(privateKey);
}
