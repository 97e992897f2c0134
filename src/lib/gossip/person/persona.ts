import type { Bytes, MsgId, PeerId, PublicKey, ReplyId, Topic } from '#lib/core/brand.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { Activity } from './activity.ts';
import type { Askings } from '../carrying/asking.ts';
import { Chats } from './chats.ts';
import type { EngineCommandError, EngineCommandName, EngineCommands } from '../command.ts';
import type { PersonContext } from '../context.ts';
import { Conversations } from './conversations.ts';
import { Customer } from './customer.ts';
import { carrierView } from '../carrying/errand.ts';
import { meshFrames, type MeshFrameOf, type RefusalCode } from '../wire/frames.ts';
import { refuseCommand, textFromInput } from './input.ts';
import { Jobs } from './jobs.ts';
import { Leads, jobText } from './leads.ts';
import { wireLimits } from '../limits.ts';
import type { Neighbours } from '../carrying/neighbours.ts';
import { isValidated } from './open-offer.ts';
import { ReceivedOffers } from './received-offers.ts';
import type { PersonaRecords, ReceivedOfferRecord } from '../records.ts';
import type { Replies } from '../carrying/replies.ts';
import type { Router } from '../carrying/router.ts';
import type { CarriedReply, Route, Routes } from '../carrying/routes.ts';
import { isKnown } from './own-offer.ts';
import { SentOffers } from './sent-offers.ts';
import { Settling } from '../settling/settling.ts';
import type { Ledger } from '../carrying/ledger.ts';
import type { WorkBudget } from '../carrying/work-budget.ts';
import type { Thanks } from '../carrying/thanks.ts';
import type { ActivityView, JobView, LeadView, MyOfferView, OfferView } from '../view.ts';
import { jobWaiting, myOfferWaiting, offerWaiting } from './waiting.ts';
import { Worker } from './worker.ts';

type Answer<K extends EngineCommandName> = Result<EngineCommands[K]['answer'], EngineCommandError>;
type Handlers = { readonly [K in EngineCommandName]: (args: EngineCommands[K]['args']) => Answer<K> };

export interface PersonaParts {
	readonly routes: Routes;
	readonly router: Router;
	readonly askings: Askings;
	readonly neighbours: Neighbours;
	readonly replies: Replies;
	readonly thanks: Thanks;
	readonly ledger: Ledger;
	readonly budget: WorkBudget;
}

/** The person's half of an engine. A port, because a tab that only carries need not load its code. */
export type OpenPersona = (context: PersonContext, parts: PersonaParts, records: PersonaRecords) => Persona;

export const openPersona: OpenPersona = (context, parts, records) => new Persona(context, parts, records);

/** The person's jobs and offers, kept by one tab of a browser; the other tabs only carry for others. */
export class Persona {
	readonly conversations: Conversations;
	readonly settling: Settling;
	readonly leads: Leads;
	readonly #context: PersonContext;
	readonly #askings: Askings;
	readonly #chats: Chats;
	readonly #activity: Activity;
	readonly #jobs: Jobs;
	readonly #received: ReceivedOffers;
	readonly #sent: SentOffers;
	readonly #customer: Customer;
	readonly #worker: Worker;
	readonly #handlers: Handlers;

