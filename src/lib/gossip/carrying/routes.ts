import type { Bytes, Hex, Millis, MsgId, PeerId, ReplyId } from '#lib/core/brand.ts';
import { SeenSet } from '#lib/core/seen-set.ts';
import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { Context } from '../context.ts';
import type { JobCore } from '../wire/frames.ts';
import { shortIdOf } from '../wire/job.ts';
import type { RecordWrite, RouteRecord } from '../records.ts';

/** A reply that passed here, or began or ended here. */
export interface CarriedReply {
	readonly replyId: ReplyId;
	readonly msgId: MsgId;
	readonly paymentHash: Bytes;
	/** The neighbour it came from; undefined when I wrote it or it came by rendezvous. */
	readonly from: PeerId | undefined;
	/** The neighbour it was handed to; undefined when it ended here or nobody has taken it. */
	via: PeerId | undefined;
	/** Neighbours on its way, who are owed the thank-you. */
	readonly path: Set<PeerId>;
	/** When a missing thank-you counts against `via`. */
	thanksBy: Millis;
	secret?: Bytes;
	readonly shownBy: Set<PeerId>;
}

/** What the bringer of a job is owed for each reply to it. */
export interface Owed {
	readonly peer: PeerId;
	readonly msat: number;
	/** How long the lock may last, blocks. */
	readonly lockCltv: number;
}

/** A job this node knows: mine or another's. */
export interface Route {
	readonly msgId: MsgId;
	readonly shortId: Hex;
	readonly core: Pick<JobCore, 'replyKey' | 'expiresAt'> & Partial<JobCore>;
	/** The job's bytes, unless only its way back was remembered over a reload. */
	readonly job?: { readonly bytes: Bytes; readonly signature: Bytes; readonly topic: JobCore['topic'] };
	readonly mine: boolean;
	/** Hops it may travel on from here. */
	readonly ttl: number;
	/** Ways back: who brought it first, then alternates. */
	readonly upstreams: PeerId[];
	readonly owes?: Owed;
	/** The encoded CancelJob, once it was withdrawn. */
	cancel?: Bytes;
	/** Whether it counted in the ledger already. */
	missed: boolean;
	thanked: boolean;
	readonly replies: Map<ReplyId, CarriedReply>;
}

/** How long ids of forgotten jobs are still recognised, ms, and how many: a job must not go round twice. */
const seenSpan = 10 * 60_000;
const seenCapacity = 8_192;
const sweepEvery = 60_000;

/** The memory of jobs and of the ways back: bounded, about 40 bytes a reply, nothing of it on the wire. */
export class Routes {
	readonly #context: Context;
	/** Strangers' jobs; the oldest give way. */
	readonly #routes: BoundedMap<MsgId, Route>;
	/** The person's own, which no number of others may drive out: replies to them end here. */
	readonly #mine = new Map<MsgId, Route>();
	readonly #byShortId = new Map<Hex, Route>();
	readonly #replies = new Map<ReplyId, CarriedReply>();
	readonly #forgotten: SeenSet;
	#sweeping = false;

	constructor(context: Context, records: readonly RouteRecord[]) {
		this.#context = context;
		this.#routes = new BoundedMap(context.parameters.routes);
		this.#forgotten = new SeenSet(seenSpan, seenCapacity, 0);
		for (const record of records) if (record.self === context.self) this.add(fromRecord(record));
	}

	get size(): number {
		return this.#routes.size + this.#mine.size;
	}

	get(msgId: MsgId): Route | undefined {
		return this.#mine.get(msgId) ?? this.#routes.get(msgId);
	}

	byShortId(shortId: Hex): Route | undefined {
		return this.#byShortId.get(shortId);
	}

	reply(replyId: ReplyId): CarriedReply | undefined {
		return this.#replies.get(replyId);
	}

	get replyCount(): number {
		return this.#replies.size;
	}

	/** Every reply that is owed or was given a thank-you. */
	replies(): IterableIterator<CarriedReply> {
		return this.#replies.values();
	}

	/** Whether the job was here, also when its route is forgotten. */
	knows(msgId: MsgId): boolean {
		return this.get(msgId) !== undefined || this.#forgotten.has(shortIdOf(msgId));
	}

	knowsShortId(shortId: Hex): boolean {
		return this.#byShortId.has(shortId) || this.#forgotten.has(shortId);
	}

