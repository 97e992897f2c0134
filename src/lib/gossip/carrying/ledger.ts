import type { Millis, PeerId, Topic } from '#lib/core/brand.ts';
import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { Context } from '../context.ts';
import { decay, driftTo } from './decay.ts';
import { Load } from './load.ts';
import type { Neighbours } from './neighbours.ts';
import type { LedgerRecord } from '../records.ts';
import type { Price } from '../strategies.ts';
import type { LedgerView } from '../view.ts';

interface Account {
	admitted: boolean;
	balance: number;
	creditLimit: number;
	factor: number;
	/** When balance, limit and factor were last brought up to date. */
	at: Millis;
	thanks: number;
	misses: number;
	carriedForMe: number;
	carriedForThem: number;
}

/**
 * What each neighbour and I did for each other, and hence what its next favour costs: the only punishment and
 * the only reward there is. Why these rules: docs/adr/0006-who-pays.md.
 */
export class Ledger {
	readonly #context: Context;
	readonly #neighbours: Neighbours;
	readonly #load: Load;
	readonly #accounts: BoundedMap<PeerId, Account>;
	readonly #unsaved = new Set<PeerId>();
	#flushing = false;

	constructor(context: Context, neighbours: Neighbours, records: readonly LedgerRecord[]) {
		this.#context = context;
		this.#neighbours = neighbours;
		this.#load = new Load(context.parameters.capacityPerSecond);
		this.#accounts = new BoundedMap(context.parameters.accounts);
		for (const { self, peer, balanceAt, factorAt, ...rest } of records) {
			if (self === context.self) this.#accounts.set(peer, { ...rest, at: Math.max(balanceAt, factorAt) });
		}
	}

