import { eventKinds } from '#lib/webrtc/rendezvous/records.ts';
import type { Relay } from '../../network/relay/relay.ts';

/**
 * Relays of a line A - M - B: each end meets M on a relay of its own. On the third, which only the ends share, nobody
 * can ask for neighbours, so that they can call each other and yet never become neighbours.
 */
export async function lineOfRelays(relay: () => Promise<Relay>) {
	const [left, right, calls] = [await relay(), await relay(), await relay()];
	calls.setFaults({ rejectKinds: [eventKinds.join] });
	return { a: [left, calls], m: [left, right], b: [right, calls], right, calls };
}

/** Relays of a longer line A - M - N - B, laid out in the same way. */
export async function longLineOfRelays(relay: () => Promise<Relay>) {
	const { a, m, right, calls } = await lineOfRelays(relay);
	const end = await relay();
	return { a, m, n: [right, end], b: [end, calls], calls };
}
