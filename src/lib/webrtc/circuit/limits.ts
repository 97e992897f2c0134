/** Circuits cost peers that gain nothing by them, so every number is small. */
export const circuitLimits = {
	/**
	 * How far each end looks for the other. Two circles of three links meet in a mesh of thousands, and cost a few
	 * hundred small frames together.
	 */
	hops: 3,
	/** Circuits known to one node, its own and those it carries. */
	circuits: 64,
	/** Without a frame for this long a circuit is forgotten, ms. The ends ping each other every 5 s. */
	idleMs: 30_000,
	/** From joining to the first sealed word of the other end, ms. */
	openMs: 10_000,
	/** CircuitOpens taken from one neighbour a minute. */
	opensPerMinute: 20,
	/** What a node carries for one circuit in the long run, bytes a second, and at once. */
	bytesPerSecond: 131_072,
	burstBytes: 262_144,
	/** Pace of an end: under what is carried, so that an honest circuit is never cut. */
	ownBytesPerSecond: 98_304,
	ownBurstBytes: 131_072,
	/** Bytes of one piece before it is sealed. */
	pieceBytes: 8_192,
	/** Sent but not yet confirmed by the other end. */
	windowBytes: 65_536,
} as const;
