import type { Bytes, Hex, Millis, PeerId, Topic } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { SeenSet } from '#lib/core/seen-set.ts';
import { powScheme } from '#lib/pow/scheme.ts';
import { BoundedMap } from '#lib/core/bounded-map.ts';
import { refuse, send, type Context } from '../context.ts';
import {
	checkFavour,
	favourSeed,
	grantAhead,
	issueFavour,
	rotateEpoch,
	type EpochKeys,
	type FavourTerms,
} from '../wire/favour-cookie.ts';
import type { MeshFrameOf, RefusalCode } from '../wire/frames.ts';
import type { Ledger } from './ledger.ts';

type Ask = MeshFrameOf<'AskForFavour'>;

/** Used favours remembered at once: a flood of paid broadcasts beyond it would have cost its senders dearly. */
const usedFavours = 16_384;
/** Askers of one job kept waiting. */
const waitingAskers = 8;

/** What an ask costs, and in which scheme that is work. */
interface Price {
	readonly complexity: number;
	readonly scheme: string;
}

/** Terms that a neighbour has for one job. */
interface Grant {
	complexity: number;
	/** So long the others wait for it. Asking again does not make them wait longer. */
	readonly until: Millis;
}

/** Neighbours that want to bring one job: some have terms, the others wait for those to fail. */
interface Demand {
	readonly granted: Map<PeerId, Grant>;
	readonly waiting: Map<PeerId, Ask>;
	cancelTimer: () => void;
}

/**
 * The giving side of favours: names terms, and knows its own again. What it granted it need not remember
 * (favour-cookie.ts); who asked about which job it remembers only to spare them work.
 */
export class Favours {
	readonly #context: Context;
	readonly #ledger: Ledger;
	readonly #used: SeenSet;
	readonly #demands: BoundedMap<Hex, Demand>;
	#keys: EpochKeys | undefined;
	#latest: Millis = 0;

	constructor(context: Context, ledger: Ledger) {
		this.#context = context;
		this.#ledger = ledger;
		this.#used = new SeenSet(context.parameters.favourLifeMs, usedFavours, 0);
		this.#demands = new BoundedMap(context.parameters.askedJobs);
	}

