/** Numbers every link keeps; a peer that breaks one is disconnected. */
export const linkLimits = {
	/** HELLO and AUTH take two round trips; who needs longer is not coming, ms. */
	handshakeMs: 5_000,
	/** From offer to a finished handshake, over slow relays and slow ICE, ms. */
	attemptMs: 15_000,
	/** The same along a walk's route, where nothing is lost and nobody waits in a queue, ms. */
	routedAttemptMs: 5_000,
	/** On the mesh a call that nobody answers is given up after this: relays need a second, a dead peer for ever, ms. */
	meshAnswerMs: 6_000,
	/** On the mesh an answered offer connects within this or never: some other peer is as good, ms. */
	meshConnectMs: 4_000,
	/** All four grow up to this many times while this device runs late (core/lateness.ts). */
	mostPatience: 4,
	/** An offer is said again at these times after the first: a relay may lose an ephemeral event, ms. */
	offerAgainMs: [3_000, 8_000],
	/**
	 * Connections made for an offer, ours or a stranger's each, but not yet authenticated: they cost ICE checks and
	 * a certificate. Strangers cannot use up our own.
	 */
	halfOpen: 8,
	/** Offers answered a minute, over all strangers. */
	offersPerMinute: 40,

	pingMs: 5_000,
	/** Nothing heard for this long: gone. ICE notices a killed tab after 5 to 15 s, a frozen one never. */
	deadMs: 10_000,
	/** After a resume a link has this long to prove that its peer is still there, ms. */
	checkMs: 2_000,
	/** A pause of our own this long means we were frozen, and what was waiting is old, ms. */
	gapMs: 10_000,
	/** A frame that waited this long for credit is not sent any more, ms. */
	staleMs: 10_000,

	/** Credit: what a peer may send before the reader granted more. */
	windowFrames: 64,
	windowBytes: 262_144,
	/** Frames a second granted to one neighbour in the long run: a flood of jobs is 20 a second. */
	framesPerSecond: 200,
	frameBurst: 400,
	/** Ping, Pong, Credit and the like, which need no credit. */
	controlPerSecond: 40,
	controlBurst: 80,
	/** Walk, Signal and the like; the overlay itself heeds fewer (overlay/limits.ts). */
	overlayPerSecond: 60,
	overlayBurst: 300,

	/** Bytes handed to the browser but not yet sent; more would only grow latency of what is urgent. */
	highWater: 262_144,
	/** Frames and bytes of one priority that wait in our own queue. */
	queueFrames: 256,
	queueBytes: 524_288,

	/** Highest admission complexity this node pays: 16 times the default. */
	mostAdmission: 2 ** 26,
} as const;
