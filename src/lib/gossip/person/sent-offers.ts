import type { Bytes, Hex, MsgId, PeerId, ReplyId } from '#lib/core/brand.ts';
import { equalBytes } from '#lib/core/bytes.ts';
import { compressedKey, publicKey, sign } from '#lib/core/crypto/schnorr.ts';
import type { Activity } from './activity.ts';
import type { Call } from './calls.ts';
import { randomHex, type PersonContext } from '../context.ts';
import {
	announcementFrame,
	type Conversations,
	type JobState,
	type Side,
	type Validation,
} from './conversations.ts';
import {
	meshFrames,
	type DirectFrame,
	type JobCore,
	type MeshFrameOf,
	type RefusalCode,
} from '../wire/frames.ts';
import { readJob } from '../wire/job.ts';
import { offerKeys, type OfferKeys } from '../wire/keys.ts';
import { rememberRoute } from './leads.ts';
import { wireLimits } from '../limits.ts';
import { conclusive, isBefore, isKnown, isPending, verdictOn, type OwnOffer } from './own-offer.ts';
import { withoutCause, type RecordWrite, type SentOfferRecord } from '../records.ts';
import type { Replies } from '../carrying/replies.ts';
import type { Route, Routes } from '../carrying/routes.ts';
import { isRelayUrl } from '../wire/relay-url.ts';
import { sealReply } from '../wire/sealed.ts';
import { paymentHashOf, replyIdOf, thankYouSecret } from '../wire/thank-you.ts';
import type { Thanks } from '../carrying/thanks.ts';
import { ackDigest } from '../wire/validation.ts';
import type { Cause, Money } from '../view.ts';

/** The worker's side of offers: sealed, sent back, answered for, thanked. */
export class SentOffers implements Side {
	readonly #context: PersonContext;
	readonly #routes: Routes;
	readonly #replies: Replies;
	readonly #thanks: Thanks;
	readonly #activity: Activity;
	readonly #conversations: () => Conversations;
	readonly #offers = new Map<ReplyId, OwnOffer>();

	constructor(
		context: PersonContext,
		parts: {
			readonly routes: Routes;
			readonly replies: Replies;
			readonly thanks: Thanks;
			readonly activity: Activity;
			readonly conversations: () => Conversations;
		},
	) {
		this.#context = context;
		this.#routes = parts.routes;
		this.#replies = parts.replies;
		this.#thanks = parts.thanks;
		this.#activity = parts.activity;
		this.#conversations = parts.conversations;
	}

	get(replyId: ReplyId): OwnOffer | undefined {
		return this.#offers.get(replyId);
	}

	all(): IterableIterator<OwnOffer> {
		return this.#offers.values();
	}

