import { noWallet, type TillTerms } from '#lib/gossip/settling/till.ts';
import type { Account } from '#lib/wallet/lightning/ledger/account.ts';
import { Ledger } from '#lib/wallet/lightning/ledger/ledger.ts';
import { createLedgerWallet } from '#lib/wallet/lightning/ledger/wallet.ts';
import { msat } from '#lib/wallet/lightning/msat.ts';
import { defaultLimits } from '#lib/wallet/lightning/policy.ts';
import type { LightningWallet } from '#lib/wallet/lightning/port.ts';
import { Till } from '#lib/wallet/lightning/till.ts';
import type { Network } from '../simulation/network.ts';
import type { SimNode } from '../simulation/node.ts';
import { createDice } from './dice.ts';

export const withWallet: TillTerms = {
	...noWallet,
	pays: true,
	bills: true,
	holds: true,
	wraps: true,
	mostMsat: 50_000,
};

/** Play money for the nodes of a simulated network: real invoices, real tills. */
export function playMoney(network: Network) {
	const ledger = new Ledger({ now: () => network.now(), random: createDice(7) });
	return {
		ledger,
		/** Gives a node a wallet, or after a reload the same one again. */
		give(
			node: SimNode,
			balance: number,
			terms: TillTerms = withWallet,
			wrap = (wallet: LightningWallet) => wallet,
		) {
			const account = ledger.account(node.name) ?? ledger.open(node.name, balance);
			account.sameHashOut = terms.wraps ? 'allow' : 'duplicate';
			const { engine } = node;
			const till = new Till(
				{
					clock: { now: () => network.now(), after: (ms, run) => network.after(ms, run) },
					commit(writes) {
						node.tables.commit(writes);
						return Promise.resolve({ ok: true, value: null } as const);
					},
					emit(event) {
						if (node.engine === engine) node.dispatch({ kind: 'till', event });
					},
					changed: () => undefined,
					heard: () => undefined,
				},
				{ ...defaultLimits, autoMsat: msat(50_000), minuteMsat: msat(1_000_000) },
				node.tables.all('payments'),
			);
			till.use(wrap(createLedgerWallet(ledger, account, () => network.now())), 'bcrt');
			network.tills.set(node, (request) => queueMicrotask(() => void till.perform(request)));
			node.dispatch({ kind: 'till-terms', terms });
			return { account, till };
		},
	};
}

/** Lets virtual time pass in small steps, and what was promised come true in between. */
export async function pass(network: Network, ms: number): Promise<void> {
	for (let gone = 0; gone < ms; gone += 20) {
		network.run(20);
		for (let i = 0; i < 20; i++) await Promise.resolve();
	}
}

/** Lets time pass until something is so; fails when it is not within `ms`. */
export async function passUntil(network: Network, holds: () => boolean, ms = 60_000): Promise<void> {
	for (let gone = 0; !holds(); gone += 20) {
		if (gone > ms) throw new Error(`it did not happen within ${ms} ms`);
		await pass(network, 20);
	}
}

export const balances = (...accounts: readonly Account[]): number[] => accounts.map(({ balance }) => balance);
