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

	has(replyId: ReplyId, id: Hex): boolean {
		return this.#byReply.get(replyId)?.has(id) ?? false;
	}

	/** Keeps a message; the oldest goes when there are too many. */
	add(record: ChatRecord): RecordWrite[] {
		const messages = this.#of(record.replyId);
		messages.set(record.id, record);
		const writes: RecordWrite[] = [{ op: 'put', table: 'chats', value: record }];
		const [oldest] = messages.keys();
		if (messages.size <= this.#parameters.messagesPerOffer || oldest === undefined) return writes;
		messages.delete(oldest);
		return [...writes, { op: 'delete', table: 'chats', key: oldest }];
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
