import type { MsgId, ReplyId, Topic } from '#lib/core/brand.ts';
import type { Money } from './view.ts';

/** What a person asks of the engine: each command with its arguments and its answer. */
export interface EngineCommands {
	post: {
		args: { topic: Topic; message: string; expiresInMs: number; budget?: Money };
		answer: { msgId: MsgId };
	};
	/** Stops posting while it is on its way, or withdraws an open job from everywhere. */
	cancelJob: { args: { msgId: MsgId; reason: string }; answer: null };
	/** The same job again under a new id. */
	renew: { args: { msgId: MsgId; expiresInMs: number }; answer: { msgId: MsgId } };
	removeJob: { args: { msgId: MsgId }; answer: null };
	offer: { args: { msgId: MsgId; text: string; price?: Money }; answer: { replyId: ReplyId } };
	withdrawOffer: { args: { replyId: ReplyId }; answer: null };
	removeOffer: { args: { replyId: ReplyId }; answer: null };
	hideLead: { args: { msgId: MsgId; hidden: boolean }; answer: null };
	/** Calls an unreachable worker again. */
	retryCall: { args: { replyId: ReplyId }; answer: null };
	choose: { args: { replyId: ReplyId }; answer: null };
	decline: { args: { replyId: ReplyId; reason: string }; answer: null };
	markDone: { args: { replyId: ReplyId }; answer: null };
	chat: { args: { replyId: ReplyId; text: string }; answer: null };
	/** The person has seen this conversation, or the whole notification centre. */
	markRead: { args: { replyId?: ReplyId }; answer: null };
}

export type EngineCommandName = keyof EngineCommands;

/** A refused command: a code for the interface's words, and detail for the log. */
export interface EngineCommandError {
	readonly type: 'command';
	readonly code:
		| 'not-ready'
		| 'bad-topic'
		| 'empty'
		| 'too-long'
		| 'bad-expiry'
		| 'bad-money'
		| 'not-found'
		| 'wrong-state';
	readonly detail: string;
}
