import type { NWAClient } from '@getalby/sdk/nwc';

/** What is asked of a wallet that a person connects by authorisation: the least that the app's own rules need. */
export const asked = { dayMsat: 5_000_000, days: 90 } as const;

const methods = [
	'get_info',
	'get_balance',
	'get_budget',
	'make_invoice',
	'pay_invoice',
	'lookup_invoice',
	'make_hold_invoice',
	'settle_hold_invoice',
	'cancel_hold_invoice',
] as const;

export interface Authorisation {
	/** For the wallet to open or scan. It names this app's new key, not its secret. */
	readonly uri: string;
	/** The connection once the wallet has approved. */
	readonly granted: Promise<string>;
	stop(): void;
}

/** Waits on these relays for a wallet to let this app in. The key is made here and goes to the node only. */
export async function requestAuthorisation(relays: readonly string[], nowMs: number): Promise<Authorisation> {
	const { NWAClient } = await import('@getalby/sdk/nwc');
	const app: NWAClient = new NWAClient({
		name: 'Sweet Gossip',
		relayUrls: [...relays],
		requestMethods: [...methods],
		notificationTypes: ['payment_received', 'payment_sent', 'hold_invoice_accepted'],
		maxAmount: asked.dayMsat,
		budgetRenewal: 'daily',
		expiresAt: Math.floor(nowMs / 1_000) + asked.days * 86_400,
		isolated: true,
	});
	const arrived = Promise.withResolvers<string>();
	const { unsub } = await app.subscribe({
		onSuccess(client) {
			arrived.resolve(client.nostrWalletConnectUrl);
			client.close();
		},
	});
	return {
		uri: app.connectionUri,
		granted: arrived.promise,
		stop() {
			unsub();
			app.close();
		},
	};
}
