import type { Bytes } from '#lib/core/brand.ts';
import { concat } from '#lib/core/bytes.ts';

/** Stands where a packed session description would; those begin with 0, 1 or 2. */
const mark = 0xc1;

/** What the two ends of a circuit tell each other by sealed signals. */
export interface Invitation {
	/** Random 16 bytes by which nodes on the way know the circuit. */
	readonly tag: Bytes;
	/** Compressed public key made for this circuit, 33 bytes. */
	readonly key: Bytes;
}

export const packInvitation = ({ tag, key }: Invitation): Bytes => concat(new Uint8Array([mark]), tag, key);

export function unpackInvitation(packed: Bytes): Invitation | undefined {
	if (packed.length !== 1 + 16 + 33 || packed[0] !== mark) return undefined;
	return { tag: packed.slice(1, 17), key: packed.slice(17) };
}
