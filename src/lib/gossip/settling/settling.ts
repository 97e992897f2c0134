import type { Bytes, PeerId, ReplyId } from '#lib/core/brand.ts';
import { hexBytes, toHex } from '#lib/core/bytes.ts';
import type { Askings } from '../carrying/asking.ts';
import type { Asking, Errand } from '../carrying/errand.ts';
import type { Ledger } from '../carrying/ledger.ts';
import type { Neighbours } from '../carrying/neighbours.ts';
import type { CarriedReply, Route, Routes } from '../carrying/routes.ts';
import type { Thanks } from '../carrying/thanks.ts';
import type { Tolls } from '../carrying/tolls.ts';
import type { WorkBudget } from '../carrying/work-budget.ts';
import { refuse, send, type Context } from '../context.ts';
import type { PersonaRecords, RecordWrite } from '../records.ts';
import type { MeshFrameOf, RefusalCode } from '../wire/frames.ts';
import { replyIdOf } from '../wire/thank-you.ts';
import {
	carriageTimes,
	dueAt,
	isOver,
	stepCarriage,
	type Carriage,
	type CarriageEffect,
	type CarriageEvent,
	type CarriageTimes,
} from './carriage.ts';
import { owedOnTrust, TollCredit } from './credit.ts';
import { ReplyPrices } from './prices.ts';
import { Purchases } from './purchases.ts';
import { lockRequest, requestOf, toStep } from './requests.ts';
import { Sales } from './sales.ts';
import type { TillEvent, TillRequest } from './till.ts';

export interface SettlingParts {
	readonly routes: Routes;
	readonly askings: Askings;
	readonly neighbours: Neighbours;
	readonly thanks: Thanks;
	readonly ledger: Ledger;
	readonly budget: WorkBudget;
}

interface Live {
	carriage: Carriage;
	/** Lets the reply travel on. */
	proceed: (() => RefusalCode | undefined) | undefined;
	cancelTimer: () => void;
}

/** Ended carriages kept for the person to see. */
const kept = 500;

/** Where the owner's wallet meets the engine: favours sold and bought, replies carried for money. */
export class Settling implements Tolls {
	readonly #context: Context;
	readonly #routes: Routes;
	readonly #thanks: Thanks;
	readonly #ledger: Ledger;
	readonly #sales: Sales;
	readonly #purchases: Purchases;
	readonly #prices: ReplyPrices;
	readonly #credit = new TollCredit();
	readonly #carriages = new Map<ReplyId, Live>();
	readonly #times: CarriageTimes;

	constructor(
		context: Context,
		parts: SettlingParts,
		records: Pick<PersonaRecords, 'carriages' | 'packs' | 'payments'>,
	) {
		this.#context = context;
		this.#times = { ...carriageTimes, thanksMs: context.parameters.replyLockMs };
		this.#routes = parts.routes;
		this.#thanks = parts.thanks;
		this.#ledger = parts.ledger;
		this.#sales = new Sales(context, parts.ledger, parts.neighbours, records.packs);
		this.#purchases = new Purchases(context, parts.askings, parts.budget, records.payments);
		this.#prices = new ReplyPrices(parts.neighbours, () => context.money.terms);
		this.#credit.restore(records.carriages);
		for (const carriage of records.carriages) {
			this.#carriages.set(carriage.replyId, { carriage, proceed: undefined, cancelTimer: () => undefined });
			if (!isOver(carriage)) this.#step(carriage.replyId, { kind: 'restart' });
		}
	}

