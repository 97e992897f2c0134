import type { Hex, ReplyId } from '#lib/core/brand.ts';
import type { GossipParameters } from '../parameters.ts';
import type { ChatRecord, RecordWrite } from '../records.ts';
import type { ChatMessageView } from '../view.ts';

/** Messages of each conversation, in the order of this side's clock. */
export class Chats {
	readonly #parameters: GossipParameters;
	readonly #byReply = new Map<ReplyId, Map<Hex, ChatRecord>>();

	constructor(parameters: GossipParameters, records: readonly ChatRecord[]) {
		this.#parameters = parameters;
		for (const record of [...records].sort((a, b) => a.at - b.at))
			this.#of(record.replyId).set(record.id, record);
	}

	/** The conversation a message belongs to: ids are the other side's to choose, and stand for one record each. */
	conversationOf(id: Hex): ReplyId | undefined {
		for (const [replyId, messages] of this.#byReply) if (messages.has(id)) return replyId;
		return undefined;
	}

	/** Keeps a message; the oldest of the same side goes when there are too many, never what the other one said. */
	add(record: ChatRecord): RecordWrite[] {
		const messages = this.#of(record.replyId);
		messages.set(record.id, record);
		const writes: RecordWrite[] = [{ op: 'put', table: 'chats', value: record }];
		const side = [...messages.values()].filter(({ mine }) => mine === record.mine);
		const [oldest] = side;
		if (side.length <= this.#parameters.messagesPerOffer || !oldest) return writes;
		messages.delete(oldest.id);
		return [...writes, { op: 'delete', table: 'chats', key: oldest.id }];
	}

	/** The other side keeps the message now. */
	delivered(replyId: ReplyId, id: Hex): RecordWrite[] {
		const record = this.#byReply.get(replyId)?.get(id);
		if (!record?.mine || record.delivered) return [];
		return [this.#replace({ ...record, delivered: true })];
	}

	read(replyId: ReplyId): RecordWrite[] {
		return this.#all(replyId)
			.filter((record) => !record.mine && !record.read)
			.map((record) => this.#replace({ ...record, read: true }));
	}

	undelivered(replyId: ReplyId): ChatRecord[] {
		return this.#all(replyId).filter((record) => record.mine && !record.delivered);
	}

	unread(replyId: ReplyId): number {
		return this.#all(replyId).filter((record) => !record.mine && !record.read).length;
	}

	forget(replyId: ReplyId): RecordWrite[] {
		const writes = this.#all(replyId).map(({ id }) => ({ op: 'delete', table: 'chats', key: id }) as const);
		this.#byReply.delete(replyId);
		return writes;
	}

	view(replyId: ReplyId): ChatMessageView[] {
		return this.#all(replyId).map(({ id, mine, at, text, delivered }) => ({ id, mine, at, text, delivered }));
	}

	#all(replyId: ReplyId): ChatRecord[] {
		return [...(this.#byReply.get(replyId)?.values() ?? [])];
	}

	#of(replyId: ReplyId): Map<Hex, ChatRecord> {
		const known = this.#byReply.get(replyId);
		if (known) return known;
		const messages = new Map<Hex, ChatRecord>();
		this.#byReply.set(replyId, messages);
		return messages;
	}

	#replace(record: ChatRecord): RecordWrite {
		this.#of(record.replyId).set(record.id, record);
		return { op: 'put', table: 'chats', value: record };
	}
}
