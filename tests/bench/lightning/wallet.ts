import type { Scene } from './scene.ts';

/** Asks a wallet over a relay on loopback what it can do, and then what it holds: two round looks, ms. */
export async function walletLooks(scene: Scene, samples: number): Promise<number[]> {
	const peer = await scene.peer([await scene.relay()], 0);
	await scene.equip(peer, 'asked', {});
	const looks: number[] = [];
	for (let i = 0; i < samples; i++) {
		const before = performance.now();
		await peer.command('refreshWallet', {});
		looks.push(performance.now() - before);
	}
	return looks;
}
