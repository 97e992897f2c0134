import type { Hex, MsgId, PeerId, ReplyId } from '#lib/core/brand.ts';
import { defaultParameters } from '#lib/gossip/parameters.ts';
import {
	carriageTimes,
	dueAt,
	isOver,
	stepCarriage,
	type Carriage,
	type CarriageEffect,
	type CarriageEvent,
} from '#lib/gossip/settling/carriage.ts';
import { owedOnTrust, TollCredit } from '#lib/gossip/settling/credit.ts';
import type { PaymentRecord } from '#lib/gossip/settling/records.ts';
import { lockRequest, requestOf, toStep } from '#lib/gossip/settling/requests.ts';
import type { TillEvent, TillRequest } from '#lib/gossip/settling/till.ts';
import type { Account } from '#lib/wallet/lightning/ledger/account.ts';
import type { LightningWallet } from '#lib/wallet/lightning/port.ts';
import { Till, type TillPorts } from '#lib/wallet/lightning/till.ts';
import { limits } from './limits.ts';

const times = { ...carriageTimes, thanksMs: defaultParameters.replyLockMs };

/** Planted mistakes that a run must find. */
export const bugs = [
	'pay-before-lock',
	'timeout-is-failure',
	'journal-after-pay',
	'cancel-while-paying',
	'credit-without-limit',
	'forget-settling',
] as const;
export type Bug = (typeof bugs)[number];

export type Message =
	| { readonly kind: 'request'; readonly replyId: ReplyId; readonly hash: Hex; readonly lock: boolean }
	| { readonly kind: 'invoice'; readonly replyId: ReplyId; readonly bolt11: string }
	| { readonly kind: 'thanks'; readonly replyId: ReplyId; readonly secret: Hex }
	| { readonly kind: 'give-up'; readonly replyId: ReplyId };

export interface World {
	readonly bug: Bug | undefined;
	now(): number;
	after(ms: number, run: () => void): () => void;
	send(from: Party, to: PeerId, message: Message): void;
	check: NonNullable<TillPorts['check']>;
	/** The wallet as this life of the party sees it. */
	wallet(party: Party, alive: () => boolean): LightningWallet;
	/** Whether the tab dies just after a write. */
	dies(party: Party): boolean;
}

export interface PartyTerms {
	readonly name: PeerId;
	/** To whom a reply is handed on: nearer to the originator. */
	readonly up: PeerId | undefined;
	/** What it asks whoever brings a reply, and pays on. */
	readonly asks: number;
	readonly owes: number;
	readonly minCltv: number;
	readonly maxCltv: number;
	readonly holds: boolean;
	readonly wraps: boolean;
}

/** One node's money: the machines of its replies and its till, both real; what it has on disk; what it has yet to do. */
export class Party {
	readonly terms: PartyTerms;
	readonly account: Account;
	readonly disk = { carriages: new Map<ReplyId, Carriage>(), payments: new Map<Hex, PaymentRecord>() };
	/** Read by the originator: money locked or promised. */
	readonly read = new Set<ReplyId>();
	readonly #world: World;
	#carriages = new Map<ReplyId, Carriage>();
	#bodies = new Set<ReplyId>();
	#effects: (() => void)[] = [];
	#credit = new TollCredit();
	#till: Till | undefined;
	#life = 0;

	constructor(world: World, terms: PartyTerms, account: Account) {
		this.#world = world;
		this.terms = terms;
		this.account = account;
	}

	get waits(): boolean {
		return this.#effects.length > 0;
	}

