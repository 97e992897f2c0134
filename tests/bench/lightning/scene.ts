import { systemClock } from '#lib/app/platform/clock.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import { defaultPolicy } from '#lib/app/wallet/initial.ts';
import type { SpendingPolicy } from '#lib/app/wallet/protocol.ts';
import type { Topic } from '#lib/core/brand.ts';
import { createNodePool } from '#lib/pow/worker/node-pool.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import { startHeadlessPeer, type HeadlessPeer } from '../../../network/peers/headless.ts';
import { until } from '../../../network/peers/until.ts';
import { startPlayMoney } from '../../../network/play-money.ts';
import { startRelay, type Relay } from '../../../network/relay/relay.ts';

/** Headless peers with wallets, over real WebRTC, relays on loopback and the real wallet protocol with play money. */
export class Scene {
	readonly #pool = createNodePool(systemClock);
	readonly #relays: Relay[] = [];
	readonly #peers: HeadlessPeer[] = [];
	#money: ReturnType<typeof startPlayMoney> | undefined;

	async relay(): Promise<Relay> {
		const started = await startRelay({ port: 0 });
		if (!started.ok) throw new Error(started.error.detail);
		this.#relays.push(started.value);
		return started.value;
	}

	/** A peer that meets others at these relays. Without an admission proof it has no credit with them. */
	async peer(relays: readonly Relay[], admissionComplexity: number, topic?: string): Promise<HeadlessPeer> {
		const config: NodeConfig = {
			network: 'bench',
			relays: relays.map(({ url }) => url),
			lightning: 'bcrt',
			iceServers: [],
			parameters: { admissionComplexity, baseComplexity: 64, walksPerMinute: 0 },
		};
		const peer = await startHeadlessPeer({ config, pool: this.#pool });
		this.#peers.push(peer);
		if (topic !== undefined)
			await peer.command('saveSettings', { ...peer.slice('settings'), topics: [topic as Topic] });
		return peer;
	}

	/** Gives a peer a wallet with so many sats, and rules. */
	async equip(peer: HeadlessPeer, name: string, rules: Partial<SpendingPolicy>): Promise<void> {
		this.#money ??= startPlayMoney((await this.relay()).url);
		const { uri } = this.#money.open(name, 1_000_000);
		await peer.command('connectWallet', { kind: 'nwc', uri });
		await this.rule(peer, rules);
		await until(peer, 'lightning', ({ connection }) => connection?.capabilities.pay === true);
	}

	/** Changes a peer's rules; its limits are out of the way. */
	async rule(peer: HeadlessPeer, rules: Partial<SpendingPolicy>): Promise<void> {
		const wide = { minuteMsat: sats(100_000), dayMsat: sats(100_000), peerDayMsat: sats(100_000) };
		const done = await peer.command('setSpending', { ...defaultPolicy, ...wide, ...rules });
		if (!done.ok) throw new Error(done.error.detail);
	}

	stop(peer: HeadlessPeer): void {
		this.#peers.splice(this.#peers.indexOf(peer), 1);
		peer.stop();
	}

	async close(): Promise<void> {
		for (const peer of this.#peers) peer.stop();
		this.#money?.stop();
		this.#pool.stop();
		await Promise.all(this.#relays.map((relay) => relay.close()));
	}
}

export const linked = (peer: HeadlessPeer, links: number) =>
	until(peer, 'network', (network) => network.links.length === links);
