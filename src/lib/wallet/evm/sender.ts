import { createWalletClient, http, type WalletClient } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Address, Word } from '#lib/channel/address.ts';
import { walletRequest, type Domain, type Message } from '#lib/channel/typed-data.ts';
import { viemChain, type ChainPlace } from './chains.ts';

/** A transaction as it goes to whoever signs it. */
export interface Outgoing {
	readonly to: Address;
	readonly data: Word;
	readonly value: bigint;
	readonly gas: bigint;
}

/** An account that signs: a wallet of the browser, or a key of this program. Its methods throw what viem throws. */
export interface Sender {
	readonly address: Address;
	send(transaction: Outgoing): Promise<Word>;
	/** 65 bytes of signature over a message of the channel, shown to the person in full by a wallet. */
	sign(domain: Domain, message: Message): Promise<string>;
}

/** Speaks through a viem client whose account and chain are set. */
export function senderOf(client: WalletClient): Sender {
	const { account, chain } = client;
	if (!account || !chain) throw new Error('the client has no account or no chain');
	return {
		address: account.address.toLowerCase() as Address,
		send: (transaction) => client.sendTransaction({ account, chain, ...transaction }),
		sign: (domain, message) => client.signTypedData({ account, ...walletRequest(domain, message) }),
	};
}

/** A key of this program on Node or in a test; it sends through the chain's first endpoint. */
export const keySender = (place: ChainPlace, privateKey: Word): Sender =>
	senderOf(
		createWalletClient({
			account: privateKeyToAccount(privateKey),
			chain: viemChain(place),
			transport: http(place.rpcs[0]),
		}),
	);