	constructor(context: PersonContext, parts: PersonaParts, records: PersonaRecords) {
		this.#context = context;
		this.#askings = parts.askings;
		this.settling = new Settling(context, parts, records);
		context.money.tolls = this.settling;
		this.#chats = new Chats(context.parameters, records.chats);
		const activity = new Activity(context, records.activity);
		this.#activity = activity;
		const conversations = () => this.conversations;
		const hasConversations = (msgId: MsgId) => this.#received.of(msgId).some(isValidated);
		const secrets = (msgId: MsgId) => this.#received.secrets(msgId);
		this.#jobs = new Jobs(context, { ...parts, activity, hasConversations, secrets });
		this.#received = new ReceivedOffers(context, { ...parts, jobs: this.#jobs, activity, conversations });
		this.#sent = new SentOffers(context, { ...parts, activity, conversations });
		this.leads = new Leads(context, parts.routes, activity);
		const sides = { customer: this.#received, worker: this.#sent };
		this.conversations = new Conversations(context, this.#chats, activity, sides);
		const shared = { chats: this.#chats, activity, conversations: this.conversations };
		this.#customer = new Customer(context, { ...shared, jobs: this.#jobs, offers: this.#received });
		this.#worker = new Worker(context, { ...shared, leads: this.leads, offers: this.#sent });
		this.#handlers = this.#commands();

		this.leads.resume(records.leads);
		const jobs = records.jobs.map((record) => this.#jobs.resume(record));
		for (const record of records.receivedOffers) this.#received.resume(record);
		for (const own of jobs) if (own) this.#jobs.listen(own);
		for (const record of records.sentOffers) this.#sent.resume(record);
		context.out.changed('jobs', 'leads', 'offers', 'activity');
	}

	command<K extends EngineCommandName>(name: K, args: EngineCommands[K]['args']): Answer<K> {
		return this.#handlers[name](args);
	}

	linkUp(peer: PeerId): void {
		this.#jobs.linkUp(peer);
		this.#sent.linkUp(peer);
	}

	wayFound(route: Route): void {
		this.leads.wayFound(route);
		this.#sent.wayFound(route);
	}

	follow(topics: readonly Topic[]): void {
		this.leads.follow(topics);
	}

	cancelled(route: Route, reason: string): void {
		this.leads.cancelled(route.msgId, reason);
		this.#sent.jobCancelled(route.msgId, reason);
	}

	receive(frame: MeshFrameOf<'ReplyRequest'>, from: PeerId): RefusalCode | undefined {
		return this.#received.receive(frame, from);
	}

	handedOn(replyId: ReplyId): void {
		this.#sent.handedOn(replyId);
	}

	refused(replyId: ReplyId, code: RefusalCode, by: PeerId | undefined): void {
		this.#sent.refused(replyId, code, by);
	}

	/** A thank-you for a reply of mine came through the mesh. */
	thanked({ replyId }: CarriedReply): void {
		const writes = this.#sent.thanked(replyId);
		if (writes.length > 0) this.#context.out.commit(writes);
	}

	/** A sealed reply that came by rendezvous. Nobody waits for an answer, so a refusal is only counted. */
	onNote(to: PublicKey, body: Bytes): void {
		const frame = meshFrames.decode(body);
		if (!frame.ok || frame.value.kind !== 'ReplyRequest') return;
		if (this.#jobs.byReplyKey(to)?.record.msgId !== frame.value.msgId) return;
		const code = this.#received.receive(frame.value, undefined);
		if (code) this.#context.traffic.refused(code);
	}

	jobs(): JobView[] {
		return [...this.#jobs.all()]
			.map((own): JobView => {
				const { msgId, status, cause, renewedAs, work } = own.record;
				const errand = this.#askings.errand(msgId);
				const offers = this.#received.of(msgId);
				const waiting = jobWaiting(own, errand, offers);
				return {
					msgId,
					...jobText(own.core),
					createdAt: own.core.createdAt,
					expiresAt: own.core.expiresAt,
					status,
					...(cause ? { cause } : {}),
					...(work === undefined ? {} : { work: { spent: work, limit: this.#askings.ownJobHashes } }),
					carriers: [...(errand?.askings.values() ?? [])].map(carrierView),
					offers: offers.map((offer) => this.#offerView(offer)),
					...(waiting ? { waiting } : {}),
					...(renewedAs ? { renewedAs } : {}),
				};
			})
			.sort((a, b) => b.createdAt - a.createdAt);
	}

	offers(): MyOfferView[] {
		return [...this.#sent.all()]
			.map((own): MyOfferView => {
				const { replyId, msgId, text, price, sentAt, state, cause } = own.record;
				const waiting = myOfferWaiting(own);
				return {
					replyId,
					msgId,
					...jobText(own.core),
					jobExpiresAt: own.core.expiresAt,
					text,
					...(price ? { price } : {}),
					sentAt,
					state,
					...(cause ? { cause } : {}),
					...this.#talk(replyId),
					...(waiting ? { waiting } : {}),
				};
			})
			.sort((a, b) => b.sentAt - a.sentAt);
	}

	leadViews(): LeadView[] {
		return this.leads.view();
	}

	activity(): ActivityView[] {
		return this.#activity.view();
	}

	#offerView(offer: ReceivedOfferRecord): OfferView {
		const { replyId, msgId, receivedAt, text, price, state, cause, hops } = offer;
		const own = this.#jobs.get(msgId);
		const waiting = own && offerWaiting(offer, own);
		return {
			replyId,
			msgId,
			receivedAt,
			text,
			...(price ? { price } : {}),
			state,
			...(cause ? { cause } : {}),
			hops,
			...this.#talk(replyId),
			...(waiting ? { waiting } : {}),
		};
	}

	#talk(replyId: ReplyId) {
		return {
			online: this.conversations.isOnline(replyId),
			chat: this.#chats.view(replyId),
			unread: this.#chats.unread(replyId),
		};
	}

	#commands(): Handlers {
		const customer = this.#customer;
		const worker = this.#worker;
		return {
			post: (args) => customer.post(args),
			cancelJob: (args) => customer.cancelJob(args),
			renew: (args) => customer.renew(args),
			removeJob: (args) => customer.removeJob(args),
			retryCall: (args) => customer.retryCall(args),
			choose: (args) => customer.choose(args),
			decline: (args) => customer.decline(args),
			offer: (args) => worker.makeOffer(args),
			withdrawOffer: (args) => worker.withdrawOffer(args),
			removeOffer: (args) => worker.removeOffer(args),
			hideLead: (args) => worker.hideLead(args),
			markDone: (args) => this.#markDone(args),
			chat: (args) => this.#chat(args),
			markRead: (args) => this.#markRead(args),
		};
	}

	#markDone({ replyId }: EngineCommands['markDone']['args']): Answer<'markDone'> {
		const received = this.#received.get(replyId);
		if (received) return this.#customer.markDone(received);
		const sent = this.#sent.get(replyId);
		return sent ? this.#worker.markDone(sent) : refuseCommand('not-found', replyId);
	}

	#chat({ replyId, text }: EngineCommands['chat']['args']): Answer<'chat'> {
		const received = this.#received.get(replyId);
		const sent = this.#sent.get(replyId);
		if (!received && !sent) return refuseCommand('not-found', replyId);
		const mayTalk = received ? isValidated(received) : sent && isKnown(sent);
		if (!mayTalk) return refuseCommand('wrong-state', 'nobody has answered for this offer yet');
		if (!this.conversations.isOpen(replyId)) return refuseCommand('wrong-state', 'it is over');
		const words = textFromInput(text, wireLimits.chatBytes);
		if (!words.ok) return words;
		this.conversations.say(replyId, words.value);
		return ok(null);
	}

	#markRead({ replyId }: EngineCommands['markRead']['args']): Answer<'markRead'> {
		const writes = [
			...(replyId === undefined ? [] : this.#chats.read(replyId)),
			...this.#activity.read(replyId),
		];
		if (writes.length > 0) this.#context.out.commit(writes);
		this.#context.out.changed('jobs', 'offers');
		return ok(null);
	}
}
