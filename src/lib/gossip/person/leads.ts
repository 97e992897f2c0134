import type { MsgId, Topic } from '#lib/core/brand.ts';
import type { Activity } from './activity.ts';
import type { Context } from '../context.ts';
import type { JobCore } from '../wire/frames.ts';
import { readJob, shortIdOf } from '../wire/job.ts';
import type { LeadRecord, RecordWrite } from '../records.ts';
import type { Route, Routes } from '../carrying/routes.ts';
import { topicsMatch } from '../topic.ts';
import type { LeadView } from '../view.ts';

interface Lead {
	record: LeadRecord;
	readonly core: JobCore;
	readonly cancelTimer: () => void;
}

/** Strangers' jobs on the person's topics. */
export class Leads {
	readonly #context: Context;
	readonly #routes: Routes;
	readonly #activity: Activity;
	readonly #leads = new Map<MsgId, Lead>();
	#topics: readonly Topic[] = [];

	constructor(context: Context, routes: Routes, activity: Activity) {
		this.#context = context;
		this.#routes = routes;
		this.#activity = activity;
	}

	get(msgId: MsgId): { readonly record: LeadRecord; readonly core: JobCore } | undefined {
		return this.#leads.get(msgId);
	}

	/** Takes up stored leads; replies to them find their way back again. */
	resume(records: readonly LeadRecord[]): void {
		for (const record of records) {
			const core = readJob(record.core);
			if (!core.ok) continue;
			this.#keep(record, core.value);
			rememberRoute(this.#routes, record, core.value);
		}
		this.#dropOldest();
	}

	/** Follows these topics from now on; live jobs on them that passed here before are leads at once. */
	follow(topics: readonly Topic[]): void {
		this.#topics = topics;
		for (const route of this.#routes.live().reverse()) this.heard(route);
	}

	heard(route: Route): void {
		const { job, msgId } = route;
		if (!job || route.mine || this.#leads.has(msgId)) return;
		if (!this.#topics.some((topic) => topicsMatch(topic, job.topic))) return;
		const core = readJob(job.bytes);
		if (!core.ok) return;
		const record: LeadRecord = {
			msgId,
			core: job.bytes,
			heardAt: this.#context.now(),
			status: 'open',
			upstreams: [...route.upstreams],
			...(route.owes ? { owes: route.owes } : {}),
		};
		this.#keep(record, core.value);
		this.#context.out.commit([put(record), ...this.#dropOldest()]);
	}

	wayFound(route: Route): void {
		const lead = this.#leads.get(route.msgId);
		if (lead && isOpen(lead))
			this.#context.out.commit(this.change(route.msgId, { upstreams: [...route.upstreams] }));
	}

	cancelled(msgId: MsgId, reason: string): void {
		const lead = this.#leads.get(msgId);
		if (!lead || lead.record.status === 'expired' || lead.record.status === 'cancelled') return;
		const cause = { code: 'cancelled-by-customer', ...(reason === '' ? {} : { reason }) } as const;
		const text = lead.core.message;
		const tell = lead.record.status === 'offered';
		const news = this.#activity.add({ kind: 'lead-cancelled', msgId, text, cause, tell });
		this.#context.out.commit([...this.change(msgId, { status: 'cancelled', cause }), ...news]);
	}

	/** Changes the record. @returns the write that keeps it. */
	change(msgId: MsgId, change: Partial<LeadRecord>): RecordWrite[] {
		const lead = this.#leads.get(msgId);
		if (!lead) return [];
		lead.record = { ...lead.record, ...change };
		this.#context.out.changed('leads');
		return [put(lead.record)];
	}

	/** Newest first. */
	view(): LeadView[] {
		return [...this.#leads.values()]
			.map(({ record: { msgId, heardAt, status, cause, owes }, core }) => ({
				msgId,
				...jobText(core),
				createdAt: core.createdAt,
				expiresAt: core.expiresAt,
				heardAt,
				status,
				...(cause ? { cause } : {}),
				...(owes ? { replyMsat: owes.msat } : {}),
			}))
			.sort((a, b) => b.heardAt - a.heardAt);
	}

	#keep(record: LeadRecord, core: JobCore): void {
		const { msgId } = record;
		const cancelTimer = this.#context.agenda.at(core.expiresAt, () => {
			const lead = this.#leads.get(msgId);
			if (!lead || lead.record.status === 'cancelled' || lead.record.status === 'expired') return;
			this.#context.out.commit(this.change(msgId, { status: 'expired', cause: { code: 'expired' } }));
		});
		this.#leads.set(msgId, { record, core, cancelTimer });
		this.#context.out.changed('leads');
	}

	/** Ended ones go first, then the oldest. */
	#dropOldest(): RecordWrite[] {
		const writes: RecordWrite[] = [];
		while (this.#leads.size > this.#context.parameters.leads) {
			const leads = [...this.#leads.values()];
			const gone = leads.find((lead) => !isOpen(lead)) ?? leads[0];
			if (!gone) break;
			gone.cancelTimer();
			this.#leads.delete(gone.record.msgId);
			writes.push({ op: 'delete', table: 'leads', key: gone.record.msgId });
		}
		return writes;
	}
}

const isOpen = ({ record }: Lead): boolean => record.status === 'open' || record.status === 'offered';

const put = (record: LeadRecord): RecordWrite => ({ op: 'put', table: 'leads', value: record });

/** What a view shows of a job's core. */
export const jobText = ({ topic, message, budgetAmount, budgetUnit }: JobCore) => ({
	topic,
	message,
	...(budgetAmount === undefined || budgetUnit === undefined
		? {}
		: { budget: { amount: budgetAmount, unit: budgetUnit } }),
});

/** Lets a reply to a stored job find the neighbours that once brought it. It cannot be carried on: its signature is gone. */
export function rememberRoute(
	routes: Routes,
	{ msgId, upstreams, owes }: Pick<LeadRecord, 'msgId' | 'upstreams' | 'owes'>,
	core: JobCore,
): Route {
	return (
		routes.get(msgId) ??
		routes.add({
			msgId,
			shortId: shortIdOf(msgId),
			core,
			mine: false,
			ttl: 0,
			upstreams: [...upstreams],
			...(owes ? { owes } : {}),
			missed: false,
			thanked: false,
			replies: new Map(),
		})
	);
}
