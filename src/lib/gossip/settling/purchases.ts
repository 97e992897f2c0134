import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { Bytes, Hex } from '#lib/core/brand.ts';
import { hexBytes, toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import type { Askings } from '../carrying/asking.ts';
import type { Asking, Errand } from '../carrying/errand.ts';
import type { WorkBudget } from '../carrying/work-budget.ts';
import type { Context } from '../context.ts';
import type { MeshFrameOf } from '../wire/frames.ts';
import { favourBinding } from './favour-terms.ts';
import type { PaymentRecord } from './records.ts';
import type { TillEvent } from './till.ts';

/** Of the till's names for what is bought here. */
const idPrefix = 'buy:';
/** Paid packs remembered. */
const remembered = 256;
/** Blocks a payee may keep the money of a favour locked at most: a plain invoice may be a hold in disguise. */
const maxCltv = 144;

/** Buys favours for the person's own jobs, where sats are preferred to work or cheaper. */
export class Purchases {
	readonly #context: Context;
	readonly #askings: Askings;
	readonly #budget: WorkBudget;
	readonly #buying = new Map<string, { readonly errand: Errand; readonly asking: Asking }>();
	/** Preimages of packs, by payment hash. */
	readonly #packs = new BoundedMap<Hex, Bytes>(remembered);

	/** @param payments what was paid before: packs that are not used up are still good. */
	constructor(context: Context, askings: Askings, budget: WorkBudget, payments: readonly PaymentRecord[]) {
		this.#context = context;
		this.#askings = askings;
		this.#budget = budget;
		for (const { purpose, state, hash, preimage } of payments)
			if (purpose === 'favour' && state === 'settled' && preimage !== undefined)
				this.#packs.set(hash, hexBytes(preimage));
	}

	considers(
		asking: Asking,
		frame: MeshFrameOf<'AskForFavourReply'>,
		topic: string,
	): 'paid' | 'sats' | 'work' | 'none' {
		const pack = frame.packHash && this.#packs.get(toHex(frame.packHash));
		if (pack) {
			asking.proof = pack;
			return 'paid';
		}
		const { terms } = this.#context.money;
		const { priceMsat: msat, invoice, packSize = 1 } = frame;
		const work = frame.powComplexity !== undefined;
		// Without a price it is carried on credit, or for work.
		if (msat === undefined || msat === 0) return 'work';
		if (invoice === undefined) return work ? 'work' : 'none';
		const affordable = terms.pays && msat > 0 && msat <= terms.mostMsat * packSize;
		const seconds = (frame.powComplexity ?? 0) / Math.max(1, this.#budget.hashRate);
		const cheaper = msat / packSize < seconds * terms.secondMsat;
		const wants = !work || terms.prefer === 'sats' || (terms.prefer === 'cheaper' && cheaper);
		if (!affordable || !wants) return work ? 'work' : 'none';
		const binding = favourBinding({
			number: frame.favourNumber,
			timestamp: frame.favourTimestamp,
			validForMs: frame.validForMs,
			topic,
			asker: this.#context.self,
			giver: asking.peer,
			msat,
			packSize,
		});
		asking.sats = { msat, invoice, binding };
		return 'sats';
	}

	buy(errand: Errand, asking: Asking): void {
		const { favour, sats, peer } = asking;
		if (!favour || !sats) return;
		const id = `${idPrefix}${favour.number}`;
		this.#buying.set(id, { errand, asking });
		this.#context.out.push({
			kind: 'till',
			request: {
				do: 'pay',
				id,
				bolt11: sats.invoice,
				msat: sats.msat,
				purpose: 'favour',
				peer,
				binding: sats.binding,
				maxCltv,
			},
		});
	}

	onTill(event: TillEvent): void {
		if (!event.id.startsWith(idPrefix)) return;
		const buying = this.#buying.get(event.id);
		if (event.what === 'paid') {
			this.#buying.delete(event.id);
			const preimage = hexBytes(event.preimage);
			// Paid by an earlier life of this node it is a pack for the next favour.
			this.#packs.set(toHex(sha256(preimage)), preimage);
			if (buying) this.#askings.onBought(buying.errand, buying.asking, preimage);
			return;
		}
		if (event.what === 'unpaid' && buying) {
			this.#buying.delete(event.id);
			this.#askings.onNotBought(buying.errand, buying.asking);
		}
	}
}
