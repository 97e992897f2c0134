import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import { decodeInvoice } from '#lib/wallet/lightning/bolt11/decode.ts';
import type { Account } from '#lib/wallet/lightning/ledger/account.ts';
import { Ledger } from '#lib/wallet/lightning/ledger/ledger.ts';
import type { WalletConnection } from './wallet-service/connection.ts';
import type { Grant } from './wallet-service/grant.ts';
import { createLedgerBackend } from './wallet-service/ledger-backend.ts';
import { createWalletService } from './wallet-service/service.ts';

/** Wallets with play money for one local network: all can pay each other, nothing is worth anything. */
export interface PlayMoney {
	readonly ledger: Ledger;
	/** The account of a wallet that was opened under this name. */
	account(name: string): Account | undefined;
	/** A new wallet holding so many sats, and a connection to it. */
	open(name: string, sats: number, grant?: Grant): WalletConnection & { readonly uri: string };
	stop(): void;
}

/** Wallets handed out to visitors at most, so that a reloading page cannot fill the memory. */
const mostWallets = 1_000;

/** @param relay where wallets and their clients meet. */
export function startPlayMoney(relay: string): PlayMoney {
	const ledger = new Ledger({ now: () => systemClock.now(), random: systemRandom });
	const service = createWalletService({
		relay,
		clock: systemClock,
		random: systemRandom,
		log: () => undefined,
		readInvoice(text) {
			const invoice = decodeInvoice(text);
			return invoice.ok ? { paymentHash: invoice.value.hash, amountMsat: invoice.value.msat } : undefined;
		},
	});
	const opened: Account[] = [];
	return {
		ledger,
		account: (name) => opened.find(({ id }) => id.startsWith(`${name} `)),
		open(name, sats, grant) {
			if (opened.length >= mostWallets) throw new Error(`${mostWallets} wallets are open already`);
			const account = ledger.open(`${name} ${opened.length + 1}`, sats * 1_000);
			opened.push(account);
			return service.connect(createLedgerBackend(ledger, account), grant);
		},
		stop: () => service.stop(),
	};
}
