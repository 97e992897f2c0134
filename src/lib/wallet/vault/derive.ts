import type { Bytes } from '#lib/core/brand.ts';
import { utf8 } from '#lib/core/bytes.ts';
import { hkdf } from '#lib/core/crypto/hash.ts';

/** HKDF salt of what is derived from the root. */
const domain = utf8('sweet-gossip/keys/1');

/** The seed of every key in use, 32 bytes, from the 16 of the root: what the twelve words bring back. */
export const seedFrom = (root: Uint8Array): Bytes => hkdf(root, domain, 'seed', 32);
