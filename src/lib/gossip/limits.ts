import { mostSchemes } from '#lib/pow/schemes.ts';

/** Sizes and spans of `sweet/1` that every node agrees on. A frame outside them is refused, never repaired. */
export const wireLimits = {
	/** One data-channel message; keeps a frame under what every browser sends in one piece. */
	frameBytes: 16_384,
	topicBytes: 256,
	topicDepth: 8,
	topicSegmentLetters: 32,
	/** A job's text. */
	messageBytes: 4_096,
	/** A worker's offer text. */
	replyBytes: 4_096,
	chatBytes: 4_096,
	/** Topics a node tells a neighbour it follows. */
	interests: 16,
	/** Relays named in an inet-addr. */
	relays: 3,
	relayBytes: 128,
	reasonBytes: 200,
	invoiceBytes: 2_048,
	lightningAddressBytes: 128,
	/** Schemes of work named in one ask. */
	powSchemes: mostSchemes,
	/** The longest proof of any scheme: 16 nonces of 7 bytes, a 32-byte preimage, or nothing. */
	proofBytes: 112,
	/** Hops a broadcast may still travel. */
	ttl: 12,
	/** How far ahead a job may expire, ms. */
	expiryAhead: 7 * 24 * 3_600_000,
	/** How far a job's creation may lie in the reader's future, ms: clocks differ. */
	clockSkew: 120_000,
	/** A sealed reply is padded to one of these plaintext sizes, bytes: its length tells nothing. */
	sealedSizes: [2_048, 6_144, 12_288],
} as const;
