import { compactSignature } from '#lib/channel/signature.ts';
import type { Word } from '#lib/channel/address.ts';
import type { Wallet } from '#lib/channel/ports.ts';
import type { ChainPlace } from './chains.ts';
import { chainError, refuse } from './error.ts';
import { keySender, type Sender } from './sender.ts';
import { submitCall } from './submit.ts';

/** A wallet over one account. */
export const walletOf = (place: ChainPlace, sender: Sender): Wallet => ({
	async submit(call, from) {
		if (from !== sender.address) return refuse('no-wallet', `this wallet is ${sender.address}, not ${from}`);
		return submitCall(place, sender, call);
	},
	async sign(message, from) {
		if (from !== sender.address) return refuse('no-wallet', `this wallet is ${sender.address}, not ${from}`);
		try {
			const signed = await sender.sign({ chainId: place.chainId, contract: place.contract }, message);
			const signature = compactSignature(signed);
			return signature
				? { ok: true, value: signature }
				: refuse('failed', 'the wallet gave no plain signature');
		} catch (fault) {
			return { ok: false, error: chainError(fault) };
		}
	},
});

/** The account of a headless peer. */
export const createNodeWallet = (place: ChainPlace, privateKey: Word): Wallet =>
	walletOf(place, keySender(place, privateKey));
