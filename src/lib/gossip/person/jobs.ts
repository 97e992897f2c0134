import type { Hex, Millis, MsgId, PeerId, PublicKey } from '#lib/core/brand.ts';
import { compressedKey, publicKey } from '#lib/core/crypto/schnorr.ts';
import type { Activity } from './activity.ts';
import type { Askings } from '../carrying/asking.ts';
import { randomHex, send, type PersonContext } from '../context.ts';
import { count, isCarrying, isPending, whyNobody } from '../carrying/errand.ts';
import { meshFrames, type JobCore } from '../wire/frames.ts';
import { readJob, shortIdOf, signCancel, signJob } from '../wire/job.ts';
import { jobKeys, type JobKeys } from '../wire/keys.ts';
import type { Neighbours } from '../carrying/neighbours.ts';
import type { JobRecord, RecordWrite } from '../records.ts';
import type { Router } from '../carrying/router.ts';
import type { Routes } from '../carrying/routes.ts';
import { randomInt } from '#lib/core/random.ts';
import type { Cause, Money } from '../view.ts';

/** A job of mine with what is derived from its record. */
export interface OwnJob {
	record: JobRecord;
	readonly core: JobCore;
	readonly keys: JobKeys;
	/** When it has failed unless a neighbour carries it; set once one was asked. */
	deadline?: Millis;
	cancelTimers: (() => void)[];
	/** Ends the listening that is on. */
	listening?: () => void;
}

export const isOpen = ({ record }: OwnJob): boolean =>
	record.status === 'posting' || record.status === 'open';

/** The customer's jobs: posted, carried, withdrawn, expired. */
export class Jobs {
	readonly #context: PersonContext;
	readonly #routes: Routes;
	readonly #router: Router;
	readonly #askings: Askings;
	readonly #neighbours: Neighbours;
	readonly #activity: Activity;
	readonly #hasConversations: (msgId: MsgId) => boolean;
	readonly #secrets: (msgId: MsgId) => readonly Hex[];
	readonly #jobs = new Map<MsgId, OwnJob>();

	constructor(
		context: PersonContext,
		parts: {
			readonly routes: Routes;
			readonly router: Router;
			readonly askings: Askings;
			readonly neighbours: Neighbours;
			readonly activity: Activity;
			/** Whether a worker of this job may still call. */
			readonly hasConversations: (msgId: MsgId) => boolean;
			/** What its workers name when they call. */
			readonly secrets: (msgId: MsgId) => readonly Hex[];
		},
	) {
		this.#context = context;
		this.#routes = parts.routes;
		this.#router = parts.router;
		this.#askings = parts.askings;
		this.#neighbours = parts.neighbours;
		this.#activity = parts.activity;
		this.#hasConversations = parts.hasConversations;
		this.#secrets = parts.secrets;
	}

	get(msgId: MsgId): OwnJob | undefined {
		return this.#jobs.get(msgId);
	}

	all(): IterableIterator<OwnJob> {
		return this.#jobs.values();
	}

