import type { Clock } from '#lib/core/clock.ts';
import type { Hex, Millis, PeerId, ReplyId } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { RecordWrite } from '#lib/gossip/records.ts';
import type { PaymentRecord } from '#lib/gossip/settling/records.ts';
import type { TillEvent, TillRequest } from '#lib/gossip/settling/till.ts';
import { checkInvoice, type InvoiceTerms } from './bolt11/check.ts';
import type { Invoice } from './bolt11/invoice.ts';
import { msat } from './msat.ts';
import { decide, type SpendingLimits } from './policy.ts';
import {
	walletError,
	type LightningNetwork,
	type LightningWallet,
	type PayOutcome,
	type WalletErrorCode,
} from './port.ts';
import { isPreimage } from './proof.ts';
import { Receivables } from './receivables.ts';

export interface TillPorts {
	readonly clock: Clock;
	/** Durable when resolved; refused when this tab keeps the records no more. */
	commit(writes: readonly RecordWrite[]): Promise<Result<unknown, unknown>>;
	/** Tells the engine. */
	emit(event: TillEvent): void;
	/** The view is stale. */
	changed(): void;
	/** Tells of trouble with the wallet, for the connection's health. */
	heard(trouble: WalletErrorCode | undefined): void;
	readonly check?: typeof checkInvoice;
}

/** A payment that waits for the person. */
export interface Confirmation {
	readonly paymentId: string;
	readonly invoice: Invoice;
	readonly asked: Payment;
	readonly level: 'tap' | 'full';
	readonly at: Millis;
}

export interface Payment {
	readonly id: string;
	readonly bolt11: string;
	readonly purpose: PaymentRecord['purpose'];
	readonly hold: boolean;
	readonly peer?: PeerId;
	readonly replyId?: ReplyId;
}

/** How often what is unresolved is looked up, ms; a wallet's own notices are only a hint to look sooner. */
const lookEvery = 5_000;
/** How long after its expiry an invoice unknown to the wallet is believed never to be paid, ms. */
const graceMs = 60_000;

/**
 * Pays out of the owner's wallet and collects into it. Every payment is written down, strictly, before the wallet
 * hears of it; none is made twice; one whose end is unknown is looked up until the wallet says how it ended.
 */
export class Till {
	readonly #ports: TillPorts;
	readonly #check: typeof checkInvoice;
	readonly #payments = new Map<Hex, PaymentRecord>();
	readonly #confirmations = new Map<string, Confirmation>();
	readonly #receivables: Receivables;
	#wallet: LightningWallet | undefined;
	#network: LightningNetwork = 'bc';
	#limits: SpendingLimits;
	#stopped = false;
	#closed = false;
	#cancelTimer = () => {};
	#looking = false;

	constructor(ports: TillPorts, limits: SpendingLimits, payments: readonly PaymentRecord[]) {
		this.#ports = ports;
		this.#check = ports.check ?? checkInvoice;
		this.#limits = limits;
		for (const payment of payments) this.#payments.set(payment.hash, payment);
		this.#receivables = new Receivables(ports, () => this.#wallet);
		this.#schedule();
	}

	/** From now on this wallet pays and collects; undefined when there is none. */
	use(wallet: LightningWallet | undefined, network: LightningNetwork): void {
		this.#wallet = wallet;
		this.#network = network;
		this.#receivables.use(wallet);
		void this.look();
	}

	setLimits(limits: SpendingLimits): void {
		this.#limits = limits;
	}

