import type { Bytes, Hex, MsgId, PeerId } from '#lib/core/brand.ts';
import { powScheme } from '#lib/pow/scheme.ts';
import { send, type Context } from '../context.ts';
import { count, isCarrying, isPending, newAsking, type Asking, type Errand } from './errand.ts';
import { rememberPrice } from './estimate.ts';
import { askRef } from './favours.ts';
import type { MeshFrameOf, RefusalCode } from '../wire/frames.ts';
import type { Ledger } from './ledger.ts';
import type { Neighbours } from './neighbours.ts';
import type { Route } from './routes.ts';
import type { Cause } from '../view.ts';
import type { WorkBudget } from './work-budget.ts';
import type { Works } from './works.ts';

/** Nothing is said where `sha256` is all there is to say. */
const namedUnlessDefault = (names: readonly string[]) =>
	names.length === 1 && names[0] === powScheme ? {} : { powSchemes: names };

const unproven: Bytes = new Uint8Array(0);

/**
 * The asking side of favours: asks neighbours on which terms they carry a job, has it carried by all that do it
 * on credit and, if those are too few, by the cheapest others, in work.
 */
export class Askings {
	readonly #context: Context;
	readonly #neighbours: Neighbours;
	readonly #ledger: Ledger;
	readonly #budget: WorkBudget;
	readonly #works: Works;
	readonly #errands = new Map<MsgId, Errand>();
	readonly #byAskId = new Map<Hex, { readonly errand: Errand; readonly asking: Asking }>();
	#lastId = 0;

	constructor(
		context: Context,
		parts: {
			readonly neighbours: Neighbours;
			readonly ledger: Ledger;
			readonly budget: WorkBudget;
			readonly works: Works;
		},
	) {
		this.#context = context;
		this.#neighbours = parts.neighbours;
		this.#ledger = parts.ledger;
		this.#budget = parts.budget;
		this.#works = parts.works;
	}

	/** Expected hashes one job of mine may cost in all. */
	get ownJobHashes(): number {
		return this.#budget.ownJobHashes;
	}

	errand(msgId: MsgId): Errand | undefined {
		return this.#errands.get(msgId);
	}

	/** Begins to have a job carried; `peers` are asked at once. */
	start(
		route: Route,
		terms: Pick<Errand, 'own' | 'purse' | 'spent' | 'gift' | 'changed'>,
		peers: readonly PeerId[],
	): void {
		const errand = this.#errands.get(route.msgId) ?? { route, ...terms, askings: new Map(), settled: false };
		this.#errands.set(route.msgId, errand);
		if (errand.own) this.#works.resume(errand);
		for (const peer of peers) this.ask(errand, peer);
		this.#settle(errand);
	}

	/** Asks one neighbour, unless it is being asked or carries the job already. */
	ask(errand: Errand, peer: PeerId): void {
		const known = errand.askings.get(peer);
		if ((known && (isPending(known) || isCarrying(known))) || !errand.route.job) return;
		const asking = newAsking(peer);
		errand.askings.set(peer, asking);
		const { tolls } = this.#context.money;
		if (tolls && !tolls.replyPrice(errand.route, peer)) {
			this.#end(errand, asking, 'declined', { code: 'no-wallet', peer });
			return;
		}
		this.#ask(errand, asking);
	}

	/** Nothing more is done for this job; how its carriers stood is still told. */
	release(msgId: MsgId): void {
		for (const asking of this.#errands.get(msgId)?.askings.values() ?? []) {
			if (isPending(asking)) asking.state = 'declined';
			this.#release(asking);
		}
	}

	/** Nothing more is done for this job, and it is forgotten here. */
	stop(msgId: MsgId): void {
		this.release(msgId);
		this.#errands.delete(msgId);
	}

