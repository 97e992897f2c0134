import type { PeerId, ReplyId } from '#lib/core/brand.ts';
import { BoundedMap } from '#lib/core/bounded-map.ts';
import { refuse, send, type Context } from '../context.ts';
import type { MeshFrameOf, RefusalCode } from '../wire/frames.ts';
import { wireLimits } from '../limits.ts';
import type { Neighbours } from './neighbours.ts';
import type { CarriedReply, Route, Routes } from './routes.ts';
import type { Thanks } from './thanks.ts';
import { replyIdOf } from '../wire/thank-you.ts';

type ReplyRequest = MeshFrameOf<'ReplyRequest'>;

/** Where replies begin and end in this node. */
export interface ReplyEnds {
	/** A reply to a job of mine. @returns why it is not taken. */
	receive(route: Route, replyId: ReplyId, frame: ReplyRequest, from: PeerId): RefusalCode | undefined;
	/** A reply of mine was handed to a neighbour. */
	handedOn(replyId: ReplyId): void;
	/** A reply of mine found no way through the mesh, or was refused at its end. */
	refused(replyId: ReplyId, code: RefusalCode, by: PeerId | undefined): void;
}

/** Refusals that another way would not change: the reply's end, or somebody who knows, has spoken. */
const final: ReadonlySet<RefusalCode> = new Set([
	'job-expired',
	'job-cancelled',
	'bad-reply',
	'no-wallet',
	'price-too-high',
	'too-many-hops',
]);

interface Held {
	readonly frame: ReplyRequest;
	readonly tried: Set<PeerId>;
}

/** Carries replies back: to who brought the job, or one of the alternates, each way tried once. */
export class Replies {
	readonly #context: Context;
	readonly #routes: Routes;
	readonly #neighbours: Neighbours;
	readonly #thanks: Thanks;
	readonly #ends: ReplyEnds;
	/** Bodies, until they are old: an alternate may have to carry them. */
	readonly #held: BoundedMap<ReplyId, Held>;

	constructor(context: Context, routes: Routes, neighbours: Neighbours, thanks: Thanks, ends: ReplyEnds) {
		this.#context = context;
		this.#routes = routes;
		this.#neighbours = neighbours;
		this.#thanks = thanks;
		this.#ends = ends;
		this.#held = new BoundedMap(context.parameters.heldReplies);
	}

