import { defaultParameters, type GossipParameters } from '#lib/gossip/parameters.ts';
import { defaultParameters as defaultLinks, type LinkParameters } from '#lib/webrtc/parameters.ts';
import type { NodeParameters } from './protocol.ts';

/** The engine's parameters with the deployment's own values over the defaults. */
export function gossipParameters(given: Partial<NodeParameters>): GossipParameters {
	const { baseComplexity, thankYouTimeoutMs, replyLockMs, askTimeoutMs } = { ...defaultParameters, ...given };
	return { ...defaultParameters, baseComplexity, thankYouTimeoutMs, replyLockMs, askTimeoutMs };
}

/** The links' parameters that a deployment may set. */
export function linkParameters({
	targetLinks,
	walksPerMinute,
	admissionComplexity,
}: Partial<NodeParameters>): Partial<LinkParameters> {
	return {
		...(targetLinks === undefined
			? {}
			: {
					targetLinks,
					minLinks: Math.min(targetLinks, defaultLinks.minLinks),
					// Room beyond what is wanted, so that newcomers find a place.
					maxLinks: Math.max(targetLinks + 3, defaultLinks.maxLinks),
				}),
		...(walksPerMinute === undefined ? {} : { walksPerMinute }),
		...(admissionComplexity === undefined ? {} : { admissionComplexity }),
	};
}
