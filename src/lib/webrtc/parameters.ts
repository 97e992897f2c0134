/** What a deployment or a person may change about links. Everything else is a limit of the protocol (limits.ts). */
export interface LinkParameters {
	/** Links this node dials. Random out-degree 5 keeps a graph of thousands connected with half of it gone. */
	readonly targetLinks: number;
	/** The same while nobody looks at the tab. */
	readonly hiddenTargetLinks: number;
	/** Under this many links of either direction a node asks for neighbours again, with back-off. */
	readonly minLinks: number;
	/** Links of either direction. Well over twice the target: a cap near it makes islands. */
	readonly maxLinks: number;
	/** The same while hidden; links over it are given back. */
	readonly hiddenMaxLinks: number;
	/** Expected hashes asked of whoever asks this node for a link; 0 asks nothing and grants no start credit. */
	readonly admissionComplexity: number;
	/** A direct link without a frame for this long is closed, ms. */
	readonly directIdleMs: number;
}

export const defaultParameters: LinkParameters = {
	targetLinks: 5,
	hiddenTargetLinks: 3,
	minLinks: 3,
	maxLinks: 16,
	hiddenMaxLinks: 8,
	admissionComplexity: 2 ** 22,
	directIdleMs: 180_000,
};
