import type { Hex, MsgId, ReplyId } from '#lib/core/brand.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import type { Activity } from './activity.ts';
import { Calls, type Call, type Party } from './calls.ts';
import type { Chats } from './chats.ts';
import { randomHex, type Context } from '../context.ts';
import type { DirectFrame } from '../wire/frames.ts';
import type { Announcement, RecordWrite } from '../records.ts';
import { Turns, type Turn } from './turns.ts';

export type Validation = Extract<DirectFrame, { kind: 'Validate' | 'Ack' | 'DirectThankYou' }>;
export type JobState = Extract<DirectFrame, { kind: 'JobState' }>;

/** One side of conversations: the customer's with its offers, or the worker's with its own. */
export interface Side {
	/** The link is up: what is said first. */
	opened(call: Call): void;
	validation(call: Call, frame: Validation): void;
	/** The other side says how the job stands. @returns writes, empty when that changes nothing. */
	stated(replyId: ReplyId, frame: JobState): RecordWrite[];
	/** What the other side has not confirmed: repeated on every link until it has. */
	unconfirmed(replyId: ReplyId): DirectFrame[];
	/** The other side keeps what is named so. */
	confirmed(replyId: ReplyId, id: Hex): RecordWrite[];
	/** Whether a link is wanted though nothing waits to be said. */
	wantsLink(replyId: ReplyId): boolean;
	/** Wait before the next call after so many (>= 1) that came to nothing, ms; undefined to give up. */
	retryAfter(replyId: ReplyId, failures: number): number | undefined;
	gaveUp(replyId: ReplyId): void;
	/** The job talked about; undefined when this side does not listen to chat (yet). */
	subject(replyId: ReplyId): MsgId | undefined;
	/** The turn it must wait for before the other side is called; undefined when it need not. */
	turn(replyId: ReplyId): Turn | undefined;
}

interface Redial {
	failures: number;
	cancel: (() => void) | undefined;
}

/** Talk over direct links: kept before it is shown as sent, repeated until the other side confirms. */
export class Conversations {
	readonly calls: Calls;
	readonly #context: Context;
	readonly #chats: Chats;
	readonly #activity: Activity;
	readonly #sides: Record<Party['role'], Side>;
	readonly #redials = new Map<ReplyId, Redial>();
	readonly #turns: Turns;
	/** How much news each other side may still tell: every piece costs a write and a person's attention. */
	readonly #patience = new Map<ReplyId, TokenBucket>();

	constructor(context: Context, chats: Chats, activity: Activity, sides: Record<Party['role'], Side>) {
		this.#context = context;
		this.#chats = chats;
		this.#activity = activity;
		this.#sides = sides;
		this.#turns = new Turns(context.parameters.validationsAtOnce);
		this.calls = new Calls(context, {
			opened: (call) => this.#opened(call),
			frame: (call, frame) => this.#frame(call, frame),
			lost: (party) => this.#lost(party),
		});
	}

	isOnline(replyId: ReplyId): boolean {
		return this.calls.current(replyId) !== undefined;
	}

	/** Whether anything said may still reach the other side. */
	isOpen(replyId: ReplyId): boolean {
		return this.calls.party(replyId) !== undefined;
	}

	/** Takes up a conversation, also after a reload: what is unconfirmed is said again. */
	open(party: Party): void {
		this.calls.register(party);
		if (this.#wantsLink(party)) this.reach(party.replyId);
	}

	/** Ends a conversation for good. */
	close(replyId: ReplyId, reason: string): void {
		this.#redials.get(replyId)?.cancel?.();
		this.#redials.delete(replyId);
		this.#patience.delete(replyId);
		this.calls.unregister(replyId, reason);
		this.#turns.done(replyId);
	}

	/** Says a message. The caller checked its text. */
	say(replyId: ReplyId, text: string): void {
		const record = {
			id: randomHex(this.#context, 16),
			replyId,
			mine: true,
			at: this.#context.now(),
			text,
			delivered: false,
			read: true,
		};
		this.#context.out.commit(this.#chats.add(record), () => this.reach(replyId));
		this.#stale();
	}

	/** Says what is unconfirmed, over the open link or a new one. */
	reach(replyId: ReplyId): void {
		const call = this.calls.current(replyId);
		if (call) {
			this.#flush(call);
			return;
		}
		const redial = this.#redial(replyId);
		redial.cancel?.();
		redial.cancel = undefined;
		redial.failures = 0;
		this.#dial(replyId);
	}

	#dial(replyId: ReplyId): void {
		const role = this.calls.party(replyId)?.role;
		const turn = role && this.#sides[role].turn(replyId);
		if (turn) this.#turns.ask(replyId, turn, () => this.calls.dial(replyId));
		else this.calls.dial(replyId);
	}

	#opened(call: Call): void {
		const redial = this.#redial(call.party.replyId);
		redial.cancel?.();
		redial.cancel = undefined;
		this.#sides[call.party.role].opened(call);
		this.#flush(call);
		this.#stale();
	}