	onTerms(peer: PeerId, frame: MeshFrameOf<'AskForFavourReply'>): void {
		const found = this.#byAskId.get(askRef(frame));
		if (found?.asking.peer !== peer || found.asking.state !== 'asked') return;
		const { errand, asking } = found;
		this.#release(asking);
		const complexity = frame.powComplexity ?? 0;
		const neighbour = this.#neighbours.get(peer);
		if (neighbour) rememberPrice(neighbour, frame);
		asking.complexity = complexity;
		asking.scheme = frame.powScheme ?? powScheme;
		const until = this.#context.now() + frame.validForMs;
		asking.favour = {
			number: frame.favourNumber,
			timestamp: frame.favourTimestamp,
			validForMs: frame.validForMs,
			until,
		};
		delete asking.sats;
		// One that was not among those this node named.
		if (complexity > 0 && !this.#context.schemes.get(asking.scheme)) {
			this.#end(errand, asking, 'declined', { code: 'unknown-scheme', peer });
			return;
		}
		const sats = this.#sats(errand, asking, frame);
		if (sats === 'none') {
			this.#end(errand, asking, 'declined', { code: 'no-wallet', peer });
			return;
		}
		if (sats === 'paid' || (sats === 'work' && complexity === 0)) {
			this.#transmit(errand, asking, asking.proof ?? unproven);
			return;
		}
		const worthIt =
			sats === 'sats' ||
			this.#context.strategies.limits(
				{ complexity, validForMs: frame.validForMs },
				this.#budget,
				this.#context.parameters,
			);
		if (!worthIt) {
			this.#end(errand, asking, 'declined', { code: 'work-too-dear', peer });
			return;
		}
		asking.state = 'terms';
		asking.cancelTimer = this.#context.agenda.at(until, () => this.#end(errand, asking, 'declined'));
		this.#collect(errand);
		errand.changed?.();
	}

	/** The favour is paid in sats: the preimage is its proof. */
	onBought(errand: Errand, asking: Asking, preimage: Bytes): void {
		if (asking.state !== 'working' || !asking.favour) return;
		// The favour ran out while the wallet paid: the pack is good for the next one.
		if (asking.favour.until <= this.#context.now() + this.#context.parameters.askTimeoutMs / 10) {
			this.#askAgain(errand, asking);
			return;
		}
		this.#transmit(errand, asking, preimage);
	}

	/** Sats did not do: it is worked for, if the neighbour takes work and there is time. */
	onNotBought(errand: Errand, asking: Asking): void {
		if (asking.state !== 'working') return;
		delete asking.sats;
		const inTime = (asking.favour?.until ?? 0) > this.#context.now();
		if (asking.complexity > 0 && inTime) this.#work(errand, asking);
		else this.#end(errand, asking, 'declined', { code: 'no-wallet', peer: asking.peer });
	}

	/**
	 * @param ref an askId or a shortId, in hex.
	 * @param retryAfterMs when it may be asked again; 0 = it has decided.
	 */
	onRefuse(peer: PeerId, ref: Hex, code: RefusalCode, retryAfterMs = 0): void {
		const found = this.#byAskId.get(ref) ?? this.#byShortId(ref, peer);
		if (found?.asking.peer !== peer) return;
		const { errand, asking } = found;
		if (asking.state === 'asked' && this.#askLater(errand, asking, code, retryAfterMs)) return;
		if (asking.state === 'sent') this.#ledger.notCarriedForMe(peer, asking.complexity);
		this.#end(errand, asking, 'refused', { code, peer });
	}

	onHave(peer: PeerId, shortId: Hex): void {
		const found = this.#byShortId(shortId, peer);
		if (!found || found.asking.state === 'had-it') return;
		if (found.asking.state === 'sent') this.#ledger.notCarriedForMe(peer, found.asking.complexity);
		this.#end(found.errand, found.asking, 'had-it');
	}

	onProof(workId: string, proof: Bytes, hashes: number): void {
		this.#context.traffic.hashesDone += hashes;
		const work = this.#works.get(workId);
		if (!work) return;
		const { errand, asking } = work;
		asking.progress = 1;
		asking.proof = proof;
		if (this.#neighbours.has(asking.peer)) {
			this.#transmit(errand, asking, proof);
			return;
		}
		// After a reload its link may need longer than the work.
		const until = asking.favour?.until ?? this.#context.now();
		asking.cancelTimer = this.#context.agenda.at(until, () =>
			this.#end(errand, asking, 'lost', { code: 'link-lost', peer: asking.peer }),
		);
		errand.changed?.();
	}

	/** The proof took longer than the terms hold, or the solver gave up. */
	onWorkFailed(workId: string): void {
		const work = this.#works.get(workId);
		if (!work) return;
		const { errand, asking } = work;
		this.#release(asking);
		this.#askAgain(errand, asking);
	}

	#askAgain(errand: Errand, asking: Asking): void {
		if (asking.askedAgain || !this.#neighbours.has(asking.peer)) {
			this.#end(errand, asking, 'declined', { code: 'work-too-dear', peer: asking.peer });
			return;
		}
		asking.askedAgain = true;
		this.#ask(errand, asking);
	}

	/** What was worked for while the neighbour was away is its now. */
	linkUp(peer: PeerId): void {
		for (const errand of [...this.#errands.values()]) {
			const asking = errand.askings.get(peer);
			if (asking?.state === 'working' && asking.proof) this.#transmit(errand, asking, asking.proof);
		}
	}

	linkDown(peer: PeerId): void {
		for (const errand of [...this.#errands.values()]) {
			const asking = errand.askings.get(peer);
			// Work on a job of mine outlives a link: a page that is loaded again closes its links first.
			if (!asking || !isPending(asking) || (errand.own && asking.state === 'working')) continue;
			this.#end(errand, asking, 'lost', { code: 'link-lost', peer });
		}
	}

	#ask(errand: Errand, asking: Asking): void {
		const { route } = errand;
		if (!route.job) return;
		asking.state = 'asked';
		asking.progress = 0;
		delete asking.broadcast;
		delete asking.proof;
		asking.askId = this.#lastId = (this.#lastId + 1) % 2 ** 32;
		this.#byAskId.set(askRef(asking), { errand, asking });
		send(this.#context, asking.peer, {
			kind: 'AskForFavour',
			askId: asking.askId,
			topic: route.job.topic,
			size: route.job.bytes.length,
			shortId: route.shortId,
			...namedUnlessDefault(this.#context.schemes.names),
		});
		const deadline = this.#context.now() + this.#context.parameters.askTimeoutMs;
		asking.cancelTimer = this.#context.agenda.at(deadline, () =>
			this.#end(errand, asking, 'silent', { code: 'silent', peer: asking.peer }),
		);
		errand.changed?.();
	}

	/** Asks a busy neighbour once more when it says; false where that is not worth waiting for. */
	#askLater(errand: Errand, asking: Asking, code: RefusalCode, ms: number): boolean {
		if (ms <= 0 || ms > this.#context.parameters.longestRetryMs || asking.askedAgain) return false;
		this.#release(asking);
		asking.askedAgain = true;
		asking.state = 'busy';
		asking.cause = { code, peer: asking.peer };
		asking.cancelTimer = this.#context.agenda.at(this.#context.now() + ms, () => {
			delete asking.cause;
			this.#ask(errand, asking);
		});
		errand.changed?.();
		return true;
	}

	/** Waits a moment for other prices, unless all are in, then works for the cheapest. */
	#collect(errand: Errand): void {
		this.#settle(errand);
		if (errand.settled) return;
		this.#context.agenda.at(this.#context.now() + this.#context.parameters.settleMs, () => {
			errand.settled = true;
			if (this.#errands.get(errand.route.msgId) === errand) this.#choose(errand);
		});
	}

	#choose(errand: Errand): void {
		const { wantedCarriers, worksAtOnce } = this.#context.parameters;
		const priced = [...errand.askings.values()]
			.filter((asking) => asking.state === 'terms')
			.sort((a, b) => a.complexity - b.complexity);
		let working = count(errand, (asking) => asking.state === 'working');
		for (const asking of priced) {
			if (working >= worksAtOnce || count(errand, isCarrying) + working >= wantedCarriers) return;
			if (asking.sats || this.#afford(errand, asking.complexity)) {
				this.#work(errand, asking);
				working += 1;
			} else {
				this.#end(errand, asking, 'declined', { code: 'work-too-dear', peer: asking.peer });
			}
		}
	}

	/** How this favour's price is met: only the person's own jobs are paid in sats. */
	#sats(errand: Errand, asking: Asking, frame: MeshFrameOf<'AskForFavourReply'>) {
		const { tolls } = this.#context.money;
		const topic = errand.route.job?.topic;
		if (tolls && errand.own && topic !== undefined) return tolls.considers(asking, frame, topic);
		return frame.powComplexity === undefined && (frame.priceMsat ?? 0) > 0 ? 'none' : 'work';
	}

	/** For a stranger's job: out of what its bringer paid, then out of the owner's gift; for mine, up to its limit. */
	#afford(errand: Errand, complexity: number): boolean {
		const purse = errand.own ? this.#budget.ownJobHashes : errand.purse;
		const fromPurse = Math.min(Math.max(0, purse - errand.spent), complexity);
		if (fromPurse < complexity && !this.#budget.give(complexity - fromPurse, errand.gift)) return false;
		errand.spent += fromPurse;
		return true;
	}

	#work(errand: Errand, asking: Asking): void {
		if (asking.sats) {
			this.#release(asking);
			asking.state = 'working';
			// What is paid later is a pack for the next favour.
			asking.cancelTimer = this.#context.agenda.at(asking.favour?.until ?? this.#context.now(), () =>
				this.#end(errand, asking, 'declined', { code: 'no-wallet', peer: asking.peer }),
			);
			this.#context.money.tolls?.buy(errand, asking);
			errand.changed?.();
			return;
		}
		const broadcast = this.#broadcast(errand, asking, unproven);
		if (!broadcast) return;
		this.#release(asking);
		this.#works.begin(errand, asking, broadcast);
		errand.changed?.();
	}

	#transmit(errand: Errand, asking: Asking, proof: Bytes): void {
		const broadcast = this.#broadcast(errand, asking, proof);
		if (!broadcast) return;
		send(this.#context, asking.peer, broadcast);
		this.#ledger.carriedForMe(asking.peer, asking.complexity);
		this.#end(errand, asking, 'sent');
	}

	/** The job as this neighbour is to get it; what was worked for is sent as it was then. */
	#broadcast(errand: Errand, asking: Asking, proof: Bytes): MeshFrameOf<'Broadcast'> | undefined {
		const { job, ttl } = errand.route;
		if (asking.broadcast) return { ...asking.broadcast, proof };
		if (!job || !asking.favour) return undefined;
		return {
			...this.#context.money.tolls?.replyPrice(errand.route, asking.peer),
			kind: 'Broadcast',
			favourNumber: asking.favour.number,
			favourTimestamp: asking.favour.timestamp,
			complexity: asking.complexity,
			proof,
			ttl,
			core: job.bytes,
			signature: job.signature,
			...(asking.scheme === powScheme ? {} : { powScheme: asking.scheme }),
		};
	}

	#end(errand: Errand, asking: Asking, state: Asking['state'], cause?: Cause): void {
		this.#release(asking);
		asking.state = state;
		if (cause) asking.cause = cause;
		else delete asking.cause;
		this.#settle(errand);
		errand.changed?.();
	}

	/** Another may take a failed one's place; a stranger's job is forgotten here once all have answered. */
	#settle(errand: Errand): void {
		const stands = (state: Asking['state']) => count(errand, (asking) => asking.state === state);
		if (stands('asked') === 0 && stands('terms') > 0) errand.settled = true;
		if (errand.settled) this.#choose(errand);
		if (errand.own || count(errand, isPending) > 0) return;
		if (this.#errands.get(errand.route.msgId) === errand) this.#errands.delete(errand.route.msgId);
	}

	#byShortId(shortId: Hex, peer: PeerId): { errand: Errand; asking: Asking } | undefined {
		for (const errand of this.#errands.values()) {
			if (errand.route.shortId !== shortId) continue;
			const asking = errand.askings.get(peer);
			return asking && { errand, asking };
		}
		return undefined;
	}

	#release(asking: Asking): void {
		asking.cancelTimer();
		this.#byAskId.delete(askRef(asking));
		this.#works.end(asking);
	}
}
