/** What the world outside the overlay costs in the simulator, ms. Everything else is the real overlay's doing. */
export interface Model {
	/** Round trip between two peers, or from a publisher over a relay to a reader and back; fixed for a pair. */
	readonly roundTripMs: readonly [min: number, max: number];
	/** Gathering ICE candidates before an offer or an answer can be sent. */
	readonly gatherMs: readonly [min: number, max: number];
	/**
	 * Round trips from the applied answer until a side has the link: ICE, DTLS, SCTP, LinkHello, Auth. Measured in
	 * Chromium 156 under CDP latencies of 50, 100 and 200 ms: the channel opens after 3.25 at the caller and 3.75 at
	 * the callee, and what they prove to each other takes one more.
	 */
	readonly callerRoundTrips: number;
	readonly calleeRoundTrips: number;
	/** Computing: keys, signatures, certificates. */
	readonly computeMs: number;
	/** Share of pairs that cannot connect, whatever they try. */
	readonly unreachable: number;
}

export const defaultModel: Model = {
	roundTripMs: [20, 150],
	gatherMs: [120, 180],
	callerRoundTrips: 4.25,
	calleeRoundTrips: 4.75,
	computeMs: 30,
	unreachable: 0.1,
};

/** A uniform number in [0, 1) that belongs to two numbers in either order. */
export function pairNumber(a: number, b: number, salt: number): number {
	let hash = (Math.min(a, b) * 0x9e37_79b1) ^ (Math.max(a, b) * 0x85eb_ca6b) ^ (salt * 0xc2b2_ae35);
	for (const factor of [0x7feb_352d, 0x846c_a68b]) {
		hash = Math.imul(hash ^ (hash >>> 16), factor);
		hash ^= hash >>> 15;
	}
	return (hash >>> 0) / 0x1_0000_0000;
}
