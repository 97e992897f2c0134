import type { Topic } from '#lib/core/brand.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import { until } from '../../../network/peers/until.ts';
import { linked, type Scene } from './scene.ts';

/**
 * From a person's "post" to the job at the neighbour, ms: on credit, and for sats. Each sample is a stranger's first job,
 * so that no pack of before pays for it; free and paid ones take turns.
 */
export async function favours(scene: Scene, samples: number): Promise<{ free: number[]; paid: number[] }> {
	const figures = { free: [] as number[], paid: [] as number[] };
	for (let i = 0; i < 2 * samples; i++) {
		const kind = i % 2 === 0 ? 'free' : 'paid';
		const relays = [await scene.relay()];
		// Who is asked for an admission proof has credit; who is not has none.
		const admission = kind === 'free' ? 64 : 0;
		const giver = await scene.peer(relays, admission, '/bench');
		const asker = await scene.peer(relays, admission);
		await scene.equip(giver, `giver-${i}`, { favourMsat: sats(3) });
		await scene.equip(asker, `asker-${i}`, { prefer: 'sats' });
		await linked(asker, 1);
		const job = { topic: '/bench/favour' as Topic, message: `job ${i}`, expiresInMs: 3_600_000 };
		const before = performance.now();
		await asker.command('post', job);
		await until(giver, 'leads', (leads) => leads.length > 0);
		figures[kind].push(performance.now() - before);
		const [receipt] = giver.slice('lightning').receipts;
		const { earned } = giver.slice('lightning');
		if (kind === 'free' && (receipt ?? earned.favours > 0)) throw new Error('a free favour was paid for');
		if (kind === 'paid') await until(giver, 'lightning', ({ earned: { favours } }) => favours === 1);
		scene.stop(asker);
		scene.stop(giver);
	}
	return figures;
}
