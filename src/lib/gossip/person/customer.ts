import type { ReplyId } from '#lib/core/brand.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { Activity } from './activity.ts';
import type { Chats } from './chats.ts';
import type { EngineCommandError, EngineCommands } from '../command.ts';
import type { Context } from '../context.ts';
import { announce, type Conversations } from './conversations.ts';
import { expiryFromInput, moneyFromInput, reasonFromInput, refuseCommand, textFromInput } from './input.ts';
import { isOpen, type Jobs } from './jobs.ts';
import { jobText } from './leads.ts';
import { wireLimits } from '../limits.ts';
import { isValidated } from './open-offer.ts';
import type { ReceivedOffers } from './received-offers.ts';
import type { Announcement, ReceivedOfferRecord, RecordWrite } from '../records.ts';
import { parseTopic } from '../topic.ts';

type Args<K extends keyof EngineCommands> = EngineCommands[K]['args'];
type Answer<K extends keyof EngineCommands> = Result<EngineCommands[K]['answer'], EngineCommandError>;

const done = ok(null);

/** What a person may do as a customer. */
export class Customer {
	readonly #context: Context;
	readonly #jobs: Jobs;
	readonly #offers: ReceivedOffers;
	readonly #chats: Chats;
	readonly #activity: Activity;
	readonly #conversations: Conversations;

	constructor(
		context: Context,
		parts: {
			readonly jobs: Jobs;
			readonly offers: ReceivedOffers;
			readonly chats: Chats;
			readonly activity: Activity;
			readonly conversations: Conversations;
		},
	) {
		this.#context = context;
		this.#jobs = parts.jobs;
		this.#offers = parts.offers;
		this.#chats = parts.chats;
		this.#activity = parts.activity;
		this.#conversations = parts.conversations;
	}