	/** Seals an offer, keeps it, and sends it back the way the job came. */
	post(
		lead: { readonly record: Pick<SentOfferRecord, 'msgId' | 'core' | 'upstreams'>; readonly core: JobCore },
		text: string,
		price: Money | undefined,
		also: RecordWrite[],
	): ReplyId | undefined {
		const { msgId, core: coreBytes, upstreams } = lead.record;
		const salt = this.#context.random.bytes(16);
		const keys = offerKeys(this.#context.seed, msgId, salt);
		const thanks = thankYouSecret(keys.ephemeral, lead.core.thankYouKey, msgId);
		if (!thanks) return undefined;
		const relays = this.#context.relays.filter(isRelayUrl).slice(0, wireLimits.relays);
		const secret = randomHex(this.#context, 16);
		const sealed = sealReply({
			coreBytes,
			msgId,
			replyKey: lead.core.replyKey,
			reply: text,
			...(price ? { price } : {}),
			inetAddr: { key: publicKey(keys.replier), relays, secret },
			ephemeral: keys.ephemeral,
			replier: keys.replier,
			nonce: this.#context.random.bytes(32),
		});
		const ephemeralKey = compressedKey(keys.ephemeral);
		const request = { msgId, ephemeralKey, paymentHash: paymentHashOf(thanks), hops: 0, sealed };
		const replyId = replyIdOf(ephemeralKey);
		const record: SentOfferRecord = {
			replyId,
			msgId,
			core: coreBytes,
			salt,
			text,
			...(price ? { price } : {}),
			sentAt: this.#context.now(),
			secret,
			relays,
			request: meshFrames.encode({ kind: 'ReplyRequest', ...request }),
			upstreams,
			state: 'sent',
		};
		const own = this.#own(record, lead.core, keys);
		this.#context.out.commit([put(record), ...also], () => this.#take(own));
		this.#context.out.changed('offers');
		return replyId;
	}

	/** Takes up a stored offer; one that was not answered for yet is sent again. */
	resume(record: SentOfferRecord): void {
		const core = readJob(record.core);
		if (!core.ok) return;
		this.#take(this.#own(record, core.value, offerKeys(this.#context.seed, record.msgId, record.salt)));
	}

	update(
		replyId: ReplyId,
		change: Partial<SentOfferRecord>,
		also: RecordWrite[] = [],
		then?: () => void,
	): void {
		const writes = this.change(replyId, change);
		if (writes.length > 0) this.#context.out.commit([...writes, ...also], then);
	}

	change(replyId: ReplyId, change: Partial<SentOfferRecord>): RecordWrite[] {
		const own = this.#offers.get(replyId);
		if (!own) return [];
		own.record = { ...own.record, ...change };
		if (own.record.state !== 'sent') own.cancelNote();
		this.#context.out.changed('offers');
		return [put(own.record)];
	}

	remove(replyId: ReplyId): RecordWrite[] {
		const own = this.#offers.get(replyId);
		if (!own) return [];
		this.#retire(own, 'removed');
		this.#offers.delete(replyId);
		this.#context.out.changed('offers');
		return [{ op: 'delete', table: 'sentOffers', key: replyId }];
	}

	/** The customer withdrew the job: what was not chosen yet is void. */
	jobCancelled(msgId: MsgId, reason: string): void {
		const cause: Cause = { code: 'cancelled-by-customer', ...(reason === '' ? {} : { reason }) };
		for (const own of this.#offers.values())
			if (own.record.msgId === msgId && isPending(own))
				this.update(own.record.replyId, { state: 'cancelled', cause });
	}

	/** A reply of mine was handed to a neighbour. */
	handedOn(replyId: ReplyId): void {
		const own = this.#offers.get(replyId);
		if (own) own.handedOn = true;
		this.#context.out.changed('offers');
	}

	/** The mesh would not carry it, or somebody says that the customer will not take it. */
	refused(replyId: ReplyId, code: RefusalCode, by: SentOfferRecord['upstreams'][number] | undefined): void {
		const own = this.#offers.get(replyId);
		if (own?.record.state !== 'sent') return;
		own.cancelNote();
		own.handedOn = false;
		// Whoever refuses may lie: the customer is also told directly.
		this.#note(own);
		if (!conclusive.has(code)) {
			this.#scheduleNote(own);
			this.#context.out.changed('offers');
			return;
		}
		const cause: Cause = { code, ...(by === undefined ? {} : { peer: by }) };
		const { msgId, text } = own.record;
		const news = this.#activity.add({ kind: 'offer-refused', msgId, replyId, text, cause });
		this.update(replyId, { state: 'refused', cause }, news);
	}

	/** A neighbour that once brought jobs is back: what it may not have passed on is handed to it again. */
	linkUp(peer: PeerId): void {
		for (const own of this.#offers.values())
			if (this.#routes.get(own.record.msgId)?.upstreams.includes(peer)) this.#sendAgain(own);
	}

	/** One more neighbour can take replies to a job. */
	wayFound({ msgId }: Pick<Route, 'msgId'>): void {
		for (const own of this.#offers.values())
			if (own.record.msgId === msgId && !own.handedOn) this.#sendAgain(own);
	}

	/** The customer's thank-you came, through the mesh or directly. */
	thanked(replyId: ReplyId): RecordWrite[] {
		const own = this.#offers.get(replyId);
		if (!own || own.record.state === 'thanked' || !isBefore(own, 'thanked')) return [];
		const { msgId, text } = own.record;
		return [
			...this.#advance(own, 'thanked'),
			...this.#activity.add({ kind: 'offer-thanked', msgId, replyId, text }),
		];
	}

	opened(): void {
		// The customer asks first.
	}

	validation(call: Call, frame: Validation): void {
		const own = this.#offers.get(call.party.replyId);
		if (!own) return;
		if (frame.kind === 'Validate') this.#answer(call, own, frame);
		else if (frame.kind === 'DirectThankYou') this.#thankedDirectly(call, own, frame.secret);
	}

	stated(replyId: ReplyId, frame: JobState): RecordWrite[] {
		const own = this.#offers.get(replyId);
		if (!own || own.record.state === 'withdrawn' || frame.state === 'withdrawn') return [];
		const { msgId, text } = own.record;
		const reason = frame.reason === undefined ? {} : { reason: frame.reason };
		switch (frame.state) {
			case 'chosen':
				if (!isBefore(own, 'chosen')) return [];
				return [
					...this.#advance(own, 'chosen'),
					...this.#activity.add({ kind: 'chosen', msgId, replyId, text }),
				];
			case 'done':
				if (own.record.state === 'done') return [];
				return [
					...this.#advance(own, 'done'),
					...this.#activity.add({ kind: 'job-done', msgId, replyId, text }),
				];
			case 'declined':
			case 'cancelled': {
				const code = frame.state === 'declined' ? 'declined-by-customer' : 'cancelled-by-customer';
				if (own.record.state === frame.state || own.record.state === 'done') return [];
				const kind = frame.state === 'declined' ? 'declined' : 'job-cancelled';
				const cause: Cause = { code, ...reason };
				const news = this.#activity.add({ kind, msgId, replyId, text, cause });
				return [...this.change(replyId, { state: frame.state, cause }), ...news];
			}
		}
	}

	unconfirmed(replyId: ReplyId): DirectFrame[] {
		return announcementFrame(replyId, this.#offers.get(replyId)?.record.announcement);
	}

	confirmed(replyId: ReplyId, id: Hex): RecordWrite[] {
		const announcement = this.#offers.get(replyId)?.record.announcement;
		if (announcement?.id !== id || announcement.received) return [];
		return this.change(replyId, { announcement: { ...announcement, received: true } });
	}

	wantsLink(): boolean {
		return false;
	}

	retryAfter(_replyId: ReplyId, failures: number): number | undefined {
		const { redialBackoffMs } = this.#context.parameters;
		return redialBackoffMs[Math.min(failures, redialBackoffMs.length) - 1];
	}

	gaveUp(): void {
		// What is unconfirmed is said when the customer calls.
	}

	subject(replyId: ReplyId): MsgId | undefined {
		const own = this.#offers.get(replyId);
		return own && isKnown(own) ? own.record.msgId : undefined;
	}

	turn(): undefined {
		// A worker calls the one customer it has something to say to.
	}

	#own(record: SentOfferRecord, core: JobCore, keys: OfferKeys): OwnOffer {
		const own: OwnOffer = {
			record,
			core,
			keys,
			key: publicKey(keys.replier),
			handedOn: false,
			notes: 0,
			cancelTimers: [],
			cancelNote: () => undefined,
		};
		this.#offers.set(record.replyId, own);
		return own;
	}

	#take(own: OwnOffer): void {
		const { record, core, keys, key } = own;
		const { replyId } = record;
		const { agenda, parameters, relays } = this.#context;
		const until = core.expiresAt + parameters.conversationMs;
		if (until <= this.#context.now()) return;
		own.cancelTimers.push(
			agenda.at(core.expiresAt, () => this.#expire(own)),
			agenda.at(until, () => this.#retire(own, 'over')),
		);
		this.#context.out.push({ kind: 'listen', key, secretKey: keys.replier, secrets: [record.secret] });
		this.#conversations().open({
			replyId,
			role: 'worker',
			self: key,
			secretKey: keys.replier,
			peer: core.replyKey,
			relays,
			// The customer knows it from the sealed offer, and nobody else who heard the job does.
			secret: record.secret,
		});
		const request = meshFrames.decode(record.request);
		if (!request.ok || request.value.kind !== 'ReplyRequest') return;
		const route = rememberRoute(this.#routes, record, core);
		if (record.state === 'sent') this.#send(own, route, request.value);
		else this.#track(own, route, request.value);
	}

	#send(own: OwnOffer, route: Parameters<Replies['submit']>[0], request: MeshFrameOf<'ReplyRequest'>): void {
		this.#scheduleNote(own);
		this.#replies.submit(route, own.record.replyId, request);
	}

	#sendAgain({ record }: OwnOffer): void {
		const route = this.#routes.get(record.msgId);
		const request = meshFrames.decode(record.request);
		if (record.state !== 'sent' || !route || !request.ok || request.value.kind !== 'ReplyRequest') return;
		this.#replies.submit(route, record.replyId, request.value);
	}

	/** A thank-you may still come through the mesh for what was sent before a reload. */
	#track(
		own: OwnOffer,
		route: Parameters<Replies['submit']>[0],
		{ paymentHash }: MeshFrameOf<'ReplyRequest'>,
	): void {
		const { replyId, msgId, upstreams } = own.record;
		this.#routes.addReply(route, {
			replyId,
			msgId,
			paymentHash,
			from: undefined,
			via: undefined,
			path: new Set(upstreams),
			thanksBy: 0,
			shownBy: new Set(),
		});
	}

	/** While nobody has called, the offer is also left where the customer listens: some replies find no way back. */
	#scheduleNote(own: OwnOffer): void {
		const { noteBackoffMs } = this.#context.parameters;
		const wait = noteBackoffMs[Math.min(own.notes, noteBackoffMs.length - 1)];
		if (wait === undefined) return;
		own.cancelNote = this.#context.agenda.at(this.#context.now() + wait, () => {
			this.#note(own);
			this.#scheduleNote(own);
		});
	}

	#note(own: OwnOffer): void {
		own.notes += 1;
		this.#context.out.push({
			kind: 'note',
			self: own.key,
			secretKey: own.keys.replier,
			peer: own.core.replyKey,
			relays: this.#context.relays,
			body: own.record.request,
		});
	}

	#answer(call: Call, own: OwnOffer, frame: Extract<DirectFrame, { kind: 'Validate' }>): void {
		const { record, keys } = own;
		const { replyId, msgId, text } = record;
		const verdict = verdictOn(own, frame);
		const { coreDigest, replyDigest, challenge } = frame;
		const { fingerprints } = call;
		const digest = ackDigest({ replyId, verdict, coreDigest, replyDigest, challenge, fingerprints });
		const answer = () =>
			this.#conversations().calls.send(call, {
				kind: 'Ack',
				replyId,
				verdict,
				signature: sign(digest, keys.replier),
			});
		if (verdict !== 'ok' || !isBefore(own, 'validated')) {
			answer();
			return;
		}
		const news = this.#activity.add({ kind: 'offer-validated', msgId, replyId, text });
		this.#context.out.commit([...this.#advance(own, 'validated'), ...news], answer);
	}

	#thankedDirectly(call: Call, own: OwnOffer, secret: Bytes): void {
		const { replyId } = own.record;
		const mine = thankYouSecret(own.keys.ephemeral, own.core.thankYouKey, own.record.msgId);
		if (!mine || !equalBytes(mine, secret)) return;
		const confirm = () => this.#conversations().calls.send(call, { kind: 'Received', id: replyId });
		const writes = this.thanked(replyId);
		if (writes.length > 0) this.#context.out.commit(writes, confirm);
		else confirm();
		const reply = this.#routes.reply(replyId);
		if (reply) this.#thanks.give(reply, secret);
	}

	#advance(own: OwnOffer, state: SentOfferRecord['state']): RecordWrite[] {
		own.record = withoutCause(own.record);
		return this.change(own.record.replyId, { state });
	}

	#expire(own: OwnOffer): void {
		if (isPending(own)) this.update(own.record.replyId, { state: 'expired', cause: { code: 'expired' } });
	}

	#retire(own: OwnOffer, reason: string): void {
		for (const cancel of own.cancelTimers) cancel();
		own.cancelTimers = [];
		own.cancelNote();
		this.#conversations().close(own.record.replyId, reason);
		this.#context.out.push({ kind: 'unlisten', key: own.key });
	}
}

const put = (record: SentOfferRecord): RecordWrite => ({ op: 'put', table: 'sentOffers', value: record });
