import type { Hex, Millis } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { msat } from './msat.ts';
import {
	failed,
	walletError,
	type InvoiceName,
	type LightningNetwork,
	type LightningWallet,
	type PayOutcome,
	type WalletCapabilities,
	type WalletError,
} from './port.ts';
import { isPreimage } from './proof.ts';

const cannot = (): Promise<Result<never, WalletError>> =>
	Promise.resolve(err(walletError('not-implemented', 'paid by hand')));

/** The person pays with any wallet and shows the proof: nothing is known but what the person says and proves. */
export class ManualWallet implements LightningWallet {
	readonly kind = 'manual';
	readonly #network: LightningNetwork;
	readonly #now: () => Millis;
	readonly #outcomes = new Map<Hex, PayOutcome>();

	constructor(network: LightningNetwork, now: () => Millis) {
		this.#network = network;
		this.#now = now;
	}

	/** Takes the proof of a payment; false when it proves another one. */
	prove(hash: Hex, preimage: Hex): boolean {
		if (!isPreimage(preimage, hash)) return false;
		this.#outcomes.set(hash, { state: 'settled', preimage, feeMsat: msat(0) });
		return true;
	}

	/** The person says that it was not paid. */
	refuse(hash: Hex): void {
		if (!this.#outcomes.has(hash)) this.#outcomes.set(hash, failed('refused', 'the person did not pay'));
	}

	capabilities(): Promise<Result<WalletCapabilities, WalletError>> {
		return Promise.resolve(
			ok({
				pay: true,
				makeInvoice: false,
				descriptionHash: false,
				expiry: false,
				hold: false,
				holdSameHashMiddleman: 'no',
				lookup: false,
				notifications: false,
				budget: false,
				balance: false,
				alias: '',
				network: this.#network,
			}),
		);
	}

	pay(): Promise<PayOutcome> {
		return Promise.resolve({ state: 'pending', since: this.#now() });
	}

	/** Also after a reload it stays asked until the person proves or refuses it. */
	lookupPayment({ hash }: InvoiceName): Promise<Result<PayOutcome, WalletError>> {
		return Promise.resolve(ok(this.#outcomes.get(hash) ?? { state: 'pending', since: this.#now() }));
	}

	lookupInvoice = cannot;
	makeInvoice = cannot;
	balance = cannot;
	budget = (): Promise<Result<undefined, WalletError>> => Promise.resolve(ok(undefined));
	close = (): void => undefined;
}