	post(args: Args<'post'>): Answer<'post'> {
		const topic = parseTopic(args.topic);
		if (!topic.ok) return refuseCommand('bad-topic', topic.error.detail);
		const message = textFromInput(args.message, wireLimits.messageBytes);
		if (!message.ok) return message;
		const expiresInMs = expiryFromInput(args.expiresInMs);
		if (!expiresInMs.ok) return expiresInMs;
		const budget = moneyFromInput(args.budget);
		if (!budget.ok) return budget;
		const job = {
			topic: topic.value,
			message: message.value,
			budget: budget.value,
			expiresInMs: expiresInMs.value,
		};
		return ok({ msgId: this.#jobs.post(job) });
	}

	cancelJob({ msgId, reason }: Args<'cancelJob'>): Answer<'cancelJob'> {
		const own = this.#jobs.get(msgId);
		if (!own) return refuseCommand('not-found', msgId);
		if (!isOpen(own) && own.record.status !== 'filled')
			return refuseCommand('wrong-state', own.record.status);
		const words = reasonFromInput(reason);
		const told = this.#offers.of(msgId).filter(isValidated);
		const news = this.#activity.add({ kind: 'job-cancelled', msgId, text: own.core.message, tell: false });
		const writes = told.flatMap((offer) => this.#announce(offer, 'cancelled', words, {}));
		this.#jobs.withdraw(own, 'cancelled', words, [...writes, ...news], () => this.#reach(told));
		return done;
	}

	renew({ msgId, expiresInMs }: Args<'renew'>): Answer<'renew'> {
		const own = this.#jobs.get(msgId);
		if (!own) return refuseCommand('not-found', msgId);
		if (isOpen(own) || own.record.status === 'filled' || own.record.renewedAs)
			return refuseCommand('wrong-state', own.record.status);
		const life = expiryFromInput(expiresInMs);
		if (!life.ok) return life;
		const { topic, message, budget } = jobText(own.core);
		const renewed = this.#jobs.post({ topic, message, budget, expiresInMs: life.value }, (renewedAs) =>
			this.#jobs.change(own, { renewedAs }),
		);
		return ok({ msgId: renewed });
	}

	removeJob({ msgId }: Args<'removeJob'>): Answer<'removeJob'> {
		const own = this.#jobs.get(msgId);
		if (!own) return refuseCommand('not-found', msgId);
		if (isOpen(own) || own.record.status === 'filled') return refuseCommand('wrong-state', own.record.status);
		const offers = this.#offers
			.of(msgId)
			.flatMap(({ replyId }) => [...this.#offers.remove(replyId), ...this.#chats.forget(replyId)]);
		this.#context.out.commit([...this.#jobs.remove(msgId), ...offers]);
		return done;
	}

	retryCall({ replyId }: Args<'retryCall'>): Answer<'retryCall'> {
		const offer = this.#offers.get(replyId);
		if (!offer) return refuseCommand('not-found', replyId);
		if (offer.state !== 'unreachable') return refuseCommand('wrong-state', offer.state);
		if (!this.#conversations.isOpen(replyId)) return refuseCommand('wrong-state', 'it is over');
		this.#offers.call(replyId);
		return done;
	}

	choose({ replyId }: Args<'choose'>): Answer<'choose'> {
		const offer = this.#offers.get(replyId);
		const own = offer && this.#jobs.get(offer.msgId);
		if (!own) return refuseCommand('not-found', replyId);
		if (offer.state !== 'validated' && offer.state !== 'thanked')
			return refuseCommand('wrong-state', offer.state);
		if (own.record.status !== 'open' && own.record.status !== 'filled')
			return refuseCommand('wrong-state', own.record.status);
		const writes = this.#announce(offer, 'chosen', '', { state: 'chosen' });
		this.#jobs.update(own, { status: 'filled' }, writes, () => this.#reach([offer]));
		return done;
	}

	decline({ replyId, reason }: Args<'decline'>): Answer<'decline'> {
		const offer = this.#offers.get(replyId);
		const own = offer && this.#jobs.get(offer.msgId);
		if (!own) return refuseCommand('not-found', replyId);
		const declinable = ['opened', 'calling', 'unreachable', 'validated', 'thanked', 'chosen'];
		if (!declinable.includes(offer.state)) return refuseCommand('wrong-state', offer.state);
		const known = isValidated(offer);
		const writes = known
			? this.#announce(offer, 'declined', reasonFromInput(reason), { state: 'declined' })
			: this.#offers.change(replyId, { state: 'declined', thanksConfirmed: true });
		if (offer.state === 'chosen' && !this.#anotherChosen(offer)) this.#jobs.reopen(own);
		this.#context.out.commit(writes, () => {
			if (known) this.#reach([offer]);
			else this.#conversations.close(replyId, 'declined');
		});
		return done;
	}

	/** The job is done: nobody else is wanted. */
	markDone(offer: ReceivedOfferRecord): Answer<'markDone'> {
		const own = this.#jobs.get(offer.msgId);
		if (!own) return refuseCommand('not-found', offer.msgId);
		if (offer.state !== 'chosen') return refuseCommand('wrong-state', offer.state);
		const others = this.#offers
			.of(offer.msgId)
			.filter(({ state }) => state === 'validated' || state === 'thanked');
		const writes = [
			...this.#announce(offer, 'done', '', { state: 'done' }),
			...others.flatMap((other) => this.#announce(other, 'declined', '', { state: 'declined' })),
		];
		this.#jobs.withdraw(own, 'done', '', writes, () => this.#reach([offer, ...others]));
		return done;
	}

	offer(replyId: ReplyId): ReceivedOfferRecord | undefined {
		return this.#offers.get(replyId);
	}

	#anotherChosen({ msgId, replyId }: ReceivedOfferRecord): boolean {
		return this.#offers.of(msgId).some((other) => other.state === 'chosen' && other.replyId !== replyId);
	}

	#announce(
		{ replyId }: ReceivedOfferRecord,
		state: Announcement['state'],
		reason: string,
		change: Partial<ReceivedOfferRecord>,
	): RecordWrite[] {
		return this.#offers.change(replyId, { ...change, announcement: announce(this.#context, state, reason) });
	}

	#reach(offers: readonly ReceivedOfferRecord[]): void {
		for (const { replyId } of offers) this.#conversations.reach(replyId);
	}
}
