import type { Clock } from '#lib/core/clock.ts';
import type { Address } from '#lib/channel/address.ts';
import type { ChainCall, ChainError, ChainReader, Wallet } from '#lib/channel/ports.ts';
import type { TransactionView } from './protocol.ts';

export interface TransactionPorts {
	readonly clock: Clock;
	reader(): ChainReader | undefined;
	wallet(): Wallet | undefined;
	/** The chain should be looked at: something of ours is in it. */
	onsettled(subject: string): void;
	changed(): void;
}

/** A call sent by itself that failed is not tried again before this, ms: every try may cost gas or a question. */
const retryMs = 60_000;

/** What was sent last about each subject (a channel's id, or the studio), from question to block. */
export class Transactions {
	readonly #ports: TransactionPorts;
	readonly #last = new Map<string, { view: TransactionView; at: number }>();

	constructor(ports: TransactionPorts) {
		this.#ports = ports;
	}

	view(subject: string): TransactionView | undefined {
		return this.#last.get(subject)?.view;
	}

	/** Asks the wallet and waits for the block. False while an earlier one is on its way, or failed a moment ago. */
	submit(subject: string, call: ChainCall, from: Address, automatic: boolean): boolean {
		const last = this.#last.get(subject);
		if (last && last.view.state !== 'failed') {
			if (last.view.call === call.call || last.view.state === 'asking') return false;
		}
		const lately = last?.view.call === call.call && this.#ports.clock.now() - last.at < retryMs;
		if (automatic && lately) return false;
		void this.#run(subject, call, from);
		return true;
	}

	/** Nothing is on its way any more: the chain shows what it was for. */
	forget(subject: string): void {
		if (this.#last.get(subject)?.view.state === 'sent') this.#last.delete(subject);
	}

	async #run(subject: string, call: ChainCall, from: Address): Promise<void> {
		const show = (view: Omit<TransactionView, 'call'>) => {
			this.#last.set(subject, { view: { call: call.call, ...view }, at: this.#ports.clock.now() });
			this.#ports.changed();
		};
		const wallet = this.#ports.wallet();
		const reader = this.#ports.reader();
		const none: ChainError = { type: 'chain', code: 'no-wallet', detail: 'no chain or wallet is set' };
		if (!wallet || !reader) {
			show({ state: 'failed', error: none });
			return;
		}
		show({ state: 'asking' });
		const sent = await wallet.submit(call, from);
		if (!sent.ok) {
			show({ state: 'failed', error: sent.error });
			return;
		}
		show({ state: 'sent', hash: sent.value });
		const settled = await reader.settled(sent.value);
		if (!settled.ok) {
			show({ state: 'failed', hash: sent.value, error: settled.error });
			return;
		}
		this.#last.delete(subject);
		this.#ports.onsettled(subject);
		this.#ports.changed();
	}
}