	/** Every reply that costs or earned something, for the view. */
	carriages(): Carriage[] {
		return [...this.#carriages.values()].map(({ carriage }) => carriage);
	}

	quote(peer: PeerId, complexity: number, answer: MeshFrameOf<'AskForFavourReply'>, topic: string): boolean {
		return this.#sales.quote(peer, complexity, answer, topic);
	}

	redeem(peer: PeerId, proof: Bytes): boolean {
		return this.#sales.redeem(peer, proof);
	}

	considers(asking: Asking, frame: MeshFrameOf<'AskForFavourReply'>, topic: string) {
		return this.#purchases.considers(asking, frame, topic);
	}

	buy(errand: Errand, asking: Asking): void {
		this.#purchases.buy(errand, asking);
	}

	replyPrice(route: Route, peer: PeerId) {
		return this.#prices.ask(route, peer);
	}

	mayOwe(frame: MeshFrameOf<'Broadcast'>): RefusalCode | undefined {
		return this.#prices.mayOwe(frame);
	}

	receive(
		route: Route,
		peer: PeerId,
		frame: MeshFrameOf<'ReplyRequest'>,
		proceed: () => RefusalCode | undefined,
	): 'now' | 'later' | RefusalCode {
		const msat = this.#prices.ask(route, peer)?.replyPriceMsat ?? 0;
		if (msat === 0) return 'now';
		const replyId = replyIdOf(frame.ephemeralKey);
		const hash = toHex(frame.paymentHash);
		const known = this.#carriages.get(replyId)?.carriage;
		if (known)
			return known.incoming?.peer === peer && known.hash === hash && !isOver(known) ? 'later' : 'no-route';
		const now = this.#context.now();
		const base = { replyId, msgId: route.msgId, hash, at: now };
		if (this.#context.money.terms.holds && (frame.lockMsat ?? 0) >= msat) {
			const dueAt = now + this.#times.lockMs;
			const incoming = { peer, kind: 'hold', msat, state: 'making', dueAt } as const;
			const carriage = { ...base, incoming };
			this.#begin(carriage, proceed);
			this.#request(lockRequest(carriage, msat, this.#prices.lock(route)), replyId);
			return 'later';
		}
		if (owedOnTrust(this.carriages(), peer) + msat > this.#credit.limit(peer)) return 'price-too-high';
		const dueAt = now + this.#times.thanksMs;
		this.#begin({ ...base, incoming: { peer, kind: 'iou', msat, state: 'promised', dueAt } }, undefined);
		this.#context.out.commit(this.#write(replyId));
		return 'now';
	}

	handOn(
		route: Route,
		reply: CarriedReply,
		next: PeerId,
	): Pick<MeshFrameOf<'ReplyRequest'>, 'lockMsat'> | undefined {
		const { owes } = route;
		if (!owes) return {};
		// An alternate named no price: only who brought the job can be paid.
		if (owes.peer !== next) return undefined;
		const { terms } = this.#context.money;
		const { replyId, msgId } = reply;
		const known = this.#carriages.get(replyId)?.carriage;
		// A middleman whose own leg was not secured pays nothing on.
		if (!known && reply.from !== undefined) return undefined;
		if (known?.outgoing && ['paying', 'paid', 'failed', 'owing'].includes(known.outgoing.state))
			return undefined;
		if (!known)
			this.#begin({ replyId, msgId, hash: toHex(reply.paymentHash), at: this.#context.now() }, undefined);
		const locks = terms.pays && this.#prices.can(next, 'holds');
		const leg = locks && (known?.incoming?.kind !== 'hold' || terms.wraps) ? 'hold' : 'iou';
		this.#step(replyId, { kind: 'handed-on', peer: next, leg, msat: owes.msat });
		return leg === 'hold' ? { lockMsat: owes.msat } : {};
	}

	isPaying(replyId: ReplyId): boolean {
		const state = this.#carriages.get(replyId)?.carriage.outgoing?.state;
		return state === 'paying' || state === 'paid' || state === 'owing';
	}

	stuck(replyId: ReplyId): void {
		this.#step(replyId, { kind: 'stuck' });
	}

	thanked({ replyId }: CarriedReply, secret: Bytes): void {
		this.#step(replyId, { kind: 'thanked', secret: toHex(secret) });
	}

	onInvoice(peer: PeerId, frame: MeshFrameOf<'ReplyInvoice'>): void {
		if (this.#carriages.has(frame.replyId))
			this.#step(frame.replyId, { kind: 'invoice', peer, bolt11: frame.invoice });
		else refuse(this.#context, peer, frame.replyId, 'no-wallet');
	}

	onTill(event: TillEvent): void {
		this.#sales.onTill(event);
		this.#purchases.onTill(event);
		const [sort, id] = event.id.split(':');
		if (sort !== 'carriage' && sort !== 'bill' && sort !== 'pay') return;
		const step = toStep(event);
		if (step && id !== undefined) this.#step(id as ReplyId, step);
	}

	#begin(carriage: Carriage, proceed: Live['proceed']): void {
		this.#carriages.set(carriage.replyId, { carriage, proceed, cancelTimer: () => undefined });
		this.#forgetOld();
	}

	/** Asks the wallet only once what it is asked for is on disk. */
	#request(request: TillRequest, replyId: ReplyId): void {
		this.#context.out.commit(this.#write(replyId), () => this.#context.out.push({ kind: 'till', request }));
	}

	#step(replyId: ReplyId, event: CarriageEvent): void {
		const live = this.#carriages.get(replyId);
		if (!live) return;
		const before = live.carriage;
		const [carriage, effects] = stepCarriage(before, event, this.#context.now(), this.#times);
		live.carriage = carriage;
		if (carriage.incoming?.state === 'paid' && before.incoming?.state !== 'paid')
			this.#credit.paid(carriage.incoming.peer);
		this.#watch(live);
		if (carriage === before && effects.length === 0) return;
		// The step is on disk before anything it leads to is done.
		this.#context.out.commit(this.#write(replyId), () => {
			for (const effect of effects) this.#carryOut(live, effect);
		});
	}

