/** What a deployment or a person may change about links. Everything else is a limit of the protocol (limits.ts). */
export interface LinkParameters {
	/** Under this many links a node whose walks bring nothing asks the rendezvous, too. */
	readonly minLinks: number;
	/** Links this node walks for. */
	readonly targetLinks: number;
	/** Links it never exceeds. A full node still admits a joiner: it gives up another link for it. */
	readonly maxLinks: number;
	/** The same while nobody looks at the tab; links over the most are given back. */
	readonly hiddenMinLinks: number;
	readonly hiddenTargetLinks: number;
	readonly hiddenMaxLinks: number;
	/** Walks this node sends a minute at most; 0 = none, and none of others is passed on: every link is by rendezvous. */
	readonly walksPerMinute: number;
	/** Expected hashes asked of whoever asks this node for a link; 0 asks nothing and grants no start credit. */
	readonly admissionComplexity: number;
	/** A direct link without a frame for this long is closed, ms. */
	readonly directIdleMs: number;
}

export const defaultParameters: LinkParameters = {
	minLinks: 3,
	targetLinks: 5,
	maxLinks: 8,
	hiddenMinLinks: 2,
	hiddenTargetLinks: 3,
	hiddenMaxLinks: 4,
	walksPerMinute: 30,
	admissionComplexity: 2 ** 22,
	directIdleMs: 180_000,
};
