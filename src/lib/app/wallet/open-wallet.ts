import type { Clock } from '#lib/core/clock.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { ManualWallet } from '#lib/wallet/lightning/manual.ts';
import { parseConnection, shownOf } from '#lib/wallet/lightning/nwc/connection.ts';
import { openNwc } from '#lib/wallet/lightning/nwc/open.ts';
import {
	walletError,
	type LightningNetwork,
	type LightningWallet,
	type WalletError,
} from '#lib/wallet/lightning/port.ts';
import { WeblnWallet, type AskWebln } from '#lib/wallet/lightning/webln.ts';
import type { WalletSource } from './protocol.ts';

export interface OpenWalletPorts {
	readonly clock: Clock;
	/** What wallets that cannot say are on. */
	readonly network: LightningNetwork;
	/** The page's WebLN provider; undefined where there is no page. */
	readonly webln?: AskWebln;
}

/** A wallet, and what the eye may know of its connection. */
export interface OpenedWallet {
	readonly wallet: LightningWallet;
	/** Hosts of its relays. */
	readonly relays: readonly string[];
	/** First bytes of its key. */
	readonly fingerprint: string;
}

/** Opens a wallet; talks to it only when it is asked something. */
export async function openWallet(
	source: WalletSource,
	ports: OpenWalletPorts,
): Promise<Result<OpenedWallet, WalletError>> {
	const { clock, network, webln } = ports;
	const now = () => clock.now();
	switch (source.kind) {
		case 'nwc': {
			const connection = parseConnection(source.uri);
			if (!connection.ok) return connection;
			return ok({ wallet: await openNwc(connection.value, clock), ...shownOf(connection.value) });
		}
		case 'webln':
			return webln
				? ok({ wallet: new WeblnWallet(webln, network, now), relays: [], fingerprint: '' })
				: err(walletError('not-implemented', 'no page to ask'));
		case 'manual':
			return ok({ wallet: new ManualWallet(network, now), relays: [], fingerprint: '' });
	}
}
