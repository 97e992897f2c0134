/** Numbers of the overlay that nobody changes; what an owner may change is in parameters.ts. */
export const overlayLimits = {
	/** Members asked for a first link by one JOIN: two, so that no single one decides all that a newcomer sees. */
	contacts: 2,
	/** The second contact is the best of those heard within this after the first, ms. */
	settleMs: 30,

	/** A walk may be taken by any node with room once `ttl` is at most `endTtl`; the rest is for full ends. */
	walkTtl: 8,
	/** The first walk of a newcomer is short: its second link matters more than a perfect mix. */
	firstWalkTtl: 6,
	endTtl: 3,
	/** A walk that brought no offer after this long has failed, ms. */
	walkMs: 2_000,
	/** Offers answered for one walk: its end, and the neighbour it splices with. */
	offersPerWalk: 2,
	/** Walks under way at once. */
	openWalks: 3,
	/** How long a ticket is good, ms, and what it may bring in all. */
	ticketMs: 60_000,
	ticketOffers: 16,
	/** Wait after walks that brought nothing; grows up to the most, ms. */
	retryMs: 1_000,
	mostRetryMs: 30_000,
	/** The same while there are too few links to live on, ms. */
	hurriedRetryMs: 2_000,
	retryFactor: 1.7,
	/** After a loss everybody around repairs: not all in one instant, ms. */
	repairMs: [200, 1_200],

	/** Soft state: a way back is kept this long after its last use, ms. */
	routeMs: 30_000,
	routes: 512,
	/** A splice whose two ends are not open by now leaves everything as it was, ms. */
	spliceMs: 15_000,
	/** An attempt that was never reported as ended holds its place no longer than this, ms. */
	pendingMs: 16_000,
	/** One that takes longer than this will hardly succeed: others are sought beside it, ms. */
	hopeMs: 2_000,

	/** A welcome that can be sent only this long after it was meant to is not needed any more, ms. */
	lateWelcomeMs: 1_000,

	/** Per link, so that nobody turns walks into a flood or a reflector. */
	walksPerMinute: 240,
	walkBurst: 60,
	signalsPerMinute: 960,
	signalBurst: 160,
	/** Walks taken a minute over all links: each makes a connection. */
	takesPerMinute: 40,
	takeBurst: 12,

	/** Places that one root of introductions can never have; see neighbours.ts. */
	keptForOthers: 2,
	/** First and longest wait before another independent contact is sought, ms. */
	diversityMs: 120_000,
	mostDiversityMs: 600_000,

	/** What each neighbour is told of this node's surroundings, ms. */
	aroundMs: 15_000,
	aroundAgainMs: 2_000,
	/** Lowest-ranked candidates known, of which greeters are elected. */
	greeters: 8,
	/** Candidates not confirmed for this long are gone, s. */
	candidateSeconds: 120,
	/** A candidate has been up this long, ms, unless too few are known. */
	candidateMs: 60_000,
	/** This share of a large mesh greets whatever is told about its size. */
	leastShare: 1 / 64,
	/** Welcomes that a JOIN should bring at its first attempt. */
	welcomes: 3.5,
	welcomeSpreadMs: 60,
	/** A node without links answers only if nobody else has by then, ms. */
	aloneMs: [500, 800],
	welcomesPerMinute: 240,
	/** Members that asked within this are looking for links themselves, and hear the next JOIN, ms. */
	seekingMs: 3_000,
	/** They are remembered longer, for a node that runs late looks further back, ms. */
	keepAskersMs: 30_000,
} as const;

/** Clocks of members may differ by this, ms. */
export const ticketSkewMs = 600_000;
