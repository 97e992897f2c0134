import type { Hex, MsgId, PeerId, ReplyId } from '#lib/core/brand.ts';
import { concat, toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { publicKey } from '#lib/core/crypto/schnorr.ts';
import type { Activity } from './activity.ts';
import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { Call } from './calls.ts';
import type { Context } from '../context.ts';
import {
	announcementFrame,
	type Conversations,
	type JobState,
	type Side,
	type Validation,
} from './conversations.ts';
import type { DirectFrame, MeshFrameOf, RefusalCode } from '../wire/frames.ts';
import { coreDigestOf } from '../wire/job.ts';
import { isOpen, type Jobs, type OwnJob } from './jobs.ts';
import { isUnvalidated, isValidated, offerDigest, offerSecret, openOffer } from './open-offer.ts';
import { withoutCause, type ReceivedOfferRecord, type RecordWrite } from '../records.ts';
import type { Routes } from '../carrying/routes.ts';
import { paymentHashOf, replyIdOf } from '../wire/thank-you.ts';
import type { Turn } from './turns.ts';
import type { Thanks } from '../carrying/thanks.ts';
import { ackDigest } from '../wire/validation.ts';
import type { Cause } from '../view.ts';

/** Replies refused once are not opened again; each by all of its bytes, for a garbled copy must not hide the right one. */
const rejectedReplies = 512;

interface Question {
	readonly challenge: Uint8Array<ArrayBuffer>;
	readonly callId: string;
	readonly cancelTimer: () => void;
}

/** The customer's side of offers: opened, validated by a call, thanked. */
export class ReceivedOffers implements Side {
	readonly #context: Context;
	readonly #jobs: Jobs;
	readonly #routes: Routes;
	readonly #thanks: Thanks;
	readonly #activity: Activity;
	readonly #conversations: () => Conversations;
	readonly #offers = new Map<ReplyId, ReceivedOfferRecord>();
	readonly #rejected = new BoundedMap<Hex, true>(rejectedReplies);
	readonly #questions = new Map<ReplyId, Question>();

	constructor(
		context: Context,
		parts: {
			readonly jobs: Jobs;
			readonly routes: Routes;
			readonly thanks: Thanks;
			readonly activity: Activity;
			readonly conversations: () => Conversations;
		},
	) {
		this.#context = context;
		this.#jobs = parts.jobs;
		this.#routes = parts.routes;
		this.#thanks = parts.thanks;
		this.#activity = parts.activity;
		this.#conversations = parts.conversations;
	}

	get(replyId: ReplyId): ReceivedOfferRecord | undefined {
		return this.#offers.get(replyId);
	}

	of(msgId: MsgId): ReceivedOfferRecord[] {
		return [...this.#offers.values()].filter((offer) => offer.msgId === msgId);
	}

	resume(record: ReceivedOfferRecord): void {
		const own = this.#jobs.get(record.msgId);
		if (!own) return;
		this.#offers.set(record.replyId, record.state === 'calling' ? { ...record, state: 'opened' } : record);
		this.#take(own, record);
	}

	/** Takes a reply that came through the mesh, or by rendezvous. @returns why it is not taken. */
	receive(frame: MeshFrameOf<'ReplyRequest'>, from: PeerId | undefined): RefusalCode | undefined {
		const replyId = replyIdOf(frame.ephemeralKey);
		const own = this.#jobs.get(frame.msgId);
		if (!own) return 'unknown-job';
		const known = this.#offers.get(replyId);
		if (known) {
			if (known.msgId !== frame.msgId) return 'bad-reply';
			if (from !== undefined) this.#anotherWay(known, from);
			return undefined;
		}
		if (own.record.status === 'expired' || own.core.expiresAt <= this.#context.now()) return 'job-expired';
		if (!isOpen(own) && own.record.status !== 'filled') return 'job-cancelled';
		const digest = toHex(sha256(concat(frame.ephemeralKey, frame.paymentHash, frame.sealed)));
		if (this.#rejected.has(digest)) return 'bad-reply';
		if (this.of(frame.msgId).length >= this.#context.parameters.offersPerJob) return 'not-now';
		const opened = openOffer(own, replyId, frame, this.#context);
		if (!opened.ok) {
			this.#rejected.set(digest, true);
			if (opened.error === 'wrong-job') this.#reportOtherJob(own, replyId, from);
			return 'bad-reply';
		}
		const offer: ReceivedOfferRecord = { ...opened.value, path: from === undefined ? [] : [from] };
		this.#offers.set(replyId, offer);
		const { msgId, text } = offer;
		const news = this.#activity.add({ kind: 'offer-received', msgId, replyId, text });
		this.#context.out.commit([put(offer), ...news], () => {
			this.#jobs.listen(own);
			this.#take(own, offer);
		});
		this.#context.out.changed('jobs');
		return undefined;
	}

	/** Changes the record and keeps it. */
	update(
		replyId: ReplyId,
		change: Partial<ReceivedOfferRecord>,
		also: RecordWrite[] = [],
		then?: () => void,
	): void {
		const writes = this.change(replyId, change);
		if (writes.length > 0) this.#context.out.commit([...writes, ...also], then);
	}

	/** Changes the record. @returns the write that keeps it. */
	change(replyId: ReplyId, change: Partial<ReceivedOfferRecord>): RecordWrite[] {
		const offer = this.#offers.get(replyId);
		if (!offer) return [];
		const changed = { ...offer, ...change };
		this.#offers.set(replyId, changed);
		this.#context.out.changed('jobs');
		return [put(changed)];
	}

	remove(replyId: ReplyId): RecordWrite[] {
		this.#offers.delete(replyId);
		this.#forgetQuestion(replyId);
		this.#conversations().close(replyId, 'removed');
		return [{ op: 'delete', table: 'receivedOffers', key: replyId }];
	}

	/** Calls the worker to ask whether the offer is really its own. */
	call(replyId: ReplyId): void {
		this.update(replyId, { state: 'calling' }, [], () => this.#conversations().reach(replyId));
	}

	opened(call: Call): void {
		const offer = this.#offers.get(call.party.replyId);
		if (!offer || isValidated(offer) || offer.state === 'withdrawn' || offer.state === 'rejected') return;
		const own = this.#jobs.get(offer.msgId);
		if (!own) return;
		const { replyId, msgId } = offer;
		const challenge = this.#context.random.bytes(16);
		const until = this.#context.now() + this.#context.parameters.callTimeoutMs;
		this.#forgetQuestion(replyId);
		const cancelTimer = this.#context.agenda.at(until, () => {
			this.#forgetQuestion(replyId);
			this.#conversations().calls.giveUp(call, 'no answer');
		});
		this.#questions.set(replyId, { challenge, callId: call.callId, cancelTimer });
		this.change(replyId, { state: 'calling' });
		this.#conversations().calls.send(call, {
			kind: 'Validate',
			msgId,
			replyId,
			coreDigest: coreDigestOf(own.record.core),
			replyDigest: offerDigest(offer),
			challenge,
		});
	}

	validation(call: Call, frame: Validation): void {
		const offer = this.#offers.get(call.party.replyId);
		if (frame.kind !== 'Ack' || !offer) return;
		const own = this.#jobs.get(offer.msgId);
		const question = this.#questions.get(offer.replyId);
		if (!own || question?.callId !== call.callId) return;
		this.#forgetQuestion(offer.replyId);
		const digest = ackDigest({
			replyId: offer.replyId,
			verdict: frame.verdict,
			coreDigest: coreDigestOf(own.record.core),
			replyDigest: offerDigest(offer),
			challenge: question.challenge,
			fingerprints: call.fingerprints,
		});
		if (!this.#context.verify(frame.signature, digest, offer.replierKey)) {
			this.#reject(offer, { code: 'bad-ack' });
			return;
		}
		if (frame.verdict === 'ok') {
			this.#validated(own, offer);
			return;
		}
		if (frame.verdict === 'withdrawn') {
			this.#withdrawn(offer);
			return;
		}
		this.#reject(offer, { code: frame.verdict });
	}

	stated(replyId: ReplyId, frame: JobState): RecordWrite[] {
		const offer = this.#offers.get(replyId);
		if (!offer || !isValidated(offer)) return [];
		if (frame.state === 'done' && !offer.workerDone) {
			const news = this.#activity.add({ kind: 'job-done', msgId: offer.msgId, replyId, text: offer.text });
			return [...this.change(replyId, { workerDone: true }), ...news];
		}
		if (frame.state !== 'withdrawn' || offer.state === 'done' || offer.state === 'declined') return [];
		const own = this.#jobs.get(offer.msgId);
		if (own?.record.status === 'filled' && offer.state === 'chosen') this.#jobs.reopen(own);
		return this.#withdrawal(offer, frame.reason);
	}

	unconfirmed(replyId: ReplyId): DirectFrame[] {
		const offer = this.#offers.get(replyId);
		const own = offer && this.#jobs.get(offer.msgId);
		if (!own || !isValidated(offer)) return [];
		const secret = offer.thanksConfirmed ? undefined : offerSecret(own, offer);
		const { msgId } = offer;
		return [
			...(secret ? [{ kind: 'DirectThankYou', msgId, replyId, secret } as const] : []),
			...announcementFrame(replyId, offer.announcement),
		];
	}

	confirmed(replyId: ReplyId, id: Hex): RecordWrite[] {
		const offer = this.#offers.get(replyId);
		if (!offer) return [];
		if (id === replyId && !offer.thanksConfirmed && isValidated(offer))
			return this.change(replyId, {
				thanksConfirmed: true,
				...(offer.state === 'validated' ? { state: 'thanked' } : {}),
			});
		const { announcement } = offer;
		if (announcement?.id !== id || announcement.received) return [];
		return this.change(replyId, { announcement: { ...announcement, received: true } });
	}

	wantsLink(replyId: ReplyId): boolean {
		const offer = this.#offers.get(replyId);
		return offer !== undefined && isUnvalidated(offer);
	}

	retryAfter(replyId: ReplyId, failures: number): number | undefined {
		const { validationBackoffMs, redialBackoffMs } = this.#context.parameters;
		if (this.wantsLink(replyId)) return validationBackoffMs[failures - 1];
		return redialBackoffMs[Math.min(failures, redialBackoffMs.length) - 1];
	}

	gaveUp(replyId: ReplyId): void {
		if (this.wantsLink(replyId))
			this.update(replyId, { state: 'unreachable', cause: { code: 'worker-unreachable' } });
	}

	subject(replyId: ReplyId): MsgId | undefined {
		const offer = this.#offers.get(replyId);
		return offer && isValidated(offer) ? offer.msgId : undefined;
	}

	/** Near ones first. */
	turn(replyId: ReplyId): Turn | undefined {
		const offer = this.#offers.get(replyId);
		return offer && isUnvalidated(offer)
			? { from: offer.path[0] ?? 'rendezvous', rank: offer.hops }
			: undefined;
	}

	/** What a caller must name to be heard about this job: secrets that only its workers and I know. */
	secrets(msgId: MsgId): Hex[] {
		return this.of(msgId).map(({ address }) => address.secret);
	}

	/** Somebody on the way, or the worker, has altered the job: that the person should know. */
	#reportOtherJob(own: OwnJob, replyId: ReplyId, from: PeerId | undefined): void {
		const { msgId } = own.record;
		const cause: Cause = { code: 'job-differs', ...(from === undefined ? {} : { peer: from }) };
		const text = own.core.message;
		this.#context.out.commit(this.#activity.add({ kind: 'offer-rejected', msgId, replyId, text, cause }));
	}

	#take(own: OwnJob, offer: ReceivedOfferRecord): void {
		const { replyId, address } = offer;
		this.#trackThanks(own, offer);
		const { agenda, parameters } = this.#context;
		const until = own.core.expiresAt + parameters.conversationMs;
		if (until <= this.#context.now()) return;
		// Then the worker has stopped listening too: calling on would be for ever, and on every start.
		agenda.at(until, () => this.#conversations().close(replyId, 'over'));
		const isKnown = (relay: string) => this.#context.relays.includes(relay);
		this.#conversations().open({
			replyId,
			role: 'customer',
			self: publicKey(own.keys.reply),
			secretKey: own.keys.reply,
			peer: address.key,
			// Never a relay only a stranger named; a worker that listens elsewhere cannot be reached.
			relays: address.relays.filter(isKnown),
			secret: address.secret,
		});
	}

	/** Has the neighbours that brought it thanked, now or later. */
	#trackThanks(own: OwnJob, offer: ReceivedOfferRecord): void {
		const route = this.#routes.get(offer.msgId);
		const secret = offerSecret(own, offer);
		if (!route || !secret) return;
		const reply = this.#routes.addReply(route, {
			replyId: offer.replyId,
			msgId: offer.msgId,
			paymentHash: paymentHashOf(secret),
			from: undefined,
			via: undefined,
			path: new Set(offer.path),
			thanksBy: 0,
			shownBy: new Set(),
		});
		if (isValidated(offer)) this.#thanks.give(reply, secret);
	}

	#anotherWay(offer: ReceivedOfferRecord, from: PeerId): void {
		if (offer.path.includes(from) || offer.path.length > this.#context.parameters.alternates) return;
		const reply = this.#routes.reply(offer.replyId);
		reply?.path.add(from);
		this.update(offer.replyId, { path: [...offer.path, from] }, [], () => {
			if (reply) this.#thanks.show(reply, from);
		});
	}

	/** What a signature proved is kept before anybody is thanked for it. */
	#validated(own: OwnJob, offer: ReceivedOfferRecord): void {
		const { replyId, msgId, text } = offer;
		const news = this.#activity.add({ kind: 'offer-validated', msgId, replyId, text });
		this.#offers.set(replyId, withoutCause(offer));
		this.update(replyId, { state: 'validated' }, news, () => {
			const reply = this.#routes.reply(replyId);
			const secret = offerSecret(own, offer);
			if (reply && secret) this.#thanks.give(reply, secret);
			this.#conversations().reach(replyId);
		});
	}

	#withdrawn(offer: ReceivedOfferRecord): void {
		this.#context.out.commit(this.#withdrawal(offer));
		this.#conversations().close(offer.replyId, 'withdrawn');
	}

	#withdrawal(offer: ReceivedOfferRecord, reason?: string): RecordWrite[] {
		const { replyId, msgId, text } = offer;
		const cause: Cause = { code: 'withdrawn-by-worker', ...(reason === undefined ? {} : { reason }) };
		const news = this.#activity.add({ kind: 'offer-withdrawn', msgId, replyId, text, cause });
		return [...this.change(replyId, { state: 'withdrawn', cause }), ...news];
	}

	#reject(offer: ReceivedOfferRecord, cause: Cause): void {
		const { replyId, msgId, text } = offer;
		const news = this.#activity.add({ kind: 'offer-rejected', msgId, replyId, text, cause });
		this.update(replyId, { state: 'rejected', cause }, news, () =>
			this.#conversations().close(replyId, 'not validated'),
		);
	}

	#forgetQuestion(replyId: ReplyId): void {
		this.#questions.get(replyId)?.cancelTimer();
		this.#questions.delete(replyId);
	}
}

const put = (offer: ReceivedOfferRecord): RecordWrite => ({
	op: 'put',
	table: 'receivedOffers',
	value: offer,
});