	#carryOut(live: Live, effect: CarriageEffect): void {
		const { carriage } = live;
		const { replyId, incoming } = carriage;
		switch (effect.kind) {
			case 'make':
				return;
			case 'bill':
			case 'watch':
			case 'settle':
			case 'cancel':
			case 'pay':
			case 'recall': {
				const lockCltv = this.#routes.get(carriage.msgId)?.owes?.lockCltv ?? 0;
				const request = requestOf(carriage, effect, lockCltv);
				if (request) this.#context.out.push({ kind: 'till', request });
				return;
			}
			case 'send-invoice':
				send(this.#context, effect.peer, {
					kind: 'ReplyInvoice',
					replyId,
					invoice: effect.bolt11,
					payBy: incoming?.dueAt ?? this.#context.now(),
				});
				return;
			case 'proceed': {
				const refusal = live.proceed?.();
				live.proceed = undefined;
				if (refusal !== undefined) this.#step(replyId, { kind: 'stuck' });
				return;
			}
			case 'give-up':
				live.proceed = undefined;
				if (incoming) refuse(this.#context, incoming.peer, replyId, 'no-route');
				return;
			case 'learnt': {
				const reply = this.#routes.reply(replyId);
				if (reply) this.#thanks.give(reply, hexBytes(effect.secret));
				return;
			}
			case 'defaulted':
				this.#credit.defaulted(effect.peer);
				this.#ledger.missed(effect.peer);
				return;
		}
	}

	#watch(live: Live): void {
		live.cancelTimer();
		const at = dueAt(live.carriage);
		if (at === undefined) return;
		const { replyId } = live.carriage;
		// A wait that is over and led to nothing is not waited for again.
		if (at <= this.#context.now()) return;
		live.cancelTimer = this.#context.agenda.at(at, () => this.#step(replyId, { kind: 'due' }));
	}

	#write(replyId: ReplyId): RecordWrite[] {
		const live = this.#carriages.get(replyId);
		return live ? [{ op: 'put', table: 'carriages', value: live.carriage }] : [];
	}

	#forgetOld(): void {
		if (this.#carriages.size <= kept) return;
		for (const [replyId, { carriage }] of this.#carriages) {
			if (!isOver(carriage)) continue;
			this.#carriages.delete(replyId);
			this.#context.out.commit([{ op: 'delete', table: 'carriages', key: replyId }]);
			return;
		}
	}
}