	#flush(call: Call): void {
		const { replyId, role } = call.party;
		for (const frame of this.#sides[role].unconfirmed(replyId)) this.calls.send(call, frame);
		for (const { id, at, text } of this.#chats.undelivered(replyId))
			this.calls.send(call, { kind: 'Chat', id, replyId, at, text });
	}

	#frame(call: Call, frame: DirectFrame): void {
		const { replyId, role } = call.party;
		if (frame.kind !== 'Received' && frame.replyId !== replyId) {
			this.calls.hangUp(call, 'about another offer');
			return;
		}
		// Once both talk about the job, a lost link is bad luck and no failure.
		if (this.#sides[role].subject(replyId) !== undefined) this.#redial(replyId).failures = 0;
		switch (frame.kind) {
			case 'Chat':
				this.#heard(call, frame);
				return;
			case 'JobState':
				if (!this.#hasPatience(call)) return;
				this.#confirm(call, frame.id, this.#sides[role].stated(replyId, frame));
				return;
			case 'Received': {
				const writes = [
					...this.#chats.delivered(replyId, frame.id),
					...this.#sides[role].confirmed(replyId, frame.id),
				];
				if (writes.length > 0) this.#context.out.commit(writes);
				this.#stale();
				return;
			}
			default:
				this.#sides[role].validation(call, frame);
				if (!this.#sides[role].turn(replyId)) this.#turns.done(replyId);
		}
	}

	#heard(call: Call, frame: Extract<DirectFrame, { kind: 'Chat' }>): void {
		const { replyId, role } = call.party;
		const msgId = this.#sides[role].subject(replyId);
		if (msgId === undefined || frame.text === '') return;
		const known = this.#chats.conversationOf(frame.id);
		if (known !== undefined) {
			if (known === replyId) this.#confirm(call, frame.id, []);
			return;
		}
		if (!this.#hasPatience(call)) return;
		// Order and age are by this side's clock: the other one's may be anything.
		const at = this.#context.now();
		const record = { id: frame.id, replyId, mine: false, at, text: frame.text, delivered: true, read: false };
		const news = this.#activity.add({ kind: 'chat', msgId, replyId, text: frame.text });
		this.#confirm(call, frame.id, [...this.#chats.add(record), ...news]);
	}

	/** Whoever tells more than a person can read is hung up on; what was not confirmed is said again later. */
	#hasPatience(call: Call): boolean {
		const { replyId } = call.party;
		const { newsPerSecond, newsAtOnce } = this.#context.parameters;
		const now = this.#context.now();
		const bucket = this.#patience.get(replyId) ?? new TokenBucket(newsPerSecond, newsAtOnce, now);
		this.#patience.set(replyId, bucket);
		if (bucket.take(now)) return true;
		this.calls.giveUp(call, 'too fast');
		return false;
	}

	/** Confirms only what is kept. */
	#confirm(call: Call, id: Hex, writes: readonly RecordWrite[]): void {
		const confirm = () => this.calls.send(call, { kind: 'Received', id });
		if (writes.length > 0) this.#context.out.commit(writes, confirm);
		else confirm();
		this.#stale();
	}

	#lost(party: Party): void {
		const { replyId, role } = party;
		const side = this.#sides[role];
		this.#stale();
		this.#turns.done(replyId);
		const redial = this.#redial(replyId);
		if (redial.cancel || !this.#wantsLink(party)) return;
		redial.failures += 1;
		const wait = side.retryAfter(replyId, redial.failures);
		if (wait === undefined) {
			side.gaveUp(replyId);
			return;
		}
		redial.cancel = this.#context.agenda.at(this.#context.now() + wait, () => {
			redial.cancel = undefined;
			if (this.#wantsLink(party)) this.#dial(replyId);
		});
	}

	#wantsLink({ replyId, role }: Party): boolean {
		const side = this.#sides[role];
		return (
			side.wantsLink(replyId) ||
			side.unconfirmed(replyId).length > 0 ||
			this.#chats.undelivered(replyId).length > 0
		);
	}

	#redial(replyId: ReplyId): Redial {
		const known = this.#redials.get(replyId);
		if (known) return known;
		const redial: Redial = { failures: 0, cancel: undefined };
		this.#redials.set(replyId, redial);
		return redial;
	}

	#stale(): void {
		this.#context.out.changed('jobs', 'offers');
	}
}

export const announce = (context: Context, state: Announcement['state'], reason?: string): Announcement => ({
	id: randomHex(context, 16),
	state,
	at: context.now(),
	...(reason === undefined || reason === '' ? {} : { reason }),
	received: false,
});

/** The frame that says so, while it is unconfirmed. */
export function announcementFrame(replyId: ReplyId, announcement: Announcement | undefined): DirectFrame[] {
	if (!announcement || announcement.received) return [];
	const { id, at, state, reason } = announcement;
	return [{ kind: 'JobState', id, replyId, at, state, ...(reason === undefined ? {} : { reason }) }];
}
