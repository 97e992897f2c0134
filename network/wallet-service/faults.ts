import type { WalletError } from './backend.ts';

/** How a connection may misbehave, changed while it runs. All off: an honest wallet. */
export interface WalletFaults {
	/** Every answer comes this much later, ms. */
	readonly delayMs: number;
	/** Does what is asked by these methods and never answers: the client's time-out. */
	readonly silent: readonly string[];
	/** Refuses these methods without doing anything. */
	readonly refuse: Readonly<Record<string, WalletError>>;
	/** Notifications of these types are lost. */
	readonly dropNotifications: readonly string[];
	/** Cannot pay a hash it has an invoice of its own for, as wallets that key both by hash. */
	readonly duplicateHash: boolean;
	/** Claims to have paid, with a preimage that is not one; the money stays where it is. */
	readonly lyingPreimage: boolean;
	/** The wallet's relay connection is gone: nothing is heard, nothing is said. */
	readonly offline: boolean;
}

export const noWalletFaults: WalletFaults = {
	delayMs: 0,
	silent: [],
	refuse: {},
	dropNotifications: [],
	duplicateHash: false,
	lyingPreimage: false,
	offline: false,
};