	/** Strangers' jobs that are still open and whose text is here, newest first. */
	live(): Route[] {
		const now = this.#context.now();
		return [...this.#routes.values()]
			.filter((route) => route.job && !route.cancel && route.core.expiresAt > now)
			.reverse();
	}

	add(route: Route): Route {
		const evicted = this.#keep(route);
		this.#byShortId.set(route.shortId, route);
		for (const reply of route.replies.values()) this.#replies.set(reply.replyId, reply);
		if (evicted) this.#forget(evicted);
		this.#scheduleSweep();
		return route;
	}

	addReply(route: Route, reply: CarriedReply): CarriedReply {
		route.replies.set(reply.replyId, reply);
		this.#replies.set(reply.replyId, reply);
		return reply;
	}

	dropReply(route: Route, replyId: ReplyId): void {
		route.replies.delete(replyId);
		this.#replies.delete(replyId);
	}

	/** Remembers one more neighbour that can take replies. @returns whether it is news. */
	addUpstream(route: Route, peer: PeerId): boolean {
		if (route.mine || route.upstreams.includes(peer)) return false;
		if (route.upstreams.length > this.#context.parameters.alternates) return false;
		route.upstreams.push(peer);
		return true;
	}

	/** Writes down the way of the replies carried for others, so that thanks find it after a reload. */
	save(route: Route): RecordWrite {
		const { self } = this.#context;
		return [...route.replies.values()].some(isCarried)
			? { op: 'put', table: 'routes', value: toRecord(self, route) }
			: { op: 'delete', table: 'routes', key: [self, route.msgId] };
	}

	remove(msgId: MsgId): void {
		const route = this.get(msgId);
		if (!route) return;
		this.#mine.delete(msgId);
		this.#routes.delete(msgId);
		this.#forget(route);
	}

	/** @returns what had to go. */
	#keep(route: Route): Route | undefined {
		if (!route.mine) return this.#routes.set(route.msgId, route);
		// Another tab of this browser may have posted it, while this one only carried it.
		this.remove(route.msgId);
		this.#mine.set(route.msgId, route);
		return undefined;
	}

	#forget(route: Route): void {
		this.#byShortId.delete(route.shortId);
		for (const replyId of route.replies.keys()) this.#replies.delete(replyId);
		this.#forgotten.add(route.shortId, this.#context.now());
		if ([...route.replies.values()].some(isCarried))
			this.#context.out.commit([{ op: 'delete', table: 'routes', key: [this.#context.self, route.msgId] }]);
	}

	#scheduleSweep(): void {
		if (this.#sweeping || this.size === 0) return;
		this.#sweeping = true;
		this.#context.agenda.at(this.#context.now() + sweepEvery, () => {
			this.#sweeping = false;
			const until = this.#context.now() - this.#context.parameters.routeGraceMs;
			for (const route of [...this.#mine.values(), ...this.#routes.values()])
				if (route.core.expiresAt <= until) this.remove(route.msgId);
			this.#scheduleSweep();
		});
	}
}

/** Whether it was carried between two neighbours, which is what a middleman must not forget. */
const isCarried = (reply: CarriedReply): reply is CarriedReply & { from: PeerId; via: PeerId } =>
	reply.from !== undefined && reply.via !== undefined;

function toRecord(self: PeerId, route: Route): RouteRecord {
	const { msgId, core, upstreams, missed, thanked, owes } = route;
	const replies = [...route.replies.values()].filter(isCarried).map((reply) => ({
		replyId: reply.replyId,
		paymentHash: reply.paymentHash,
		from: reply.from,
		via: reply.via,
		thanksBy: reply.thanksBy,
		...(reply.secret ? { secret: reply.secret } : {}),
		shownBy: [...reply.shownBy],
	}));
	return {
		self,
		msgId,
		replyKey: core.replyKey,
		expiresAt: core.expiresAt,
		upstreams: [...upstreams],
		missed,
		thanked,
		...(owes ? { owes } : {}),
		replies,
	};
}

function fromRecord(record: RouteRecord): Route {
	const { msgId, replyKey, expiresAt, missed, thanked, owes } = record;
	const replies = record.replies.map((reply): CarriedReply => ({
		...reply,
		msgId,
		path: new Set([reply.from, reply.via]),
		shownBy: new Set(reply.shownBy),
	}));
	return {
		msgId,
		shortId: shortIdOf(msgId),
		core: { replyKey, expiresAt },
		mine: false,
		ttl: 0,
		upstreams: [...record.upstreams],
		missed,
		thanked,
		...(owes ? { owes } : {}),
		replies: new Map(replies.map((reply) => [reply.replyId, reply])),
	};
}
