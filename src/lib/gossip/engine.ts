import type { Bytes, Millis, PeerId, Topic } from '#lib/core/brand.ts';
import type { Verifier } from '#lib/core/crypto/schnorr.ts';
import type { Random } from '#lib/core/random.ts';
import type { Result } from '#lib/core/result.ts';
import type { PowSchemes } from '#lib/pow/schemes.ts';
import type { EngineCommandError, EngineCommandName, EngineCommands } from './command.ts';
import type { Effect } from './effect.ts';
import type { GossipEvent } from './event.ts';
import { GossipNode } from './node.ts';
import type { GossipParameters } from './parameters.ts';
import type { OpenPersona } from './person/persona.ts';
import type { Carriage } from './settling/carriage.ts';
import type { PersonaRecords, TabRecords } from './records.ts';
import type { Strategies } from './strategies.ts';
import type {
	ActivityView,
	EstimateView,
	JobView,
	LeadView,
	LedgerView,
	MyOfferView,
	TrafficView,
} from './view.ts';

export interface EngineDeps {
	/** This tab's key on the mesh. */
	readonly self: PeerId;
	readonly random: Random;
	readonly verify: Verifier;
	readonly parameters: GossipParameters;
	readonly strategies: Strategies;
	/** Ways to prove work that this node can check and solve. */
	readonly schemes: PowSchemes;
	/** Relays where keys of mine are listened for; no other relay is ever named in a call. */
	readonly relays: readonly string[];
	/** What this tab's engine remembered before a reload. */
	readonly tab: TabRecords;
}

/**
 * A node of `sweet/1`: originator, middleman and replier at once. Sans-IO: events and commands go in with the
 * shell's time, effects come out in the order they must happen. Until `openPersona` it only carries for others.
 */
export interface Engine {
	handle(event: GossipEvent, at: Millis): Effect[];
	/**
	 * This tab becomes the keeper of the person's jobs and offers.
	 * @param open `openPersona` of person/persona.ts, half of the engine's code.
	 * @param seed 32 secret bytes of the person: keys of jobs and offers are derived from them, so a reload has them again.
	 */
	openPersona(open: OpenPersona, seed: Bytes, records: PersonaRecords, at: Millis): Effect[];
	command<K extends EngineCommandName>(
		name: K,
		args: EngineCommands[K]['args'],
		at: Millis,
	): { result: Result<EngineCommands[K]['answer'], EngineCommandError>; effects: Effect[] };
	/** When the engine wants a `wake` event; undefined when nothing is pending. */
	nextWake(): Millis | undefined;
	/** What posting a message of so many bytes would cost now. */
	estimate(topic: Topic, messageBytes: number, at: Millis): EstimateView;
	jobs(): JobView[];
	leads(): LeadView[];
	offers(): MyOfferView[];
	activity(): ActivityView[];
	/** Replies that cost or earned something in sats. */
	carriages(): Carriage[];
	ledger(at: Millis): LedgerView[];
	traffic(): TrafficView;
}

export const createEngine = (deps: EngineDeps): Engine => new GossipNode(deps);
