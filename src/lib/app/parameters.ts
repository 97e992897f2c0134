import { defaultParameters, type GossipParameters } from '#lib/gossip/parameters.ts';
import type { NodeParameters } from './protocol.ts';

/** The engine's parameters with the deployment's own values over the defaults. */
export function gossipParameters(given: Partial<NodeParameters>): GossipParameters {
	const { baseComplexity, thankYouTimeoutMs, askTimeoutMs } = { ...defaultParameters, ...given };
	return { ...defaultParameters, baseComplexity, thankYouTimeoutMs, askTimeoutMs };
}