	/** The owner's switch. What is in flight goes on; nothing new leaves. */
	stop(stopped: boolean): void {
		this.#stopped = stopped;
		if (!stopped) return;
		for (const { asked } of this.#confirmations.values()) this.#refuse(asked.id, 'stopped');
		this.#confirmations.clear();
		this.#ports.changed();
	}

	close(): void {
		this.#closed = true;
		this.#cancelTimer();
		this.#receivables.use(undefined);
	}

	payments(): IterableIterator<PaymentRecord> {
		return this.#payments.values();
	}

	confirmations(): IterableIterator<Confirmation> {
		return this.#confirmations.values();
	}

	/** Does what the engine asks, in the background; every answer comes by `emit`. */
	async perform(request: TillRequest): Promise<void> {
		switch (request.do) {
			case 'pay':
				await this.#payForEngine(request);
				return;
			case 'recall':
				this.#recall(request.id);
				return;
			case 'bill':
			case 'hold':
			case 'watch':
			case 'settle':
			case 'cancel':
				await this.#receivables.perform(request);
				this.#schedule();
				return;
		}
	}

	/** Asks the person to pay for a gig. @returns the name under which it waits. */
	payGig(payment: Payment): Result<string, { readonly code: string; readonly detail: string }> {
		const invoice = this.#check(payment.bolt11, this.#termsOfGig(), this.#ports.clock.now());
		if (!invoice.ok) return err(invoice.error);
		if (this.#stopped) return err(walletError('stopped', 'the owner stopped all payments'));
		if (!this.#wallet) return err(walletError('no-wallet', 'connect one first'));
		if (this.#payments.has(invoice.value.hash))
			return err(walletError('duplicate-payment', 'this invoice was paid or is being paid'));
		this.#ask(payment, invoice.value, 'full');
		return ok(payment.id);
	}

	/** The person's answer. @returns false when nothing waits under that name any more. */
	async confirm(paymentId: string, yes: boolean): Promise<boolean> {
		const waiting = this.#confirmations.get(paymentId);
		if (!waiting) return false;
		this.#confirmations.delete(paymentId);
		this.#ports.changed();
		if (!yes) {
			this.#refuse(waiting.asked.id, 'refused');
			return true;
		}
		// Time went by: it must still be payable.
		if (waiting.invoice.expiresAt - this.#ports.clock.now() < 5_000) {
			this.#refuse(waiting.asked.id, 'expired');
			return true;
		}
		await this.#begin(waiting.asked, waiting.invoice, false);
		return true;
	}

	/** Asks the wallet how everything unresolved stands. */
	async look(): Promise<void> {
		if (this.#looking || this.#closed) return;
		this.#looking = true;
		try {
			for (const payment of [...this.#payments.values()])
				if (payment.state === 'started') await this.#lookUp(payment);
			await this.#receivables.look();
			this.#expireConfirmations();
		} finally {
			this.#looking = false;
			this.#schedule();
		}
	}

	async #payForEngine(request: Extract<TillRequest, { do: 'pay' }>): Promise<void> {
		const { id, bolt11, purpose, peer, replyId, hash } = request;
		const terms: InvoiceTerms = {
			network: this.#network,
			msat: msat(request.msat),
			...(hash === undefined ? {} : { hash }),
			...(request.binding === undefined ? {} : { binding: request.binding }),
			maxCltv: request.maxCltv,
			leftMs: 10_000,
			longestMs: 10 * 60_000,
		};
		const now = this.#ports.clock.now();
		const invoice = this.#check(bolt11, terms, now);
		if (!invoice.ok) {
			this.#refuse(id, invoice.error.code);
			return;
		}
		if (this.#stopped || !this.#wallet) {
			this.#refuse(id, this.#stopped ? 'stopped' : 'no-wallet');
			return;
		}
		const payment: Payment = {
			id,
			bolt11: invoice.value.bolt11,
			purpose,
			hold: hash !== undefined,
			peer,
			...(replyId === undefined ? {} : { replyId }),
		};
		if (this.#payments.has(invoice.value.hash)) {
			this.#refuse(id, 'duplicate-payment');
			return;
		}
		const asked = { msat: msat(request.msat), purpose, hold: payment.hold, peer };
		const decision = decide(this.#limits, this.#payments.values(), asked, now);
		if (decision.do === 'refuse') this.#refuse(id, 'over-budget');
		else if (decision.do === 'ask') this.#ask(payment, invoice.value, decision.level);
		else await this.#begin(payment, invoice.value, true);
	}

	#ask(asked: Payment, invoice: Invoice, level: 'tap' | 'full'): void {
		const at = this.#ports.clock.now();
		this.#confirmations.set(asked.id, { paymentId: asked.id, invoice, asked, level, at });
		this.#ports.changed();
		this.#schedule();
	}

	/** Counted and written down in one go; only when that is durable does the wallet hear of it. */
	async #begin(asked: Payment, invoice: Invoice, auto: boolean): Promise<void> {
		if (this.#payments.has(invoice.hash)) {
			this.#refuse(asked.id, 'duplicate-payment');
			return;
		}
		const record: PaymentRecord = {
			...asked,
			hash: invoice.hash,
			msat: invoice.msat ?? 0,
			feeMsat: 0,
			auto,
			at: this.#ports.clock.now(),
			expiresAt: invoice.expiresAt,
			state: 'started',
		};
		this.#payments.set(record.hash, record);
		this.#ports.changed();
		const written = await this.#ports.commit([{ op: 'put', table: 'payments', value: record }]);
		// Not durable: nothing leaves, and this node writes nothing more.
		if (!written.ok || this.#closed || !this.#wallet) return;
		// Looked up as well while the wallet answers, for it may never.
		this.#schedule();
		const outcome = await this.#wallet.pay({
			hash: record.hash,
			bolt11: record.bolt11,
			msat: msat(record.msat),
		});
		this.#note(outcome);
		await this.#end(record, outcome);
		this.#schedule();
	}

	/** No answer says nothing of the connection: who waits for the payee does not answer either. */
	#note(outcome: PayOutcome): void {
		const cause = outcome.state === 'pending' ? outcome.cause : undefined;
		this.#ports.heard(cause === 'malformed' || cause === 'lying' ? cause : undefined);
	}

	/** Believes an end only with its proof: a settled payment shows the preimage of its hash. */
	async #end(record: PaymentRecord, outcome: PayOutcome): Promise<void> {
		if (outcome.state === 'pending' || this.#payments.get(record.hash)?.state !== 'started') return;
		if (outcome.state === 'settled' && !isPreimage(outcome.preimage, record.hash)) {
			this.#ports.heard('lying');
			return;
		}
		const endedAt = this.#ports.clock.now();
		const ended: PaymentRecord =
			outcome.state === 'settled'
				? { ...record, state: 'settled', preimage: outcome.preimage, feeMsat: outcome.feeMsat, endedAt }
				: { ...record, state: 'failed', cause: outcome.code, endedAt };
		this.#payments.set(record.hash, ended);
		this.#ports.changed();
		const written = await this.#ports.commit([{ op: 'put', table: 'payments', value: ended }]);
		if (written.ok && !this.#closed) this.#tell(ended);
	}

	#tell({ id, state, preimage, feeMsat, cause }: PaymentRecord): void {
		if (state === 'settled' && preimage !== undefined)
			this.#ports.emit({ what: 'paid', id, preimage, feeMsat });
		if (state === 'failed') this.#refuse(id, cause ?? 'payment-failed');
	}

	#refuse(id: string, code: string): void {
		this.#ports.emit({ what: 'unpaid', id, code });
	}

	/** After a reload: what was never written down never left. */
	#recall(id: string): void {
		const record = [...this.#payments.values()].find((payment) => payment.id === id);
		if (!record) this.#refuse(id, 'refused');
		else this.#tell(record);
	}

	async #lookUp(record: PaymentRecord): Promise<void> {
		if (!this.#wallet) return;
		const found = await this.#wallet.lookupPayment({ hash: record.hash, bolt11: record.bolt11 });
		this.#ports.heard(found.ok ? undefined : found.error.code);
		if (!found.ok) return;
		if (found.value.state !== 'unknown') {
			await this.#end(record, found.value);
			return;
		}
		// The request may still lie on a relay; a wallet does not pay an expired invoice.
		if (this.#ports.clock.now() > record.expiresAt + graceMs)
			await this.#end(record, { state: 'failed', code: 'expired', detail: 'never paid', final: true });
	}

	#expireConfirmations(): void {
		const now = this.#ports.clock.now();
		for (const [paymentId, { invoice, asked }] of [...this.#confirmations]) {
			if (invoice.expiresAt > now) continue;
			this.#confirmations.delete(paymentId);
			this.#refuse(asked.id, 'expired');
			this.#ports.changed();
		}
	}

	#schedule(): void {
		this.#cancelTimer();
		const waits =
			this.#confirmations.size > 0 ||
			this.#receivables.busy ||
			[...this.#payments.values()].some(({ state }) => state === 'started');
		if (waits && !this.#closed)
			this.#cancelTimer = this.#ports.clock.after(lookEvery, () => void this.look());
	}

	#termsOfGig(): InvoiceTerms {
		return { network: this.#network, maxCltv: 2_016, leftMs: 10_000 };
	}
}
