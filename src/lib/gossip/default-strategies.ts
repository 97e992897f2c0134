import type { Topic } from '#lib/core/brand.ts';
import { shuffled } from '#lib/core/random.ts';
import { isAffordable, priceOf } from '#lib/pow/difficulty.ts';
import type { Candidate, PriceInputs, Strategies } from './strategies.ts';
import { topicDepth, topicsMatch } from './topic.ts';

/** Topics deeper in common tell more: /drive/australia counts three, / counts one. */
const affinity = (interests: readonly Topic[], topic: Topic): number =>
	interests.reduce(
		(best, interest) =>
			topicsMatch(interest, topic)
				? Math.max(best, 1 + Math.min(topicDepth(interest), topicDepth(topic)))
				: best,
		0,
	);

/** Those who care for the topic first, then those whose carrying was thanked for; else by chance, so that no neighbour is starved. */
const rank = ({ affinity: cares, thanks, misses }: Candidate): number =>
	(cares > 0 ? 2 : 0) + (thanks + 1) / (thanks + misses + 2);

function because({ thanks, misses, load }: PriceInputs): 'newcomer' | 'missing-thanks' | 'thanked' | 'busy' {
	if (misses > thanks) return 'missing-thanks';
	if (load > 1.5) return 'busy';
	return thanks > 0 ? 'thanked' : 'newcomer';
}

/** The strategies of a node whose owner did not choose others. */
export const defaultStrategies: Strategies = {
	topicChoice: affinity,
	peerSelector: (candidates, count, random) =>
		shuffled(random, candidates)
			.sort((a, b) => rank(b) - rank(a))
			.slice(0, count)
			.map((candidate) => candidate.peer),
	forwarding: {
		nextTtl: (ttl) => ttl - 1,
		// Half, so that a whole path spends no more than its first payer did.
		passOn: (paid) => Math.floor(paid / 2),
	},
	// Who brings it for nothing need not wait for who works for it.
	grants: (granted, complexity, parameters) =>
		complexity > 0
			? granted.length < parameters.workGrants
			: granted.filter((other) => other === 0).length < parameters.freeGrants,
	pricing(inputs, parameters) {
		const owed = -inputs.balance;
		if (owed + 1 <= inputs.creditLimit) return { complexity: 0, because: 'credit' };
		const demand = {
			bytes: inputs.bytes,
			depth: topicDepth(inputs.topic),
			load: inputs.load,
			peer: inputs.factor,
		};
		return { complexity: priceOf(demand, parameters.baseComplexity), because: because(inputs) };
	},
	limits(asked, device, parameters) {
		const budget = Math.min(asked.validForMs, 2 * parameters.longestWorkMs) / (device.saving ? 2 : 1);
		return isAffordable(asked.complexity, device.hashRate, budget);
	},
};