	/** Answers with terms now, or when nobody else brings the job. The job is not known here. */
	onAsk(peer: PeerId, ask: Ask): void {
		const { parameters } = this.#context;
		const known = this.#demands.get(ask.shortId);
		const price = this.#price(peer, ask);
		const grant = known?.granted.get(peer);
		if (!price) {
			refuse(this.#context, peer, askRef(ask), 'no-scheme');
		} else if (grant && grant.until > this.#context.now()) {
			grant.complexity = price.complexity;
			this.#name(peer, ask, price);
		} else if (this.#mayGrant(known, price.complexity)) {
			// Before anything is kept: who holds too many must not drive out what others wait for.
			if (this.#open(peer) >= parameters.openFavours)
				refuse(this.#context, peer, askRef(ask), 'too-fast', parameters.favourLifeMs);
			else this.#grant(peer, ask, price, known ?? this.#demand(ask.shortId));
		} else if (known && known.waiting.size < waitingAskers) {
			known.waiting.set(peer, ask);
		} else {
			refuse(this.#context, peer, askRef(ask), 'not-now', parameters.grantTimeoutMs);
		}
	}

	/**
	 * Whether a broadcast comes with a favour of mine, good and unused, and with the proof it asked for. Keeps
	 * nothing and verifies no signature. @returns the expected hashes that were paid.
	 */
	check(
		peer: PeerId,
		frame: MeshFrameOf<'Broadcast'>,
		bytes: Bytes,
		topic: Topic,
	): Result<number, RefusalCode> {
		const scheme = frame.powScheme ?? powScheme;
		const terms: FavourTerms = {
			asker: peer,
			topic,
			size: frame.core.length,
			scheme,
			complexity: frame.complexity,
			timestamp: frame.favourTimestamp,
			validForMs: this.#context.parameters.favourLifeMs,
		};
		const known = checkFavour(this.#epoch(), frame.favourNumber, terms, this.#context.now());
		if (!known.ok) return err(known.error.code);
		if (this.#used.has(frame.favourNumber)) return err('favour-used');
		// A preimage instead of work; no proof of work is that long (pow/schemes.ts).
		if (frame.proof.length === 32)
			return this.#context.money.tolls?.redeem(peer, frame.proof) ? ok(frame.complexity) : err('bad-proof');
		// On credit: there is nothing to check, in whatever scheme.
		if (frame.complexity === 0) return frame.proof.length === 0 ? ok(0) : err('bad-proof');
		const seed = favourSeed(frame.favourNumber, terms, this.#context.self, bytes);
		// One it granted is one it knows.
		const checked = this.#context.schemes.get(scheme)?.verify(seed, frame.complexity, frame.proof);
		return checked?.ok ? ok(frame.complexity) : err('bad-proof');
	}

	/** The favour is consumed. */
	use(number: Hex): void {
		this.#used.add(number, this.#context.now());
	}

	/** The job is here: everybody else may stop. @returns the neighbours that wanted to bring it. */
	arrived(shortId: Hex, bringer: PeerId): PeerId[] {
		const demand = this.#demands.get(shortId);
		if (!demand) return [];
		demand.cancelTimer();
		this.#demands.delete(shortId);
		const others = [...demand.granted.keys(), ...demand.waiting.keys()].filter((peer) => peer !== bringer);
		for (const peer of others) send(this.#context, peer, { kind: 'Have', shortId });
		return others;
	}

	linkDown(peer: PeerId): void {
		for (const demand of this.#demands.values()) {
			demand.granted.delete(peer);
			demand.waiting.delete(peer);
		}
	}

	/** Undefined where it costs work of a kind that the asker cannot do. */
	#price(peer: PeerId, ask: Ask): Price | undefined {
		const { complexity } = this.#ledger.price(peer, ask.topic, ask.size);
		if (complexity === 0) return { complexity, scheme: powScheme };
		const scheme = this.#context.schemes.common(ask.powSchemes ?? [powScheme]);
		return scheme && { complexity, scheme: scheme.name };
	}

	#demand(shortId: Hex): Demand {
		const demand: Demand = { granted: new Map(), waiting: new Map(), cancelTimer: () => undefined };
		this.#demands.set(shortId, demand)?.cancelTimer();
		return demand;
	}

	#mayGrant(demand: Demand | undefined, complexity: number): boolean {
		const running = [...(demand?.granted.values() ?? [])].filter(({ until }) => until > this.#context.now());
		const { strategies, parameters } = this.#context;
		return strategies.grants(
			running.map((grant) => grant.complexity),
			complexity,
			parameters,
		);
	}

	/** Work is given more time than a broadcast on credit. */
	#grant(peer: PeerId, ask: Ask, price: Price, demand: Demand): void {
		const { complexity } = price;
		const { favourLifeMs, grantTimeoutMs } = this.#context.parameters;
		const until = this.#context.now() + (complexity > 0 ? favourLifeMs / 2 : grantTimeoutMs);
		demand.granted.set(peer, { complexity, until });
		this.#name(peer, ask, price);
		this.#watch(ask.shortId, demand);
	}

	#name(peer: PeerId, ask: Ask, { complexity, scheme }: Price): void {
		const timestamp = this.#moment();
		const validForMs = this.#context.parameters.favourLifeMs;
		const { topic, size } = ask;
		const terms = { asker: peer, topic, size, scheme, complexity, timestamp, validForMs };
		const answer = {
			kind: 'AskForFavourReply',
			askId: ask.askId,
			favourNumber: issueFavour(this.#epoch().current, terms),
			favourTimestamp: timestamp,
			validForMs,
			...(complexity > 0 ? { powScheme: scheme, powComplexity: complexity } : {}),
		} as const;
		if (!this.#context.money.tolls?.quote(peer, complexity, answer, topic)) send(this.#context, peer, answer);
	}

	/** When a granted one has brought nothing in its time, others get terms. */
	#watch(shortId: Hex, demand: Demand): void {
		const now = this.#context.now();
		const running = [...demand.granted.values()].map(({ until }) => until).filter((until) => until > now);
		demand.cancelTimer();
		if (running.length === 0) {
			this.#demands.delete(shortId);
			return;
		}
		demand.cancelTimer = this.#context.agenda.at(Math.min(...running), () => {
			for (const [peer, ask] of [...demand.waiting]) {
				const price = this.#price(peer, ask);
				if (!price || !this.#mayGrant(demand, price.complexity)) continue;
				demand.waiting.delete(peer);
				this.#grant(peer, ask, price, demand);
			}
			this.#watch(shortId, demand);
		});
	}

	#open(peer: PeerId): number {
		let open = 0;
		for (const demand of this.#demands.values()) if (demand.granted.has(peer)) open++;
		return open;
	}

	/** A time no other favour carries. */
	#moment(): Millis {
		const now = this.#context.now();
		this.#latest = this.#latest >= now && this.#latest < now + grantAhead ? this.#latest + 1 : now;
		return this.#latest;
	}

	#epoch(): EpochKeys {
		const now = this.#context.now();
		const fresh = () => this.#context.random.bytes(32);
		this.#keys = this.#keys ? rotateEpoch(this.#keys, now, fresh) : { current: fresh(), since: now };
		return this.#keys;
	}
}

/** An askId as a Refuse frame names it: 4 bytes, big-endian. */
export const askRef = (ask: { readonly askId: number }): Hex => ask.askId.toString(16).padStart(8, '0');
