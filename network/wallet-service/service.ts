import type { Clock } from '#lib/core/clock.ts';
import type { Log } from '#lib/core/log.ts';
import type { Random } from '#lib/core/random.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { ReadInvoice } from './answer.ts';
import { parseAuthorisation, type AuthorisationError } from './authorisation.ts';
import type { Backend } from './backend.ts';
import { openConnection, type WalletConnection } from './connection.ts';
import { everything, type Grant } from './grant.ts';

export interface WalletServiceDeps {
	/** The relay clients and wallets meet on. */
	readonly relay: string;
	readonly clock: Clock;
	readonly random: Random;
	readonly log: Log;
	readonly readInvoice: ReadInvoice;
}

/** A NIP-47 wallet service: any number of wallets, any number of clients of each. */
export interface WalletService {
	/** A connection string for a new client of this wallet. */
	connect(backend: Backend, grant?: Grant): WalletConnection & { readonly uri: string };
	/** Grants what a `nostr+walletauth://` URI asks for: the wallet's owner says yes. */
	authorise(backend: Backend, uri: string): Result<WalletConnection, AuthorisationError>;
	/** Ends every connection. */
	stop(): void;
}

export function createWalletService(deps: WalletServiceDeps): WalletService {
	const connections: WalletConnection[] = [];
	const keep = (connection: WalletConnection) => {
		connections.push(connection);
		return connection;
	};
	return {
		connect(backend, grant = everything) {
			const connection = keep(openConnection({ ...deps, backend, grant }));
			return connection as WalletConnection & { readonly uri: string };
		},
		authorise(backend, uri) {
			const asked = parseAuthorisation(uri);
			if (!asked.ok) return asked;
			const { client, grant, relays } = asked.value;
			if (!relays.includes(deps.relay))
				return err({ type: 'authorisation', detail: `this wallet is on ${deps.relay} only` });
			return ok(keep(openConnection({ ...deps, backend, grant, client })));
		},
		stop() {
			for (const connection of connections) connection.revoke();
		},
	};
}
