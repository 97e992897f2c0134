import { contractAddress, deployContract, deployed } from '#lib/wallet/evm/deploy.ts';
import { senderOf } from '#lib/wallet/evm/sender.ts';
import type { ChainPlace } from '#lib/wallet/evm/chains.ts';
import { createWalletClient, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { keccak256, toHex, type Hex } from 'viem';
import type { Anvil } from './anvil.ts';

/** A key that belongs to a name of the local network, and to nobody anywhere else. */
export const playKey = (name: string): Hex => keccak256(toHex(`sweet gossip, play money of ${name}`));

/** The local chain as the app is told of it. */
export const placeOf = (anvil: Pick<Anvil, 'url' | 'chainId'>): ChainPlace => ({
	chainId: anvil.chainId,
	contract: contractAddress,
	rpcs: [anvil.url],
});

/** Puts the contract where every chain has it. Throws when the chain refuses: then nothing of this network works. */
export async function deployOn(anvil: Anvil): Promise<void> {
	const account = privateKeyToAccount(playKey('the deployer'));
	await anvil.client.setBalance({ address: account.address, value: 10n ** 20n });
	const place = placeOf(anvil);
	const sender = senderOf(createWalletClient({ account, chain: foundry, transport: http(anvil.url) }));
	const sent = await deployContract(place, sender);
	if (!sent.ok) throw new Error(`the contract was not deployed: ${sent.error.detail}`);
	const there = await deployed(place, sent.value);
	if (!there.ok) throw new Error(`the contract was not deployed: ${there.error.detail}`);
}
