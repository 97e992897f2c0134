import { ok, type Result } from '#lib/core/result.ts';
import type { Activity } from './activity.ts';
import type { Chats } from './chats.ts';
import type { EngineCommandError, EngineCommands } from '../command.ts';
import type { Context } from '../context.ts';
import { announce, type Conversations } from './conversations.ts';
import { moneyFromInput, refuseCommand, textFromInput } from './input.ts';
import type { Leads } from './leads.ts';
import { wireLimits } from '../limits.ts';
import type { RecordWrite } from '../records.ts';
import { isKnown, isPending, type OwnOffer } from './own-offer.ts';
import type { SentOffers } from './sent-offers.ts';

type Args<K extends keyof EngineCommands> = EngineCommands[K]['args'];
type Answer<K extends keyof EngineCommands> = Result<EngineCommands[K]['answer'], EngineCommandError>;

const done = ok(null);

/** What a person may do as a worker. */
export class Worker {
	readonly #context: Context;
	readonly #leads: Leads;
	readonly #offers: SentOffers;
	readonly #chats: Chats;
	readonly #activity: Activity;
	readonly #conversations: Conversations;

	constructor(
		context: Context,
		parts: {
			readonly leads: Leads;
			readonly offers: SentOffers;
			readonly chats: Chats;
			readonly activity: Activity;
			readonly conversations: Conversations;
		},
	) {
		this.#context = context;
		this.#leads = parts.leads;
		this.#offers = parts.offers;
		this.#chats = parts.chats;
		this.#activity = parts.activity;
		this.#conversations = parts.conversations;
	}

	makeOffer(args: Args<'offer'>): Answer<'offer'> {
		const lead = this.#leads.get(args.msgId);
		if (!lead) return refuseCommand('not-found', args.msgId);
		if (lead.record.status !== 'open' && lead.record.status !== 'hidden')
			return refuseCommand('wrong-state', lead.record.status);
		const text = textFromInput(args.text, wireLimits.replyBytes);
		if (!text.ok) return text;
		const price = moneyFromInput(args.price);
		if (!price.ok) return price;
		const offered = this.#leads.change(args.msgId, { status: 'offered' });
		const replyId = this.#offers.post(lead, text.value, price.value, offered);
		if (replyId) return ok({ replyId });
		this.#context.out.commit(this.#leads.change(args.msgId, { status: 'open' }));
		return refuseCommand('wrong-state', 'the job cannot be thanked for: its key is no curve point');
	}

	withdrawOffer({ replyId }: Args<'withdrawOffer'>): Answer<'withdrawOffer'> {
		const own = this.#offers.get(replyId);
		if (!own) return refuseCommand('not-found', replyId);
		const { state, msgId } = own.record;
		if (!isPending(own) && state !== 'chosen' && state !== 'refused')
			return refuseCommand('wrong-state', state);
		const known = isKnown(own);
		const announcement = known ? { announcement: announce(this.#context, 'withdrawn') } : {};
		this.#offers.update(replyId, { state: 'withdrawn', ...announcement }, this.#offerable(msgId), () => {
			if (known) this.#conversations.reach(replyId);
		});
		return done;
	}

	removeOffer({ replyId }: Args<'removeOffer'>): Answer<'removeOffer'> {
		const own = this.#offers.get(replyId);
		if (!own) return refuseCommand('not-found', replyId);
		if (isPending(own) || own.record.state === 'chosen')
			return refuseCommand('wrong-state', own.record.state);
		const news = this.#activity.forget((entry) => entry.replyId === replyId);
		this.#context.out.commit([...this.#offers.remove(replyId), ...this.#chats.forget(replyId), ...news]);
		return done;
	}

	hideLead({ msgId, hidden }: Args<'hideLead'>): Answer<'hideLead'> {
		const lead = this.#leads.get(msgId);
		if (!lead) return refuseCommand('not-found', msgId);
		const { status } = lead.record;
		if (status === (hidden ? 'hidden' : 'open')) return done;
		if (status !== (hidden ? 'open' : 'hidden')) return refuseCommand('wrong-state', status);
		this.#context.out.commit(this.#leads.change(msgId, { status: hidden ? 'hidden' : 'open' }));
		return done;
	}

	/** Says that the job is done; the customer confirms it. */
	markDone(own: OwnOffer): Answer<'markDone'> {
		const { replyId, state } = own.record;
		if (state !== 'chosen') return refuseCommand('wrong-state', state);
		const announcement = announce(this.#context, 'done');
		this.#offers.update(replyId, { announcement }, [], () => this.#conversations.reach(replyId));
		return done;
	}

	/** A job whose only offer is void may be offered for again. */
	#offerable(msgId: Args<'offer'>['msgId']): RecordWrite[] {
		return this.#leads.get(msgId)?.record.status === 'offered'
			? this.#leads.change(msgId, { status: 'open' })
			: [];
	}
}
