/** Numbers of the connections themselves, whatever makes them. */
export const connLimits = {
	/** Gathering is cut off here: an unreachable STUN server must not delay a link, ms. */
	gatherMs: 1_500,
	/** Where nothing at all was gathered by then, the first address is waited for until here, ms. */
	firstCandidateMs: 6_000,
	/** An answerer on libdatachannel lets the offerer's connectivity checks come first for this long, ms. */
	offererFirstMs: 300,
	/** Under this many queued bytes the link is told that there is room again. */
	lowWater: 65_536,
	/** A channel takes no more beyond this; the link stops at a quarter of it, so its own frames always fit. */
	queueBytes: 1_048_576,
	/** Kept of what the peer says before its certificate is known here, bytes: a HELLO is far shorter. */
	earlyBytes: 4_096,
	/** A goodbye gets this long to leave before the connection is torn down, ms. */
	lingerMs: 200,
} as const;
