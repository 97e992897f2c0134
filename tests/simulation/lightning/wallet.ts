import type { Hex } from '#lib/core/brand.ts';
import { err } from '#lib/core/result.ts';
import type { Account } from '#lib/wallet/lightning/ledger/account.ts';
import { walletError, type LightningWallet, type PayRequest } from '#lib/wallet/lightning/port.ts';
import type { Dice } from '../../kit/dice.ts';

/** What a wallet over a bad line tells whoever watches the truth. */
export interface WalletWitness {
	paying(account: Account, request: PayRequest): void;
	cancelling(account: Account, hash: Hex): void;
}

const lost = () => err(walletError('unreachable', 'no answer'));
const never = new Promise<never>(() => undefined);

/** A wallet that loses requests and answers, does things late, and hears nothing more from a tab that crashed. */
export class ShakyWallet {
	/** Of a hundred, while the line is bad. */
	loss: number;
	readonly #dice: Dice;
	readonly #late: (() => void)[] = [];

	constructor(dice: Dice, loss: number) {
		this.#dice = dice;
		this.loss = loss;
	}

	/** What still lies on the relay reaches the wallet now. */
	catchUp(): void {
		for (const act of this.#late.splice(0)) act();
	}

	/** The wallet as one life of the tab sees it. */
	for(
		inner: LightningWallet,
		account: Account,
		witness: WalletWitness,
		alive: () => boolean,
	): LightningWallet {
		/** Neither heard nor done; done and not heard; or done and heard. */
		const over = <T>(act: () => Promise<T>, unheard: T): Promise<T> => {
			if (!alive()) return never;
			if (this.#fails()) return Promise.resolve(unheard);
			const done = act();
			return this.#fails() ? Promise.resolve(unheard) : done;
		};
		/** Notices may be lost. */
		const heard =
			<T>(receive: (notice: T) => void) =>
			(notice: T) => {
				if (alive() && !this.#fails()) receive(notice);
			};
		const { hold } = inner;
		if (!hold) throw new Error('a wallet with locks was expected');
		return {
			...inner,
			pay: (request) => {
				const pending = { state: 'pending', since: 0, cause: 'unreachable' } as const;
				const act = () => {
					witness.paying(account, request);
					return inner.pay(request);
				};
				if (!alive()) return never;
				if (this.#fails()) {
					if (this.#dice.below(2) === 0) this.#late.push(() => void act());
					return Promise.resolve(pending);
				}
				const done = act();
				return this.#fails() ? Promise.resolve(pending) : done;
			},
			lookupPayment: (name) => over(() => inner.lookupPayment(name), lost()),
			lookupInvoice: (name) => over(() => inner.lookupInvoice(name), lost()),
			makeInvoice: (request) => over(() => inner.makeInvoice(request), lost()),
			hold: {
				make: (request) => over(() => hold.make(request), lost()),
				settle: (preimage) => over(() => hold.settle(preimage), lost()),
				cancel: (hash) =>
					over(() => {
						witness.cancelling(account, hash);
						return hold.cancel(hash);
					}, lost()),
				onAccepted: (receive) => hold.onAccepted(heard(receive)),
			},
			onReceived: (receive) => inner.onReceived?.(heard(receive)) ?? (() => undefined),
		};
	}

	#fails(): boolean {
		return this.loss > 0 && this.#dice.below(100) < this.loss;
	}
}
