import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { MsgId, PeerId } from '#lib/core/brand.ts';
import type { Neighbours } from '../carrying/neighbours.ts';
import type { Route } from '../carrying/routes.ts';
import type { MeshFrameOf, RefusalCode } from '../wire/frames.ts';
import { capabilityBits, type TillTerms } from './till.ts';

/** Blocks of the originator's lock: the least that wallets take. */
const firstCltv = 24;
/** Blocks each hop adds: its own payment must have ended before its lock ends. Too few for large sums. */
const stepCltv = 144;
/** Longest lock anybody is asked for: four steps over the first. */
const mostCltv = firstCltv + 4 * stepCltv;

/** Prices told and not forgotten. */
const remembered = 8_192;

/** What the two neighbours of a link tell each other about the price of a reply. */
export class ReplyPrices {
	readonly #terms: () => TillTerms;
	readonly #neighbours: Neighbours;
	/** What a neighbour was told stays, whatever the owner asks from now on. */
	readonly #told = new BoundedMap<`${MsgId} ${PeerId}`, number>(remembered);

	constructor(neighbours: Neighbours, terms: () => TillTerms) {
		this.#neighbours = neighbours;
		this.#terms = terms;
	}

	can(peer: PeerId, what: keyof typeof capabilityBits): boolean {
		return ((this.#neighbours.get(peer)?.capabilities ?? 0) & capabilityBits[what]) !== 0;
	}

	/** What a neighbour is asked for a reply to this job; undefined when it must not be asked to carry it. */
	ask(route: Route, peer: PeerId): Pick<MeshFrameOf<'Broadcast'>, 'replyPriceMsat' | 'lockCltv'> | undefined {
		const terms = this.#terms();
		const owed = route.owes?.msat ?? 0;
		if (!this.can(peer, 'pays') || !terms.bills) return owed > 0 ? undefined : {};
		const key = `${route.msgId} ${peer}` as const;
		const price = this.#told.get(key) ?? (route.mine ? terms.ownReplyMsat : marginOn(owed, terms.replyMsat));
		this.#told.set(key, price);
		return price > 0 ? { replyPriceMsat: price, lockCltv: this.lock(route) } : {};
	}

	/** Blocks of the lock I ask for. */
	lock(route: Route): number {
		return route.owes ? route.owes.lockCltv + stepCltv : firstCltv;
	}

	/** Whether a job whose replies cost so much may be carried, or replied to. */
	mayOwe({ replyPriceMsat = 0, lockCltv = firstCltv }: MeshFrameOf<'Broadcast'>): RefusalCode | undefined {
		const terms = this.#terms();
		if (replyPriceMsat === 0) return undefined;
		if (!terms.pays) return 'no-wallet';
		return replyPriceMsat > terms.mostMsat || lockCltv > mostCltv ? 'price-too-high' : undefined;
	}
}

/** What I owe, my margin, and what a payment costs me on top. */
const marginOn = (owed: number, margin: number): number =>
	owed + margin + (owed > 0 ? Math.max(2_000, Math.ceil(owed / 100)) : 0);
