import type { Clock } from '#lib/core/clock.ts';
import type { LightningWallet } from '../port.ts';
import { readAnswer } from './answer-text.ts';
import type { Connection } from './connection.ts';
import { NwcWallet } from './wallet.ts';

/** Connects to the wallet; the SDK is loaded only now. Talks to nobody before the first question. */
export async function openNwc({ uri }: Connection, clock: Clock): Promise<LightningWallet> {
	const sdk = await import('@getalby/sdk/nwc');
	/** The SDK never answers when opening an answer throws, and does not look what an answer is to. */
	class StrictClient extends sdk.NWCClient {
		override decrypt(pubkey: string, content: string): Promise<string> {
			return readAnswer(content, () => super.decrypt(pubkey, content));
		}
	}
	const client = new StrictClient({ nostrWalletConnectUrl: uri, logger: silent });
	return new NwcWallet(client, sdk, clock);
}

/** The SDK logs failures together with what was asked; they are told as values here. */
const silent = { debug: () => undefined };
