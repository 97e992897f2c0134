const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Numbers of the default strategies and of the engine's memories. A deployment may change each of them. */
export interface GossipParameters {
	/** Expected hashes of one base unit of work. */
	readonly baseComplexity: number;
	/** How long a neighbour may take to answer an AskForFavour, ms. */
	readonly askTimeoutMs: number;
	/** How long a carried reply may wait for its thank-you, ms. */
	readonly thankYouTimeoutMs: number;
	/** How long the price of a carried reply may stay locked or promised without a thank-you, ms. */
	readonly replyLockMs: number;

	/** How long a favour's terms hold, ms, by the issuer's clock. */
	readonly favourLifeMs: number;
	/** Favours one neighbour may hold open. */
	readonly openFavours: number;
	/** Neighbours that may carry the same job to me at once, when each does it on credit and when each works. */
	readonly freeGrants: number;
	readonly workGrants: number;
	/** Jobs for which askers are remembered, so that they can be told to stop. */
	readonly askedJobs: number;
	/** How long a granted neighbour may keep others waiting before the next one gets terms, ms. */
	readonly grantTimeoutMs: number;

	/** Neighbours asked to carry one job. */
	readonly fanOut: number;
	/** Carriers that are enough: dearer neighbours are not paid once so many carry the job. */
	readonly wantedCarriers: number;
	/** How long prices are collected before the cheapest is worked for, ms. */
	readonly settleMs: number;
	/** Proofs worked on at once for one job. */
	readonly worksAtOnce: number;
	/** Hops a job of mine may travel at least; up to `ttlSpread` more are added, so that the number tells no distance. */
	readonly ttl: number;
	readonly ttlSpread: number;
	/** Newest live jobs on its topics that a new neighbour is offered on credit. */
	readonly catchUp: number;
	/** How long a job may find neighbours, but none that carries it, before it has failed, ms. */
	readonly postTimeoutMs: number;
	/** Time of this device a proof asked of me may take at most, ms. */
	readonly longestWorkMs: number;
	/** Time of this device that having one job of mine carried may take in all, ms. */
	readonly jobWorkMs: number;
	/** Longest wait that a busy neighbour may ask for before it is asked again, ms. */
	readonly longestRetryMs: number;
	/** Rate assumed before the solver was measured, hashes a second. */
	readonly assumedHashRate: number;

	/** Half-life of a favour balance, ms. */
	readonly balanceHalfLifeMs: number;
	/** Favours a neighbour may owe once its link's admission proof is paid. */
	readonly startCredit: number;
	/** Added to the credit limit by a thank-you. */
	readonly creditPerThanks: number;
	readonly creditCap: number;
	/** Factor on the price of work: of a newcomer, at least, and at most. */
	readonly newcomerFactor: number;
	readonly factorCap: number;
	/** Half-life with which a factor drifts back to the newcomer's and a credit limit to the start credit, ms. */
	readonly driftHalfLifeMs: number;
	/** Work a minute this node gives away for others' jobs, ms of this device; none when it saves battery. */
	readonly charityMsPerMinute: number;
	/** Share of it for neighbours that never brought a thank-you. */
	readonly strangersShare: number;
	/** Broadcasts a second that are no load yet. */
	readonly capacityPerSecond: number;

	/** Jobs of others remembered, with their text until `routes` newer ones came. */
	readonly routes: number;
	/** Neighbours remembered as ways back besides the first. */
	readonly alternates: number;
	/** Replies carried for one job, and replies held until a neighbour has taken them. */
	readonly repliesPerJob: number;
	readonly heldReplies: number;
	/** Replies of all jobs remembered for their thank-yous; one neighbour's are half of it at most. */
	readonly carriedReplies: number;
	/** How long an expired job is still known, so that late replies are refused with the reason, ms. */
	readonly routeGraceMs: number;
	/** Neighbours' ledger entries kept. */
	readonly accounts: number;
	/** Ledger changes are written together after this long, ms; thank-yous at once. */
	readonly ledgerFlushMs: number;
	/** Leads, offers a job, messages of each side of a conversation, and entries of the notification centre kept. */
	readonly leads: number;
	readonly offersPerJob: number;
	readonly messagesPerOffer: number;
	readonly activity: number;

