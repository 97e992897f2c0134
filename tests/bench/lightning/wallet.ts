import type { Scene } from './scene.ts';

/** One question to a wallet and its answer over a relay on loopback, ms: the least that any step of a payment takes. */
export async function walletTrips(scene: Scene, samples: number): Promise<number[]> {
	const peer = await scene.peer([await scene.relay()], 0);
	await scene.equip(peer, 'asked', {});
	const trips: number[] = [];
	for (let i = 0; i < samples; i++) {
		const before = performance.now();
		await peer.command('refreshWallet', {});
		trips.push(performance.now() - before);
	}
	return trips;
}