	/** Loads what is on disk; everything else is forgotten. */
	start(): void {
		this.#till?.close();
		this.#life += 1;
		const life = this.#life;
		const alive = () => this.#life === life;
		const { bug } = this.#world;
		this.#effects = [];
		this.#bodies = new Set();
		this.#carriages = new Map(this.disk.carriages);
		this.#credit = new TollCredit();
		this.#credit.restore(this.#carriages.values());
		const till = new Till(
			{
				clock: {
					now: () => this.#world.now(),
					after: (ms, run) => this.#world.after(ms, () => alive() && run()),
				},
				commit: (writes) => {
					if (!alive()) return new Promise<never>(() => undefined);
					for (const write of writes)
						if (write.op === 'put' && write.table === 'payments') {
							if (bug === 'journal-after-pay' && write.value.state === 'started') continue;
							this.disk.payments.set(write.value.hash, write.value);
						}
					if (this.#world.dies(this)) {
						this.start();
						return new Promise<never>(() => undefined);
					}
					return Promise.resolve({ ok: true, value: null });
				},
				emit: (event) => {
					if (alive()) this.#onTill(event);
				},
				changed: () => undefined,
				heard: () => undefined,
				check: this.#world.check,
			},
			limits,
			[...this.disk.payments.values()],
		);
		this.#till = till;
		till.use(this.#world.wallet(this, alive), 'bcrt');
		for (const carriage of this.#carriages.values())
			if (!isOver(carriage)) this.step(carriage.replyId, { kind: 'restart' });
	}

	/** The worker's own reply. */
	offer(replyId: ReplyId, hash: Hex): void {
		this.#keep({ replyId, msgId: 'job' as MsgId, hash, at: this.#world.now() });
		this.#bodies.add(replyId);
		this.#handOn(replyId);
	}

	/** The originator is content. */
	thank(replyId: ReplyId, secret: Hex): void {
		this.#thanked(replyId, secret);
	}

	receive(from: PeerId, message: Message): void {
		const { replyId } = message;
		switch (message.kind) {
			case 'request':
				this.#request(from, message);
				return;
			case 'invoice':
				this.step(replyId, { kind: 'invoice', peer: from, bolt11: message.bolt11 });
				return;
			case 'thanks':
				this.#thanked(replyId, message.secret);
				return;
			case 'give-up':
				this.step(replyId, { kind: 'stuck' });
				return;
		}
	}

	/** Carries out one effect that waits. */
	work(): void {
		this.#effects.shift()?.();
	}

	/** Tells the machines that time has come. */
	look(): void {
		for (const carriage of [...this.#carriages.values()])
			if ((dueAt(carriage) ?? Infinity) <= this.#world.now()) this.step(carriage.replyId, { kind: 'due' });
	}

	async lookAtWallet(): Promise<void> {
		await this.#till?.look();
	}

	step(replyId: ReplyId, event: CarriageEvent): void {
		const before = this.#carriages.get(replyId);
		if (!before) return;
		const { bug } = this.#world;
		if (bug === 'forget-settling' && event.kind === 'restart' && before.incoming?.state === 'settling')
			return;
		let seen = before;
		if (bug === 'cancel-while-paying' && event.kind === 'due' && before.outgoing?.state === 'paying')
			seen = { ...before, outgoing: { ...before.outgoing, state: 'failed' } };
		const [carriage, effects] = stepCarriage(seen, event, this.#world.now(), times);
		if (carriage === before && effects.length === 0) return;
		if (carriage.incoming?.state === 'paid' && before.incoming?.state !== 'paid')
			this.#credit.paid(carriage.incoming.peer);
		this.#keep(carriage);
		for (const effect of effects) this.#later(() => this.#carryOut(replyId, effect));
		// Its own lock is made while the other is not locked yet.
		if (bug === 'pay-before-lock' && event.kind === 'made' && carriage.incoming?.kind === 'hold')
			this.#later(() => this.#handOnBlindly(replyId));
	}

	#handOnBlindly(replyId: ReplyId): void {
		const carriage = this.#carriages.get(replyId);
		if (carriage?.incoming?.state !== 'open') return;
		this.#keep({ ...carriage, incoming: { ...carriage.incoming, state: 'locked' } });
		this.#proceed(replyId);
	}

	#keep(carriage: Carriage): void {
		this.#carriages.set(carriage.replyId, carriage);
		this.disk.carriages.set(carriage.replyId, carriage);
	}

	#later(run: () => void): void {
		this.#effects.push(run);
	}

	#request(from: PeerId, { replyId, hash, lock }: Extract<Message, { kind: 'request' }>): void {
		if (this.#carriages.has(replyId)) return;
		const now = this.#world.now();
		const base = { replyId, msgId: 'job' as MsgId, hash, at: now };
		const msat = this.terms.asks;
		if (lock && this.terms.holds) {
			const dueAt = now + times.lockMs;
			const carriage: Carriage = {
				...base,
				incoming: { peer: from, kind: 'hold', msat, state: 'making', dueAt },
			};
			this.#keep(carriage);
			this.#bodies.add(replyId);
			this.#ask(lockRequest(carriage, msat, this.terms.minCltv));
			return;
		}
		const limit = this.#world.bug === 'credit-without-limit' ? Infinity : this.#credit.limit(from);
		if (owedOnTrust([...this.#carriages.values()], from) + msat > limit) {
			this.#world.send(this, from, { kind: 'give-up', replyId });
			return;
		}
		const dueAt = now + times.thanksMs;
		this.#keep({ ...base, incoming: { peer: from, kind: 'iou', msat, state: 'promised', dueAt } });
		this.#bodies.add(replyId);
		this.#later(() => this.#proceed(replyId));
	}

	/** The body went with the crash: then nothing is handed on. */
	#proceed(replyId: ReplyId): void {
		if (!this.#bodies.has(replyId)) return;
		if (this.terms.up === undefined) this.read.add(replyId);
		else this.#handOn(replyId);
	}

	#handOn(replyId: ReplyId): void {
		const { up, owes, wraps } = this.terms;
		const carriage = this.#carriages.get(replyId);
		if (up === undefined || !carriage) return;
		const leg = carriage.incoming?.kind !== 'hold' || wraps ? 'hold' : 'iou';
		this.step(replyId, { kind: 'handed-on', peer: up, leg, msat: owes });
		const { hash } = carriage;
		this.#later(() => this.#world.send(this, up, { kind: 'request', replyId, hash, lock: leg === 'hold' }));
	}

	#thanked(replyId: ReplyId, secret: Hex): void {
		const carriage = this.#carriages.get(replyId);
		if (!carriage) return;
		this.step(replyId, { kind: 'thanked', secret });
		this.#passOn(carriage, secret);
	}

	#passOn({ replyId, incoming }: Carriage, secret: Hex): void {
		if (incoming)
			this.#later(() => this.#world.send(this, incoming.peer, { kind: 'thanks', replyId, secret }));
	}

	#ask(request: TillRequest): void {
		this.#later(() => void this.#till?.perform(request));
	}

	#onTill(event: TillEvent): void {
		const replyId = event.id.split(':')[1] as ReplyId;
		const step = toStep(event);
		if (step) this.step(replyId, step);
	}

	#carryOut(replyId: ReplyId, effect: CarriageEffect): void {
		const carriage = this.#carriages.get(replyId);
		if (!carriage) return;
		const { incoming } = carriage;
		switch (effect.kind) {
			case 'make':
				return;
			case 'bill':
			case 'watch':
			case 'settle':
			case 'cancel':
			case 'pay':
			case 'recall': {
				const request = requestOf(carriage, effect, this.terms.maxCltv);
				if (request) void this.#till?.perform(request);
				return;
			}
			case 'send-invoice':
				this.#world.send(this, effect.peer, { kind: 'invoice', replyId, bolt11: effect.bolt11 });
				return;
			case 'proceed':
				this.#proceed(replyId);
				return;
			case 'give-up':
				this.#bodies.delete(replyId);
				if (incoming) this.#world.send(this, incoming.peer, { kind: 'give-up', replyId });
				return;
			case 'learnt':
				this.#passOn(carriage, effect.secret);
				return;
			case 'defaulted':
				this.#credit.defaulted(effect.peer);
				return;
		}
	}
}
