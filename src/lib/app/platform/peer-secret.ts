import { fromHex, toHex } from '#lib/core/bytes.ts';
import type { Bytes } from '#lib/core/brand.ts';
import { systemRandom } from './random.ts';

const storageKey = 'sweet-gossip:peer';
/** How long a reloaded page waits for its former self to let go of the key, ms. */
const handOver = 1_500;

/**
 * The tab's own key material (48 uniform bytes): it survives a reload, so that neighbours know the tab again, and
 * ends with the tab. "Duplicate tab" copies sessionStorage; the Web Lock tells the copy to make a key of its own.
 * The lock is held until the page goes away.
 */
export async function claimPeerSecret(): Promise<Bytes> {
	const kept = fromHex(sessionStorage.getItem(storageKey) ?? '', 48);
	if (kept && (await holdLock(kept))) return kept;
	const fresh = systemRandom.bytes(48);
	sessionStorage.setItem(storageKey, toHex(fresh));
	await holdLock(fresh);
	return fresh;
}

function holdLock(secret: Bytes): Promise<boolean> {
	// The name is a digest-free prefix: 8 bytes tell tabs apart and reveal nothing useful of a 48-byte secret.
	const name = `${storageKey}:${toHex(secret.subarray(0, 8))}`;
	return new Promise((resolve) => {
		navigator.locks
			.request(name, { signal: AbortSignal.timeout(handOver) }, () => {
				resolve(true);
				return new Promise(() => {});
			})
			.catch(() => resolve(false));
	});
}
