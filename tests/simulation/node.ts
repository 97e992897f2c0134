import type { Bytes, Millis, PeerId } from '#lib/core/brand.ts';
import { toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import type { Verifier } from '#lib/core/crypto/schnorr.ts';
import type { EngineCommandName, EngineCommands } from '#lib/gossip/command.ts';
import type { Effect } from '#lib/gossip/effect.ts';
import { powSchemes, sha256Scheme, type PowScheme } from '#lib/pow/schemes.ts';
import { createEngine, type Engine } from '#lib/gossip/engine.ts';
import { openPersona } from '#lib/gossip/person/persona.ts';
import type { GossipEvent } from '#lib/gossip/event.ts';
import type { GossipParameters } from '#lib/gossip/parameters.ts';
import { defaultStrategies, type Strategies } from '#lib/gossip/strategies.ts';
import type { ActivityView, JobView, LeadView, MyOfferView, OfferView } from '#lib/gossip/view.ts';
import { seededRandom } from './random.ts';
import { Tables } from './tables.ts';

export interface NodeOptions {
	readonly name: string;
	readonly seed: number;
	readonly parameters: GossipParameters;
	readonly strategies?: Strategies;
	/** Ways to prove work; `sha256` unless given. */
	readonly schemes?: readonly PowScheme[];
	readonly relays: readonly string[];
	readonly verify: Verifier;
	/** Hashes a second of its virtual solver. */
	readonly hashRate: number;
}

export interface Host {
	now(): Millis;
	execute(node: SimNode, effect: Exclude<Effect, { kind: 'commit' }>): void;
	wake(node: SimNode, at: Millis): void;
}

/** One node: the real engine, a store in memory, and a host that executes its effects. */
export class SimNode {
	readonly name: string;
	readonly peer: PeerId;
	readonly hashRate: number;
	readonly tables = new Tables();
	readonly links = new Set<PeerId>();
	readonly notices: ActivityView[] = [];
	engine: Engine;
	readonly #options: NodeOptions;
	readonly #host: Host;
	#lives = 0;
	#wakeAt: Millis | undefined;

	constructor(options: NodeOptions, host: Host) {
		this.name = options.name;
		this.peer = toHex(sha256(utf8(`peer ${options.name} ${options.seed}`))) as PeerId;
		this.hashRate = options.hashRate;
		this.#options = options;
		this.#host = host;
		this.engine = this.#create();
	}

	/** The tab is loaded again: only what was committed is left. Its links are the network's to renew. */
	reload(): void {
		this.links.clear();
		this.#lives += 1;
		this.#wakeAt = undefined;
		this.engine = this.#create();
	}

	/** Becomes the keeper of its person's jobs and offers. */
	open(...topics: readonly string[]): this {
		this.#run(this.engine.openPersona(openPersona, this.#seed, this.tables.persona(), this.#host.now()));
		this.dispatch({ kind: 'topics', topics });
		return this;
	}

	dispatch(event: GossipEvent): void {
		this.#run(this.engine.handle(event, this.#host.now()));
	}

	/** Runs a command that must succeed. */
	do<K extends EngineCommandName>(name: K, args: EngineCommands[K]['args']): EngineCommands[K]['answer'] {
		const result = this.try(name, args);
		if (!result.ok) throw new Error(`${name}: ${result.error.code}, ${result.error.detail}`);
		return result.value;
	}

	try<K extends EngineCommandName>(name: K, args: EngineCommands[K]['args']) {
		const { result, effects } = this.engine.command(name, args, this.#host.now());
		this.#run(effects);
		return result;
	}

	job(): JobView {
		return only(this.engine.jobs(), `job of ${this.name}`);
	}

	lead(): LeadView {
		return only(this.engine.leads(), `lead of ${this.name}`);
	}

	/** The only offer received. */
	received(): OfferView {
		return only(this.job().offers, `offer at ${this.name}`);
	}

	/** The only offer made. */
	offered(): MyOfferView {
		return only(this.engine.offers(), `offer of ${this.name}`);
	}

	account(of: SimNode) {
		const account = this.engine.ledger(this.#host.now()).find((entry) => entry.peer === of.peer);
		if (!account) throw new Error(`${this.name} has no account of ${of.name}`);
		return account;
	}

	kinds(): string[] {
		return this.engine.activity().map((entry) => entry.kind);
	}

	/** A wake that was asked for has come, unless a reload or an earlier one overtook it. */
	wakeUp(at: Millis): void {
		if (this.#wakeAt !== at) return;
		this.#wakeAt = undefined;
		this.dispatch({ kind: 'wake' });
	}

	/** Of its person: the same after a reload. */
	get #seed(): Bytes {
		const { name, seed } = this.#options;
		return sha256(utf8(`seed ${name} ${seed}`));
	}

	#create(): Engine {
		const { parameters, strategies, schemes, relays, verify, name, seed } = this.#options;
		return createEngine({
			self: this.peer,
			random: seededRandom(numberOf(sha256(utf8(`random ${name} ${seed} ${this.#lives}`)))),
			verify,
			parameters,
			strategies: strategies ?? defaultStrategies,
			schemes: powSchemes(schemes ?? [sha256Scheme]),
			relays,
			tab: this.tables.tab(),
		});
	}

	#run(effects: readonly Effect[]): void {
		for (const effect of effects) {
			if (effect.kind === 'commit') {
				this.tables.commit(effect.writes);
				this.#run(effect.then);
			} else {
				if (effect.kind === 'notify') this.notices.push(effect.activity);
				this.#host.execute(this, effect);
			}
		}
		const next = this.engine.nextWake();
		if (next === undefined || (this.#wakeAt !== undefined && this.#wakeAt <= next)) return;
		this.#wakeAt = next;
		this.#host.wake(this, next);
	}
}

const numberOf = (bytes: Bytes): number => new DataView(bytes.buffer).getUint32(0);

function only<T>(items: readonly T[], what: string): T {
	const [item] = items;
	if (items.length !== 1 || item === undefined) throw new Error(`${items.length} times: ${what}`);
	return item;
}
