import { NWCClient, type Nip47Notification } from '@getalby/sdk/nwc';
import { onTestFinished, vi } from 'vitest';
import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import { decodeInvoice } from '#lib/wallet/lightning/bolt11/decode.ts';
import { Ledger } from '#lib/wallet/lightning/ledger/ledger.ts';
import { createLedgerBackend } from '../../../network/wallet-service/ledger-backend.ts';
import { createWalletService } from '../../../network/wallet-service/service.ts';
import type { WalletServiceDeps } from '../../../network/wallet-service/service.ts';
import { runningRelay } from '../relay-kit.ts';

export const readInvoice: WalletServiceDeps['readInvoice'] = (text) => {
	const invoice = decodeInvoice(text);
	return invoice.ok ? { paymentHash: invoice.value.hash, amountMsat: invoice.value.msat } : undefined;
};

/** A relay, a ledger and a wallet service on it. */
export async function runningService() {
	// The SDK prints every refusal; a test that provokes one expects it.
	vi.spyOn(console, 'error').mockImplementation(() => undefined);
	onTestFinished(() => void vi.restoreAllMocks());
	const relay = await runningRelay();
	const ledger = new Ledger({ now: () => Date.now(), random: systemRandom });
	const service = createWalletService({
		relay: relay.url,
		clock: systemClock,
		random: systemRandom,
		log: () => undefined,
		readInvoice,
	});
	onTestFinished(() => service.stop());
	return {
		relay,
		ledger,
		service,
		/** A new wallet with so many msat. */
		wallet: (name: string, msat: number) => createLedgerBackend(ledger, ledger.open(name, msat)),
	};
}

/** A client somebody else wrote: the Alby SDK's. */
export function clientOf(uri: string): NWCClient {
	const client = new NWCClient({ nostrWalletConnectUrl: uri });
	onTestFinished(() => client.close());
	return client;
}

/** Resolves with the code a wallet refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
	try {
		await call;
	} catch (fault) {
		return (fault as { code?: string }).code ?? String(fault);
	}
	return 'none';
}

/** The next notification of a type. */
export async function notified(
	client: NWCClient,
	type: 'payment_received' | 'payment_sent' | 'hold_invoice_accepted',
) {
	const arrived = Promise.withResolvers<Nip47Notification>();
	const unsubscribe = await client.subscribeNotifications(arrived.resolve, [type]);
	return {
		async next() {
			const { notification } = await arrived.promise;
			unsubscribe();
			return notification;
		},
	};
}