	/** Its link's admission proof is paid. Once a neighbour: linking anew gives no fresh credit. */
	admit(peer: PeerId): void {
		this.#change(peer, (account) => {
			if (account.admitted) return;
			account.admitted = true;
			account.creditLimit += this.#context.parameters.startCredit;
		});
	}

	/** I carried a broadcast for it, on credit or for `paid` expected hashes of work. */
	carriedForThem(peer: PeerId, paid: number): void {
		this.#load.accepted(this.#context.now());
		this.#change(peer, (account) => {
			account.carriedForThem += 1;
			if (paid === 0) account.balance -= 1;
			else this.#raise(account, paid / this.#context.parameters.baseComplexity);
		});
	}

	/** It carried a broadcast of mine; what was paid in work is settled and moves no balance. */
	carriedForMe(peer: PeerId, paid: number): void {
		this.#change(peer, (account) => {
			account.carriedForMe += 1;
			if (paid === 0) account.balance += 1;
		});
	}

	/** What `carriedForMe` noted did not happen: it refused, or had the job already. */
	notCarriedForMe(peer: PeerId, paid: number): void {
		this.#change(peer, (account) => {
			account.carriedForMe = Math.max(0, account.carriedForMe - 1);
			if (paid === 0) account.balance -= 1;
		});
	}

	/** A broadcast it brought was answered through me and thanked. */
	thanked(peer: PeerId): void {
		this.#change(peer, (account) => {
			account.thanks += 1;
			account.factor = Math.max(1, account.factor / 2);
			this.#raise(account, this.#context.parameters.creditPerThanks);
		});
	}

	/** A broadcast it brought was answered through me and no thank-you came in time. */
	missed(peer: PeerId): void {
		this.#change(peer, (account) => {
			account.misses += 1;
			account.factor = Math.min(this.#context.parameters.factorCap, account.factor * 2);
			account.creditLimit /= 2;
		});
	}

	/** Terms of its next favour. */
	price(peer: PeerId, topic: Topic, bytes: number): Price {
		return this.#price(this.#current(this.#accounts.get(peer)), topic, bytes);
	}

	/** Favours I may expect it to do on credit, if its ledger mirrors mine: an admitted link is admitted on both sides. */
	expectedCredit(peer: PeerId): number {
		const { admitted, balance } = this.#current(this.#accounts.get(peer));
		return (admitted ? this.#context.parameters.startCredit : 0) - balance;
	}

	standing(peer: PeerId): { readonly thanks: number; readonly misses: number } {
		return this.#accounts.get(peer) ?? { thanks: 0, misses: 0 };
	}

	view(): LedgerView[] {
		const peers = new Set([...this.#neighbours.all()].map((neighbour) => neighbour.peer));
		for (const peer of this.#accounts.keys()) peers.add(peer);
		return [...peers].map((peer) => {
			const account = this.#current(this.#accounts.get(peer));
			const price = this.#price(account, '/a/b/c' as Topic, 1_000);
			return {
				peer,
				linked: this.#neighbours.has(peer),
				balance: account.balance,
				creditLimit: account.creditLimit,
				factor: account.factor,
				complexity: price.complexity,
				priceBecause: price.because,
				thanks: account.thanks,
				misses: account.misses,
				carriedForMe: account.carriedForMe,
				carriedForThem: account.carriedForThem,
				interests: this.#neighbours.get(peer)?.interests ?? [],
			};
		});
	}

	/** Writes for everything changed since the last call; a thank-you is written together with its route. */
	unsaved(): { op: 'put'; table: 'ledger'; value: LedgerRecord }[] {
		const writes = [...this.#unsaved].flatMap((peer) => {
			const account = this.#accounts.get(peer);
			if (!account) return [];
			const { at, ...rest } = account;
			const value = { self: this.#context.self, peer, balanceAt: at, factorAt: at, ...rest };
			return [{ op: 'put', table: 'ledger', value } as const];
		});
		this.#unsaved.clear();
		return writes;
	}

	#price(account: Account, topic: Topic, bytes: number): Price {
		const { strategies, parameters } = this.#context;
		const load = this.#load.level(this.#context.now());
		return strategies.pricing({ ...account, load, topic, bytes }, parameters);
	}

	#raise(account: Account, by: number): void {
		account.creditLimit = Math.min(this.#context.parameters.creditCap, account.creditLimit + by);
	}

	/** The account as decayed until now; a stranger's when there is none. */
	#current(account: Account | undefined): Account {
		const p = this.#context.parameters;
		const now = this.#context.now();
		if (!account) {
			const counts = { thanks: 0, misses: 0, carriedForMe: 0, carriedForThem: 0 };
			return { admitted: false, balance: 0, creditLimit: 0, factor: p.newcomerFactor, at: now, ...counts };
		}
		const elapsed = now - account.at;
		const rest = account.admitted ? p.startCredit : 0;
		return {
			...account,
			balance: account.balance * decay(elapsed, p.balanceHalfLifeMs),
			creditLimit: driftTo(rest, account.creditLimit, elapsed, p.driftHalfLifeMs),
			factor: driftTo(p.newcomerFactor, account.factor, elapsed, p.driftHalfLifeMs),
			at: now,
		};
	}

	#change(peer: PeerId, apply: (account: Account) => void): void {
		const account = this.#current(this.#accounts.get(peer));
		apply(account);
		this.#makeRoom(peer);
		this.#accounts.set(peer, account);
		this.#unsaved.add(peer);
		this.#context.out.changed('network');
		if (this.#flushing) return;
		this.#flushing = true;
		this.#context.agenda.at(this.#context.now() + this.#context.parameters.ledgerFlushMs, () => {
			this.#flushing = false;
			const writes = this.unsaved();
			if (writes.length > 0) this.#context.out.commit(writes);
		});
	}

	/** Forgets the oldest stranger rather than a neighbour. */
	#makeRoom(peer: PeerId): void {
		if (this.#accounts.has(peer) || this.#accounts.size < this.#context.parameters.accounts) return;
		for (const known of this.#accounts.keys()) {
			if (this.#neighbours.has(known)) continue;
			this.#accounts.delete(known);
			this.#unsaved.delete(known);
			this.#context.out.commit([{ op: 'delete', table: 'ledger', key: [this.#context.self, known] }]);
			return;
		}
	}
}
