import type { MsgId, ReplyId } from '#lib/core/brand.ts';
import { BoundedMap } from '#lib/core/bounded-map.ts';
import { randomHex, type Context } from '../context.ts';
import type { ActivityRecord, RecordWrite } from '../records.ts';
import type { ActivityView, Cause } from '../view.ts';

/** Letters of a job or message shown in an entry. */
const excerptLetters = 80;

export interface News {
	readonly kind: ActivityView['kind'];
	readonly msgId: MsgId;
	readonly replyId?: ReplyId;
	/** The job's or message's text; its beginning is kept. */
	readonly text: string;
	readonly cause?: Cause | undefined;
	/** False for what the person did: it is kept, but there is no need to tell. */
	readonly tell?: boolean;
}

/** The notification centre: what happened to the person's jobs and offers. */
export class Activity {
	readonly #context: Context;
	readonly #entries: BoundedMap<string, ActivityRecord>;

	constructor(context: Context, records: readonly ActivityRecord[]) {
		this.#context = context;
		this.#entries = new BoundedMap(context.parameters.activity);
		for (const record of [...records].sort((a, b) => a.at - b.at)) this.#entries.set(record.id, record);
	}

	/** Makes an entry and tells of it. @returns writes for the transaction that made it news. */
	add({ kind, msgId, replyId, text, cause, tell = true }: News): RecordWrite[] {
		const entry: ActivityRecord = {
			id: randomHex(this.#context, 16),
			at: this.#context.now(),
			kind,
			msgId,
			...(replyId === undefined ? {} : { replyId }),
			excerpt: Array.from(text).slice(0, excerptLetters).join(''),
			...(cause ? { cause } : {}),
			read: !tell,
		};
		const evicted = this.#entries.set(entry.id, entry);
		this.#context.out.changed('activity');
		if (tell) this.#context.out.notify(entry);
		return [
			{ op: 'put', table: 'activity', value: entry },
			...(evicted ? [{ op: 'delete', table: 'activity', key: evicted.id } as const] : []),
		];
	}

	/** Marks entries of one conversation, or all, as read. @returns what changed. */
	read(replyId?: ReplyId): RecordWrite[] {
		const unread = [...this.#entries.values()].filter(
			(entry) => !entry.read && (replyId === undefined || entry.replyId === replyId),
		);
		if (unread.length > 0) this.#context.out.changed('activity');
		return unread.map((entry) => this.#replace({ ...entry, read: true }));
	}

	/** Forgets everything about a job or an offer that is removed. */
	forget(about: (entry: ActivityRecord) => boolean): RecordWrite[] {
		const gone = [...this.#entries.values()].filter(about);
		for (const entry of gone) this.#entries.delete(entry.id);
		if (gone.length > 0) this.#context.out.changed('activity');
		return gone.map((entry) => ({ op: 'delete', table: 'activity', key: entry.id }));
	}

	/** Newest first. */
	view(): ActivityView[] {
		return [...this.#entries.values()].reverse().sort((a, b) => b.at - a.at);
	}

	#replace(entry: ActivityRecord): RecordWrite {
		this.#entries.set(entry.id, entry);
		return { op: 'put', table: 'activity', value: entry };
	}
}