	/** Frames a second, and at once, that one neighbour may send of each sort. */
	readonly asksPerSecond: number;
	readonly asksAtOnce: number;
	readonly repliesPerSecond: number;
	readonly repliesAtOnce: number;
	readonly hellosPerSecond: number;
	readonly hellosAtOnce: number;
	/** Messages and job states a second, and at once, that the other side of a conversation may tell. */
	readonly newsPerSecond: number;
	readonly newsAtOnce: number;
	/** Frames that no honest node sends, after which a link is closed; one is forgiven each `garbageForgivenMs`. */
	readonly garbage: number;
	readonly garbageForgivenMs: number;

	/** How long a call may take to open and to validate, ms. */
	readonly callTimeoutMs: number;
	/** Offers validated at once; one neighbour's get half of it at most. */
	readonly validationsAtOnce: number;
	/** Waits between tries to call a worker, ms; after the last it is unreachable. */
	readonly validationBackoffMs: readonly number[];
	/** Waits between calls while something undelivered waits; the last one repeats. */
	readonly redialBackoffMs: readonly number[];
	/** How long a conversation stays open for calls after its job's expiry, ms. */
	readonly conversationMs: number;
	/** A direct link with nothing said on it is hung up after this long, ms. */
	readonly idleCallMs: number;
	/** Waits before a sealed reply is also left at the rendezvous, ms; the last one repeats. */
	readonly noteBackoffMs: readonly number[];
}

export const defaultParameters: GossipParameters = {
	baseComplexity: 2 ** 22, // about a quarter of a second on a laptop, two seconds on a slow phone
	askTimeoutMs: 10 * second, // a hidden tab's timers may be throttled to once a second
	thankYouTimeoutMs: 2 * minute, // three calls with their back-off fit in
	replyLockMs: 2.5 * minute, // whoever is not thanked is missed first, then its money goes back

	favourLifeMs: minute, // time for a proof on a busy phone, too short to hoard favours
	openFavours: 32,
	freeGrants: 1, // one copy a node
	workGrants: 2, // a staller then costs no more than one wasted grant
	askedJobs: 256,
	grantTimeoutMs: 2_500, // some round trips; a granted asker that is silent this long stalls

	fanOut: 8, // the overlay's largest degree
	wantedCarriers: 3, // reach hardly grows beyond three carriers
	settleMs: 500, // most answers are back after two round trips
	worksAtOnce: 2,
	ttl: 9, // thousands of nodes at degree 5
	ttlSpread: 3,
	catchUp: 16,
	postTimeoutMs: minute,
	longestWorkMs: 30 * second, // half a favour's life
	jobWorkMs: 3 * minute, // some of the longest works, with their second tries
	longestRetryMs: minute,
	assumedHashRate: 1_000_000, // a slow phone without SIMD

	balanceHalfLifeMs: 5 * minute, // without decay reach stalls below 0.9
	startCredit: 4,
	creditPerThanks: 4,
	creditCap: 128,
	newcomerFactor: 4, // throwing a key away never makes cheaper
	factorCap: 256,
	driftHalfLifeMs: hour,
	charityMsPerMinute: 2 * second, // about 3 % of one core
	strangersShare: 0.25,
	capacityPerSecond: 20, // signature checks on a phone: 50 ms each at worst

	routes: 4_096, // about 1 MiB
	alternates: 3, // 92 % of replies come home with a tenth of the nodes gone
	repliesPerJob: 64,
	heldReplies: 128, // at most 1.5 MiB
	carriedReplies: 8_192, // about 3 MiB
	routeGraceMs: 10 * minute,
	accounts: 512,
	ledgerFlushMs: 2 * second,
	leads: 500,
	offersPerJob: 100,
	messagesPerOffer: 500,
	activity: 200,

	asksPerSecond: 50,
	asksAtOnce: 200,
	repliesPerSecond: 5,
	repliesAtOnce: 32,
	hellosPerSecond: 1, // each has every job looked at that is known here
	hellosAtOnce: 16,
	newsPerSecond: 5,
	newsAtOnce: 600, // all that one side keeps undelivered, after a long absence
	garbage: 8,
	garbageForgivenMs: 30 * second,

	callTimeoutMs: 20 * second, // ICE gives up after about 15 s
	validationsAtOnce: 6, // connections are scarce, and each may take its whole time
	validationBackoffMs: [3 * second, 10 * second],
	redialBackoffMs: [2 * second, 10 * second, 30 * second, 2 * minute, 5 * minute],
	conversationMs: 24 * hour,
	idleCallMs: 10 * minute,
	noteBackoffMs: [20 * second, minute, 4 * minute, 10 * minute],
};
