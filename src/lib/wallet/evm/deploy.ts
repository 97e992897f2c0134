import deployments from '#contracts/deployments.json' with { type: 'json' };
import { concatHex } from 'viem';
import type { Address, Word } from '#lib/channel/address.ts';
import type { ChainError } from '#lib/channel/ports.ts';
import type { Result } from '#lib/core/result.ts';
import type { ChainPlace } from './chains.ts';
import { createEndpoints } from './endpoints.ts';
import { chainError, refuse } from './error.ts';
import type { Sender } from './sender.ts';

/** Where the coin's build of the contract is on every chain that has the standard CREATE2 deployer. */
export const contractAddress = deployments.ScorchedEarthETH.address as Address;

/**
 * Puts the contract on a chain that has none. Its address follows from its code alone, so that it does not matter
 * who pays for it: about 3.4 M gas.
 */
export async function deployContract(place: ChainPlace, sender: Sender): Promise<Result<Word, ChainError>> {
	if (place.contract !== contractAddress)
		return refuse('failed', `this app's build of the contract does not live at ${place.contract}`);
	// The bytecode is 30 kB that hardly anybody needs.
	const { default: artifact } = await import('#contracts/artifacts/ScorchedEarthETH.json', {
		with: { type: 'json' },
	});
	const to = deployments.deployer as Address;
	const data = concatHex([deployments.salt as Word, artifact.bytecode as Word]);
	const endpoints = createEndpoints(place, 'chain');
	const proxy = await endpoints.ask((client) => client.getCode({ address: to }));
	if (!proxy.ok) return proxy;
	if (proxy.value === undefined || proxy.value === '0x')
		return refuse('failed', 'this chain has no CREATE2 deployer');
	const gas = await endpoints.ask((client) =>
		client.estimateGas({ account: sender.address, to, data, value: 0n }),
	);
	if (!gas.ok) return gas;
	try {
		return { ok: true, value: await sender.send({ to, data, value: 0n, gas: (gas.value * 11n) / 10n }) };
	} catch (fault) {
		return { ok: false, error: chainError(fault) };
	}
}

/** Waits until a deployment is in the chain and the code is really there. */
export async function deployed(place: ChainPlace, hash: Word): Promise<Result<null, ChainError>> {
	const endpoints = createEndpoints(place, 'chain');
	const code = await endpoints.ask(async (client) => {
		await client.waitForTransactionReceipt({ hash, timeout: 180_000 });
		return client.getCode({ address: place.contract });
	});
	if (!code.ok) return code;
	return code.value === undefined || code.value === '0x'
		? refuse('no-contract', 'the transaction went through, but the contract is not there')
		: { ok: true, value: null };
}
