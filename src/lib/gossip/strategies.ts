import type { Millis, PeerId, Topic } from '#lib/core/brand.ts';
import type { Random } from '#lib/core/random.ts';
import type { GossipParameters } from './parameters.ts';
import type { LedgerView } from './view.ts';

/**
 * The decisions that `sweet/1` leaves to each node's owner. Pure and replaceable: the protocol holds with any
 * of them, only the owner's cost and reach change. The defaults are in default-strategies.ts.
 */
export interface Strategies {
	readonly topicChoice: TopicChoice;
	readonly peerSelector: PeerSelector;
	readonly forwarding: Forwarding;
	readonly grants: Grants;
	readonly pricing: Pricing;
	readonly limits: Limits;
}

/** How much a neighbour with these interests cares for a topic; larger is more. */
type TopicChoice = (interests: readonly Topic[], topic: Topic) => number;

/** What is known of a neighbour when carriers are chosen. */
export interface Candidate {
	readonly peer: PeerId;
	/** From TopicChoice. */
	readonly affinity: number;
	readonly thanks: number;
	readonly misses: number;
}

/** Whom to ask, best first, at most `count`. */
type PeerSelector = (candidates: readonly Candidate[], count: number, random: Random) => PeerId[];

/** Whether and how far a job that came in travels on. */
interface Forwarding {
	/** Hops left for the next node; 0 ends the journey here. */
	nextTtl(ttl: number): number;
	/** Expected hashes that may be spent on passing it on, out of what its bringer paid. */
	passOn(paid: number): number;
}

/** Whether an asker gets terms now for a job that others may already bring; `granted` is what each of them was asked for. */
type Grants = (granted: readonly number[], complexity: number, parameters: GossipParameters) => boolean;

/** What a neighbour's ledger entry and the state of this node say about its price. */
export interface PriceInputs {
	readonly balance: number;
	readonly creditLimit: number;
	readonly factor: number;
	readonly thanks: number;
	readonly misses: number;
	/** Load multiplier, 1 when idle. */
	readonly load: number;
	readonly topic: Topic;
	readonly bytes: number;
}

export interface Price {
	/** Expected hashes; 0 = on credit. */
	readonly complexity: number;
	readonly because: LedgerView['priceBecause'];
}

type Pricing = (inputs: PriceInputs, parameters: GossipParameters) => Price;

/** The asker's side: whether a proof is worth making at all. */
type Limits = (
	asked: { readonly complexity: number; readonly validForMs: Millis },
	device: { readonly hashRate: number; readonly saving: boolean },
	parameters: GossipParameters,
) => boolean;

export { defaultStrategies } from './default-strategies.ts';
