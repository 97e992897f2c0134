import type { Topic } from '#lib/core/brand.ts';
import { eventKinds } from '#lib/webrtc/rendezvous/records.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import { until } from '../../../network/peers/until.ts';
import { linked, type Scene } from './scene.ts';

interface ReplyFigures {
	/** From "offer" until the customer can read it. */
	readonly read: number[];
	/** From "offer" until the worker is thanked; for money all is settled then or a moment later. */
	readonly thanked: number[];
}

/**
 * Replies over two middlemen, who lock and pass on the price hop by hop, beside replies for nothing on the same line;
 * they take turns. ms.
 */
export async function replies(
	scene: Scene,
	samples: number,
): Promise<{ free: ReplyFigures; paid: ReplyFigures }> {
	const [left, middle, right, calls] = [
		await scene.relay(),
		await scene.relay(),
		await scene.relay(),
		await scene.relay(),
	];
	// Only customer and worker meet there, and only to call each other.
	calls.setFaults({ rejectKinds: [eventKinds.join] });
	const customer = await scene.peer([left, calls], 64);
	const first = await scene.peer([left, middle], 64);
	const second = await scene.peer([middle, right], 64);
	const worker = await scene.peer([right, calls], 64, '/bench');
	for (const [name, peer] of Object.entries({ customer, first, second, worker }))
		await scene.equip(peer, name, {});
	await Promise.all([linked(customer, 1), linked(first, 2), linked(second, 2), linked(worker, 1)]);

	const figures = { free: { read: [], thanked: [] }, paid: { read: [], thanked: [] } } as {
		readonly free: ReplyFigures;
		readonly paid: ReplyFigures;
	};
	for (let i = 0; i < 2 * samples; i++) {
		const kind = i % 2 === 0 ? 'free' : 'paid';
		const price = kind === 'free' ? 0 : 2;
		await scene.rule(customer, { ownReplyMsat: sats(price) });
		await scene.rule(first, { replyMsat: sats(price) });
		await scene.rule(second, { replyMsat: sats(price) });
		const job = { topic: '/bench/reply' as Topic, message: `job ${i}`, expiresInMs: 3_600_000 };
		const posted = await customer.command('post', job);
		if (!posted.ok) throw new Error(posted.error.detail);
		const { msgId } = posted.value;
		const leads = await until(worker, 'leads', (all) => all.some((lead) => lead.msgId === msgId));
		const costs = (leads.find((lead) => lead.msgId === msgId)?.replyMsat ?? 0) > 0;
		if (costs !== (kind === 'paid')) throw new Error(`a ${kind} reply ${costs ? 'costs' : 'is free'}`);
		const before = performance.now();
		await worker.command('offer', { msgId, text: `offer ${i}` });
		await until(customer, 'jobs', (jobs) =>
			jobs.some((each) => each.msgId === msgId && each.offers.length > 0),
		);
		figures[kind].read.push(performance.now() - before);
		await until(worker, 'offers', (all) =>
			all.some((each) => each.msgId === msgId && each.state === 'thanked'),
		);
		figures[kind].thanked.push(performance.now() - before);
		await until(first, 'lightning', ({ locks }) => locks.length === 0);
	}
	return figures;
}
