import type { ChainConfig } from '#lib/channel/chain-config.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { NetworkOptions } from '../options.ts';
import { startAnvil, type Anvil, type AnvilError } from './anvil.ts';
import { deployOn, placeOf } from './contract.ts';

export interface PlayChain {
	readonly anvil: Anvil;
	/** As /config.json tells it. */
	readonly config: ChainConfig;
	stop(): void;
}

/** A chain of play money with the contract on it. */
export async function startPlayChain(
	options: Pick<NetworkOptions, 'chainPort' | 'blockTime'>,
): Promise<Result<PlayChain, AnvilError>> {
	const { chainPort, blockTime } = options;
	if (chainPort === undefined)
		return err({ type: 'anvil', code: 'missing', detail: 'no chain was asked for' });
	const started = await startAnvil({ port: chainPort, blockTime });
	if (!started.ok) return started;
	const anvil = started.value;
	await deployOn(anvil);
	const { contract } = placeOf(anvil);
	return ok({
		anvil,
		config: {
			id: anvil.chainId,
			name: 'This machine',
			rpcs: [anvil.url],
			contract,
			coin: 'ETH',
			money: 'play',
		},
		stop: () => anvil.stop(),
	});
}
