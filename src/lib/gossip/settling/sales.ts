import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { Bytes, Hex, PeerId } from '#lib/core/brand.ts';
import { hexBytes, toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { send, type Context } from '../context.ts';
import type { Ledger } from '../carrying/ledger.ts';
import type { Neighbours } from '../carrying/neighbours.ts';
import type { MeshFrameOf } from '../wire/frames.ts';
import type { RecordWrite } from '../records.ts';
import { favourBinding } from './favour-terms.ts';
import type { PackRecord } from './records.ts';
import { capabilityBits, type TillEvent } from './till.ts';

type Answer = MeshFrameOf<'AskForFavourReply'>;

interface Quoted {
	readonly peer: PeerId;
	readonly answer: Answer;
	readonly msat: number;
	readonly size: number;
	readonly cancelTimer: () => void;
}

/** Quotes and packs remembered at once. */
const remembered = 1_024;
/** Quotes of one neighbour that the wallet is asked for at once. */
const openQuotes = 2;
/** How long an unused pack is honoured, ms. */
const packLife = 24 * 3_600_000;
/** How long the wallet may take to make an invoice before the favour is offered for work alone, ms. */
const patience = 4_000;
const expirySeconds = 90;

const forget = ({ hash }: PackRecord): RecordWrite => ({ op: 'delete', table: 'packs', key: hash });

/** Favours one invoice pays for: a stranger risks one, who was thanked before more. */
const packSize = (thanks: number): number => (thanks === 0 ? 1 : thanks < 4 ? 5 : 20);

/** Sells favours: an invoice beside the price in work; its preimage is the proof, checked without the wallet. */
export class Sales {
	readonly #context: Context;
	readonly #ledger: Ledger;
	readonly #neighbours: Neighbours;
	readonly #quoted = new Map<string, Quoted>();
	readonly #sold = new BoundedMap<Hex, PackRecord>(remembered);

	/** @param packs sold in an earlier life of this node. */
	constructor(context: Context, ledger: Ledger, neighbours: Neighbours, packs: readonly PackRecord[]) {
		this.#context = context;
		this.#ledger = ledger;
		this.#neighbours = neighbours;
		const isOver = ({ until }: PackRecord) => until < context.now();
		for (const pack of packs) {
			if (pack.self !== context.self || isOver(pack)) continue;
			this.#sold.set(pack.hash, pack);
			const { id, hash, bolt11, paid } = pack;
			if (!paid) context.out.push({ kind: 'till', request: { do: 'watch', id, hash, bolt11 } });
		}
		const over = packs.filter(isOver);
		if (over.length > 0) context.out.commit(over.map(forget));
	}

	/** @returns whether the answer leaves later, with an invoice. */
	quote(peer: PeerId, complexity: number, answer: Answer, topic: string): boolean {
		const { terms } = this.#context.money;
		const pays = ((this.#neighbours.get(peer)?.capabilities ?? 0) & capabilityBits.pays) !== 0;
		if (complexity === 0 || terms.favourMsat === 0 || !terms.bills || !pays) return false;
		const pack = this.#packOf(peer);
		if (pack) {
			send(this.#context, peer, { ...answer, packHash: hexBytes(pack) });
			return true;
		}
		if ([...this.#quoted.values()].filter((quoted) => quoted.peer === peer).length >= openQuotes)
			return false;
		const size = packSize(this.#ledger.standing(peer).thanks);
		const msat = this.#price(complexity) * size;
		const id = `favour:${answer.favourNumber}`;
		const cancelTimer = this.#context.agenda.at(this.#context.now() + patience, () => this.#plain(id));
		this.#quoted.set(id, { peer, answer, msat, size, cancelTimer });
		const binding = favourBinding({
			number: answer.favourNumber,
			timestamp: answer.favourTimestamp,
			validForMs: answer.validForMs,
			topic,
			asker: peer,
			giver: this.#context.self,
			msat,
			packSize: size,
		});
		this.#context.out.push({ kind: 'till', request: { do: 'bill', id, msat, binding, expirySeconds } });
		return true;
	}

	onTill(event: TillEvent): void {
		const sold = event.what === 'received' && [...this.#sold.values()].find(({ id }) => id === event.id);
		if (sold) this.#context.out.commit(this.#change(sold, { paid: true }));
		const quoted = this.#quoted.get(event.id);
		if (!quoted) return;
		if (event.what === 'not-made') this.#plain(event.id);
		if (event.what !== 'made') return;
		this.#quoted.delete(event.id);
		quoted.cancelTimer();
		const { peer, answer, msat, size } = quoted;
		const { self } = this.#context;
		const until = this.#context.now() + packLife;
		const { id, hash, bolt11 } = event;
		const pack = { hash, self, peer, id, bolt11, size, used: 0, paid: false, until };
		// It may be paid at once: what is sold is on disk before it is offered.
		this.#context.out.commit(this.#change(pack, {}), () =>
			send(this.#context, peer, { ...answer, priceMsat: msat, invoice: bolt11, packSize: size }),
		);
	}

	/** The n-th use of a pack counts under the same preimage; only who bought it can use it. */
	redeem(peer: PeerId, proof: Bytes): boolean {
		const pack = this.#sold.get(toHex(sha256(proof)));
		if (pack?.peer !== peer || pack.used >= pack.size || pack.until < this.#context.now()) return false;
		this.#context.out.commit(this.#change(pack, { used: pack.used + 1, paid: true }));
		return true;
	}

	/** @returns the writes that keep it; what is used up or has to make room is forgotten. */
	#change(before: PackRecord, change: Partial<PackRecord>): RecordWrite[] {
		const pack = { ...before, ...change };
		if (pack.used >= pack.size) {
			this.#sold.delete(pack.hash);
			return [forget(pack)];
		}
		const evicted = this.#sold.set(pack.hash, pack);
		return [{ op: 'put', table: 'packs', value: pack }, ...(evicted ? [forget(evicted)] : [])];
	}

	/** A pack that was paid and is not used up. */
	#packOf(peer: PeerId): Hex | undefined {
		const now = this.#context.now();
		for (const hash of this.#sold.keys()) {
			const sold = this.#sold.get(hash);
			if (sold?.peer === peer && sold.paid && sold.used < sold.size && sold.until > now) return hash;
		}
		return undefined;
	}

	/** The price in whole sats follows the price in work: who is dear there is dear here. */
	#price(complexity: number): number {
		const { baseComplexity, newcomerFactor } = this.#context.parameters;
		const ratio = complexity / (baseComplexity * newcomerFactor);
		const msat = this.#context.money.terms.favourMsat * Math.max(1, ratio);
		return Math.max(1, Math.round(msat / 1_000)) * 1_000;
	}

	#plain(id: string): void {
		const quoted = this.#quoted.get(id);
		if (!quoted) return;
		this.#quoted.delete(id);
		quoted.cancelTimer();
		send(this.#context, quoted.peer, quoted.answer);
	}
}