	/** Signs and keeps a new job, then has it carried. `also` is written in the same transaction. */
	post(
		job: Pick<JobCore, 'topic' | 'message'> & {
			readonly budget?: Money | undefined;
			readonly expiresInMs: number;
		},
		also: (msgId: MsgId) => RecordWrite[] = () => [],
	): MsgId {
		const salt = this.#context.random.bytes(16);
		const keys = jobKeys(this.#context.seed, salt);
		const createdAt = this.#context.now();
		const core: JobCore = {
			topic: job.topic,
			message: job.message,
			thankYouKey: compressedKey(keys.thankYou),
			replyKey: publicKey(keys.reply),
			createdAt,
			expiresAt: createdAt + job.expiresInMs,
			...(job.budget ? { budgetAmount: job.budget.amount, budgetUnit: job.budget.unit } : {}),
		};
		const { msgId, bytes, signature } = signJob(core, keys.reply);
		const record: JobRecord = { msgId, core: bytes, signature, salt, status: 'posting' };
		const own: OwnJob = { record, core, keys, cancelTimers: [] };
		this.#jobs.set(msgId, own);
		this.#context.out.commit([{ op: 'put', table: 'jobs', value: record }, ...also(msgId)], () => {
			this.#take(own);
			this.listen(own);
		});
		this.#context.out.changed('jobs');
		return msgId;
	}

	/** Takes up a stored job; an open one is offered to the neighbours again. */
	resume(record: JobRecord): OwnJob | undefined {
		const core = readJob(record.core);
		// The store hands back only what it wrote; a core of a later version is left alone.
		if (!core.ok) return undefined;
		const keys = jobKeys(this.#context.seed, record.salt);
		const own: OwnJob = { record, core: core.value, keys, cancelTimers: [] };
		this.#jobs.set(record.msgId, own);
		this.#take(own);
		return own;
	}

	/** Changes the record and keeps it with `also`. */
	update(own: OwnJob, change: Partial<JobRecord>, also: RecordWrite[] = [], then?: () => void): void {
		this.#context.out.commit([...this.change(own, change), ...also], then);
	}

	/** Changes the record. @returns the write that keeps it. */
	change(own: OwnJob, change: Partial<JobRecord>): RecordWrite[] {
		own.record = { ...own.record, ...change };
		this.#context.out.changed('jobs');
		return [{ op: 'put', table: 'jobs', value: own.record }];
	}

	/** The chosen worker withdrew or was declined: others may be chosen until it expires. */
	reopen(own: OwnJob): void {
		const expired = own.core.expiresAt <= this.#context.now();
		this.update(own, expired ? { status: 'expired', cause: { code: 'expired' } } : { status: 'open' });
	}

	/** Answers calls and takes replies left at the rendezvous, as long as somebody may have something to say. */
	listen(own: OwnJob): void {
		const until = own.core.expiresAt + this.#context.parameters.conversationMs;
		const talks = isOpen(own) || this.#hasConversations(own.record.msgId);
		if (!talks || until <= this.#context.now()) return;
		const { replyKey: key } = own.core;
		const known = this.#secrets(own.record.msgId);
		// Before the first offer only notes are heard: nobody can name what nobody was told.
		const secrets = known.length > 0 ? known : [randomHex(this.#context, 16)];
		this.#context.out.push({ kind: 'listen', key, secretKey: own.keys.reply, secrets });
		own.listening?.();
		own.listening = this.#context.agenda.at(until, () => this.#unlisten(own));
	}

	byReplyKey(key: PublicKey): OwnJob | undefined {
		return [...this.#jobs.values()].find((own) => own.core.replyKey === key);
	}

	/** Ends a job everywhere: nobody carries it or offers for it any more. */
	withdraw(
		own: OwnJob,
		status: 'cancelled' | 'done',
		reason: string,
		also: RecordWrite[],
		then: () => void,
	): void {
		const { msgId } = own.record;
		const frame = signCancel({ msgId, at: this.#context.now(), reason }, own.keys.reply);
		const cancel = meshFrames.encode(frame);
		const route = this.#routes.get(msgId);
		if (route) route.cancel = cancel;
		this.#askings.stop(msgId);
		this.#stopTimers(own);
		const cause: Cause | undefined = status === 'cancelled' ? { code: 'cancelled-by-you' } : undefined;
		this.update(own, { status, cancel, ...(cause ? { cause } : {}) }, also, () => {
			for (const neighbour of this.#neighbours.all()) send(this.#context, neighbour.peer, frame);
			then();
			this.#settleListening(own);
		});
	}

	remove(msgId: MsgId): RecordWrite[] {
		const own = this.#jobs.get(msgId);
		if (own) {
			this.#stopTimers(own);
			this.#unlisten(own);
		}
		this.#jobs.delete(msgId);
		this.#askings.stop(msgId);
		this.#routes.remove(msgId);
		this.#context.out.changed('jobs');
		return [
			{ op: 'delete', table: 'jobs', key: msgId },
			...this.#activity.forget((entry) => entry.msgId === msgId),
		];
	}

	/** A neighbour that was not asked yet, or came back. */
	linkUp(peer: PeerId): void {
		for (const own of this.#jobs.values()) {
			if (own.record.cancel && own.core.expiresAt > this.#context.now()) this.#repeatCancel(own, peer);
			const errand = isOpen(own) ? this.#askings.errand(own.record.msgId) : undefined;
			if (!errand) continue;
			if (count(errand, isPending) + count(errand, isCarrying) >= this.#context.parameters.fanOut) continue;
			this.#setDeadline(own);
			this.#askings.ask(errand, peer);
		}
	}

	#take(own: OwnJob): void {
		const { record, core } = own;
		const { msgId } = record;
		const { parameters, random } = this.#context;
		const route = this.#routes.add({
			msgId,
			shortId: shortIdOf(msgId),
			core,
			job: { bytes: record.core, signature: record.signature, topic: core.topic },
			mine: true,
			ttl: parameters.ttl + randomInt(random, parameters.ttlSpread + 1),
			upstreams: [],
			...(record.cancel ? { cancel: record.cancel } : {}),
			missed: false,
			thanked: false,
			replies: new Map(),
		});
		if (!isOpen(own)) return;
		own.cancelTimers.push(this.#context.agenda.at(core.expiresAt, () => this.#expire(own)));
		const peers = this.#router.choose(core.topic, []);
		if (peers.length > 0) this.#setDeadline(own);
		const changed = () => this.#carriersChanged(own);
		this.#askings.start(
			route,
			{ own: true, purse: 0, spent: record.work ?? 0, gift: 'none', changed },
			peers,
		);
	}

	#setDeadline(own: OwnJob): void {
		if (own.deadline !== undefined || own.record.status !== 'posting') return;
		own.deadline = this.#context.now() + this.#context.parameters.postTimeoutMs;
		own.cancelTimers.push(this.#context.agenda.at(own.deadline, () => this.#checkFailed(own)));
	}

	#carriersChanged(own: OwnJob): void {
		this.#context.out.changed('jobs');
		const errand = this.#askings.errand(own.record.msgId);
		if (!errand) return;
		// Counted over reloads: otherwise a job could cost its limit in every life of the tab.
		if (errand.spent > (own.record.work ?? 0)) this.update(own, { work: errand.spent });
		if (own.record.status !== 'posting') return;
		if (count(errand, isCarrying) > 0) {
			const { msgId } = own.record;
			this.update(
				own,
				{ status: 'open' },
				this.#activity.add({ kind: 'job-posted', msgId, text: own.core.message, tell: false }),
			);
		} else if (own.deadline !== undefined && own.deadline <= this.#context.now()) {
			this.#checkFailed(own);
		}
	}

	/** Failed only when every neighbour asked has answered no or nothing; with none linked it goes on waiting. */
	#checkFailed(own: OwnJob): void {
		const errand = this.#askings.errand(own.record.msgId);
		if (!errand || own.record.status !== 'posting' || count(errand, isPending) > 0) return;
		const askings = [...errand.askings.values()];
		if (this.#neighbours.size === 0 || askings.every((asking) => asking.state === 'lost')) {
			delete own.deadline;
			return;
		}
		this.#end(own, 'failed', whyNobody(askings));
	}

	#expire(own: OwnJob): void {
		if (isOpen(own)) this.#end(own, 'expired', { code: 'expired' });
	}

	#end(own: OwnJob, status: 'failed' | 'expired', cause: Cause): void {
		const { msgId } = own.record;
		const kind = status === 'failed' ? 'job-failed' : 'job-expired';
		this.#stopTimers(own);
		this.update(own, { status, cause }, this.#activity.add({ kind, msgId, text: own.core.message, cause }));
		this.#askings.release(msgId);
		this.#settleListening(own);
	}

	/** Nobody who could call is left. */
	#settleListening(own: OwnJob): void {
		if (!this.#hasConversations(own.record.msgId)) this.#unlisten(own);
	}

	#unlisten(own: OwnJob): void {
		if (!own.listening) return;
		own.listening();
		delete own.listening;
		this.#context.out.push({ kind: 'unlisten', key: own.core.replyKey });
	}

	#repeatCancel(own: OwnJob, peer: PeerId): void {
		const frame = own.record.cancel && meshFrames.decode(own.record.cancel);
		if (frame?.ok) send(this.#context, peer, frame.value);
	}

	#stopTimers(own: OwnJob): void {
		for (const cancel of own.cancelTimers) cancel();
		own.cancelTimers = [];
	}
}