	onReplyRequest(peer: PeerId, frame: ReplyRequest): void {
		const replyId = replyIdOf(frame.ephemeralKey);
		const code = this.#accept(peer, replyId, frame);
		if (code) refuse(this.#context, peer, replyId, code);
	}

	/** Sends a reply of mine. */
	submit(route: Route, replyId: ReplyId, frame: ReplyRequest): void {
		const reply = this.#routes.reply(replyId) ?? this.#carry(route, replyId, frame, undefined);
		this.#held.set(replyId, { frame, tried: new Set() });
		this.#handOn(route, reply);
	}

	onRefuse(peer: PeerId, replyId: ReplyId, code: RefusalCode): void {
		const reply = this.#routes.reply(replyId);
		const route = reply && this.#routes.get(reply.msgId);
		if (!route || reply.via !== peer || reply.secret) return;
		// Money went on with it: only the wallet can say that it came back.
		if (this.#context.money.tolls?.isPaying(replyId)) return;
		reply.path.delete(peer);
		reply.via = undefined;
		if (final.has(code)) this.#giveUp(route, reply, code, peer);
		else this.#handOn(route, reply, code);
	}

	/** What the lost neighbour may not have passed on goes another way, if there is one. */
	linkDown(peer: PeerId): void {
		for (const replyId of [...this.#held.keys()]) {
			const reply = this.#routes.reply(replyId);
			const route = reply && this.#routes.get(reply.msgId);
			const isPaid = this.#context.money.tolls?.isPaying(replyId) === true;
			if (route && reply.via === peer && !reply.secret && !isPaid && this.#nextHop(route, reply))
				this.#handOn(route, reply);
		}
	}

	#accept(peer: PeerId, replyId: ReplyId, frame: ReplyRequest): RefusalCode | undefined {
		const route = this.#routes.get(frame.msgId);
		if (!route) return 'unknown-job';
		if (route.cancel) return 'job-cancelled';
		if (route.core.expiresAt <= this.#context.now()) return 'job-expired';
		// One ephemeral key, one reply: under another job it would take the place of the one it was copied from.
		const known = this.#routes.reply(replyId);
		if (known && known.msgId !== frame.msgId) return 'bad-reply';
		const { tolls } = this.#context.money;
		const bills = tolls && this.#context.money.terms.bills;
		if ((!bills && (frame.lockMsat ?? 0) > 0) || frame.invoice !== undefined) return 'no-wallet';
		if (route.mine) {
			const receive = () => this.#ends.receive(route, replyId, frame, peer);
			const when = tolls?.receive(route, peer, frame, receive) ?? 'now';
			if (when === 'later') return undefined;
			return when === 'now' ? receive() : when;
		}
		// From elsewhere it went in a circle: the sender must try another way.
		if (known) return known.from === peer ? undefined : 'no-route';
		if (frame.hops >= 2 * wireLimits.ttl) return 'too-many-hops';
		if (!this.#hasRoom(route, peer)) return 'not-now';
		const carry = () => this.#pass(route, replyId, frame, peer);
		const when = tolls?.receive(route, peer, frame, carry) ?? 'now';
		if (when === 'later') return undefined;
		return when === 'now' ? carry() : when;
	}

	#pass(route: Route, replyId: ReplyId, frame: ReplyRequest, peer: PeerId): RefusalCode | undefined {
		this.#context.traffic.repliesCarried += 1;
		const passed = { ...frame, hops: frame.hops + 1 };
		// What its bringer pays is between the two of us.
		delete passed.lockMsat;
		delete passed.invoice;
		this.#held.set(replyId, { frame: passed, tried: new Set() });
		this.#handOn(route, this.#carry(route, replyId, passed, peer));
		return undefined;
	}

	/** One neighbour gets at most half of the room, so that it cannot keep everybody else's replies out. */
	#hasRoom({ replies }: Route, peer: PeerId): boolean {
		const { repliesPerJob, carriedReplies } = this.#context.parameters;
		const fits = (all: Iterable<CarriedReply>, size: number, room: number) =>
			size < room / 2 || (size < room && [...all].filter((reply) => reply.from === peer).length < room / 2);
		return (
			fits(replies.values(), replies.size, repliesPerJob) &&
			fits(this.#routes.replies(), this.#routes.replyCount, carriedReplies)
		);
	}

	#carry(route: Route, replyId: ReplyId, frame: ReplyRequest, from: PeerId | undefined): CarriedReply {
		return this.#routes.addReply(route, {
			replyId,
			msgId: route.msgId,
			paymentHash: frame.paymentHash,
			from,
			via: undefined,
			path: new Set(from === undefined ? [] : [from]),
			thanksBy: 0,
			shownBy: new Set(),
		});
	}

	#nextHop(route: Route, reply: CarriedReply): PeerId | undefined {
		const tried = this.#held.get(reply.replyId)?.tried;
		return route.upstreams.find(
			(peer) => peer !== reply.from && tried?.has(peer) === false && this.#neighbours.has(peer),
		);
	}

	#handOn(route: Route, reply: CarriedReply, code: RefusalCode = 'no-route'): void {
		const next = this.#nextHop(route, reply);
		const held = this.#held.get(reply.replyId);
		if (next === undefined || !held) {
			this.#giveUp(route, reply, code, undefined);
			return;
		}
		held.tried.add(next);
		const price = this.#context.money.tolls?.handOn(route, reply, next) ?? (route.owes ? undefined : {});
		if (!price) {
			this.#handOn(route, reply, code);
			return;
		}
		const priced = { ...held.frame, ...price };
		reply.via = next;
		reply.path.add(next);
		reply.thanksBy = this.#context.now() + this.#context.parameters.thankYouTimeoutMs;
		if (reply.from === undefined) {
			send(this.#context, next, priced);
			this.#ends.handedOn(reply.replyId);
			return;
		}
		this.#thanks.watch(reply);
		this.#context.out.commit([this.#routes.save(route)], () => send(this.#context, next, priced));
	}

	#giveUp(route: Route, reply: CarriedReply, code: RefusalCode, by: PeerId | undefined): void {
		this.#held.delete(reply.replyId);
		this.#context.money.tolls?.stuck(reply.replyId);
		if (reply.from === undefined) {
			this.#ends.refused(reply.replyId, code, by);
			return;
		}
		const { from, replyId } = reply;
		this.#routes.dropReply(route, replyId);
		const answer = () => refuse(this.#context, from, replyId, code);
		// Written down when it was handed on: after a reload nobody must seem to owe thanks for what it refused.
		if (reply.thanksBy > 0) this.#context.out.commit([this.#routes.save(route)], answer);
		else answer();
	}
}
