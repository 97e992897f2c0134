import { NWCClient, type Nip47Notification } from '@getalby/sdk/nwc';
import { onTestFinished, vi } from 'vitest';
import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import { toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { startRelay } from '../../network/relay/relay.ts';
import type { WalletConnection } from '../../network/wallet-service/connection.ts';
import { createWalletService } from '../../network/wallet-service/service.ts';
import { readInvoice } from '../unit/wallet-service/kit.ts';
import { createLdkBackend } from './ldk/backend.ts';
import { createLdkNetwork, type LdkNetwork } from './ldk/network.ts';
import type { LdkNode } from './ldk/node.ts';

/** One person's wallet: a Lightning node, and a NIP-47 client of it over the relay. */
export interface Person {
	readonly node: LdkNode;
	readonly client: NWCClient;
	readonly connection: WalletConnection;
	/** What the wallet told by itself, oldest first. */
	readonly told: readonly Nip47Notification[];
	/** Resolves once a hold invoice on this hash is locked; says with which deadline. */
	accepted(hash: string): Promise<number>;
	balance(): Promise<number>;
}

export interface Rig {
	readonly network: LdkNetwork;
	readonly people: Readonly<Record<'originator' | 'first' | 'second' | 'replier', Person>>;
	/** msat everybody has, by name, once no node has anything left to do. */
	balances(): Promise<Readonly<Record<string, number>>>;
	/** The nodes' clock, and the chain's, go ahead by so many seconds. */
	later(seconds: number): Promise<void>;
}

/** Half of it on each side. */
const channelSats = 1_000_000;

/**
 * Four people whose nodes each have one channel to a routing node between them, as in a town with one big hub:
 * real channels, real invoices, real locks; the chain's blocks come when the test says so.
 */
export async function startRig(): Promise<Rig> {
	vi.spyOn(console, 'error').mockImplementation(() => undefined);
	onTestFinished(() => void vi.restoreAllMocks());
	const relay = await startRelay({ port: 0 });
	if (!relay.ok) throw new Error(relay.error.detail);
	onTestFinished(() => relay.value.close());
	let ahead = 0;
	const seconds = () => Math.floor(Date.now() / 1_000) + ahead;
	const network = createLdkNetwork(seconds);
	const service = createWalletService({
		relay: relay.value.url,
		clock: systemClock,
		random: systemRandom,
		log: () => undefined,
		readInvoice,
	});
	onTestFinished(() => service.stop());

	const hub = network.node('hub');
	const people = {} as Record<keyof Rig['people'], Person>;
	for (const name of ['originator', 'first', 'second', 'replier'] as const) {
		const node = network.node(name);
		network.connect(node, hub);
		await network.quiet();
		await network.openChannel(hub, node, channelSats, channelSats / 2);
		people[name] = await person(node);
	}

	async function person(node: LdkNode): Promise<Person> {
		const connection = service.connect(createLdkBackend(network, node, seconds));
		const client = new NWCClient({ nostrWalletConnectUrl: connection.uri });
		onTestFinished(() => client.close());
		const told: Nip47Notification[] = [];
		const listeners = new Set<() => void>();
		await client.subscribeNotifications((notification) => {
			told.push(notification);
			for (const listener of listeners) listener();
		});
		const lockOf = (hash: string) =>
			told.find(
				({ notification_type: type, notification }) =>
					type === 'hold_invoice_accepted' && notification.payment_hash === hash,
			);
		return {
			node,
			client,
			connection,
			told,
			async accepted(hash) {
				while (!lockOf(hash)) await new Promise<void>((resolve) => listeners.add(resolve));
				return lockOf(hash)?.notification.settle_deadline ?? 0;
			},
			balance: async () => (await client.getBalance()).balance,
		};
	}

	return {
		network,
		people,
		async later(by) {
			ahead += by;
			await network.mine(1);
		},
		async balances() {
			await network.quiet();
			const named = Object.entries(people).map(([name, { node }]) => [name, node.balanceMsat()] as const);
			return Object.fromEntries(named);
		},
	};
}

/** How much everybody has won or lost, msat. */
export const differences = (
	before: Readonly<Record<string, number>>,
	after: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> =>
	Object.fromEntries(Object.entries(after).map(([name, msat]) => [name, msat - (before[name] ?? 0)]));

/** A fresh secret and its hash. */
export function newSecret(): { readonly preimage: string; readonly hash: string } {
	const bytes = systemRandom.bytes(32);
	return { preimage: toHex(bytes), hash: toHex(sha256(bytes)) };
}

/** What a refused call said. */
export async function refusal(call: Promise<unknown>): Promise<string> {
	try {
		await call;
		return 'none';
	} catch (fault) {
		return (fault as { code?: string }).code ?? String(fault);
	}
}
