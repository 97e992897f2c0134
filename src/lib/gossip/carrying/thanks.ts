import type { Bytes, PeerId } from '#lib/core/brand.ts';
import { equalBytes } from '#lib/core/bytes.ts';
import { send, type Context } from '../context.ts';
import type { MeshFrameOf } from '../wire/frames.ts';
import type { Ledger } from './ledger.ts';
import type { Neighbours } from './neighbours.ts';
import type { CarriedReply, Routes } from './routes.ts';
import { paymentHashOf } from '../wire/thank-you.ts';

/**
 * Thank-yous on their way. The secret is a bearer's: checked by hash, taken from whichever neighbour brings it,
 * passed on once to every neighbour on the reply's way that has not shown it, and again when such a one comes back.
 */
export class Thanks {
	readonly #context: Context;
	readonly #routes: Routes;
	readonly #ledger: Ledger;
	readonly #neighbours: Neighbours;
	/** Told when the secret of a reply is learnt from the mesh. */
	readonly #learnt: (reply: CarriedReply) => void;

	constructor(
		context: Context,
		routes: Routes,
		ledger: Ledger,
		neighbours: Neighbours,
		learnt: (reply: CarriedReply) => void,
	) {
		this.#context = context;
		this.#routes = routes;
		this.#ledger = ledger;
		this.#neighbours = neighbours;
		this.#learnt = learnt;
	}

	/** Watches again over what was carried before a reload; links need a moment to come back. */
	resume(): void {
		const earliest = this.#context.now() + this.#context.parameters.thankYouTimeoutMs / 2;
		for (const reply of this.#routes.replies()) {
			reply.thanksBy = Math.max(reply.thanksBy, earliest);
			this.watch(reply);
		}
	}

	/** @returns false when the secret is not this reply's: no honest node sends that. */
	onThankYou(peer: PeerId, frame: MeshFrameOf<'ThankYou'>): boolean {
		const reply = this.#routes.reply(frame.replyId);
		if (!reply || reply.msgId !== frame.msgId) return true;
		if (!equalBytes(paymentHashOf(frame.secret), reply.paymentHash)) return false;
		this.#context.traffic.thanksSeen += 1;
		if (reply.path.has(peer)) reply.shownBy.add(peer);
		if (reply.secret) return true;
		this.give(reply, frame.secret);
		this.#learnt(reply);
		return true;
	}

	/** The secret is known: it settles what carrying the reply cost, and goes to everybody on its way. */
	give(reply: CarriedReply, secret: Bytes): void {
		if (reply.secret) return;
		reply.secret = secret;
		this.#context.money.tolls?.thanked(reply, secret);
		const route = this.#routes.get(reply.msgId);
		if (!route || reply.from === undefined || reply.via === undefined) {
			this.#passOn(reply);
			return;
		}
		if (!route.thanked) {
			route.thanked = true;
			this.#ledger.thanked(reply.via);
		}
		this.#context.out.commit([this.#routes.save(route), ...this.#ledger.unsaved()], () =>
			this.#passOn(reply),
		);
	}

	/** Counts a missing thank-you against the neighbour that took the reply, once for each broadcast. */
	watch(reply: CarriedReply): void {
		const { via, thanksBy } = reply;
		if (via === undefined || reply.from === undefined) return;
		this.#context.agenda.at(thanksBy, () => {
			const route = this.#routes.get(reply.msgId);
			const stillOwed = this.#routes.reply(reply.replyId) === reply && reply.via === via && !reply.secret;
			if (!route || !stillOwed || route.thanked || route.missed || reply.thanksBy !== thanksBy) return;
			route.missed = true;
			this.#ledger.missed(via);
			this.#context.out.commit([this.#routes.save(route), ...this.#ledger.unsaved()]);
		});
	}

	linkUp(peer: PeerId): void {
		for (const reply of this.#routes.replies()) this.show(reply, peer);
	}

	#passOn(reply: CarriedReply): void {
		for (const peer of reply.path) this.show(reply, peer);
	}

	/** Gives it to one neighbour on the reply's way, unless that one has shown it. */
	show(reply: CarriedReply, peer: PeerId): void {
		const { msgId, replyId, secret } = reply;
		if (!secret || !reply.path.has(peer) || reply.shownBy.has(peer) || !this.#neighbours.has(peer)) return;
		send(this.#context, peer, { kind: 'ThankYou', msgId, replyId, secret });
	}
}
