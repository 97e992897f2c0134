import type { Clock } from '#lib/core/clock.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { memoOf } from '../bolt11/check.ts';
import { decodeInvoice } from '../bolt11/decode.ts';
import { msat, type Msat } from '../msat.ts';
import {
	failed,
	walletError,
	type HoldAccepted,
	type HoldRequest,
	type InvoiceName,
	type InvoiceRequest,
	type InvoiceStatus,
	type IssuedInvoice,
	type LightningWallet,
	type PayOutcome,
	type PayRequest,
	type WalletBudget,
	type WalletCapabilities,
	type WalletError,
} from '../port.ts';
import { isPreimage } from '../proof.ts';
import {
	networkOf,
	parseBalance,
	parseBudget,
	parseInfo,
	parseIssued,
	parseNotice,
	parseReceipt,
	parseTransaction,
	type Transaction,
} from './answers.ts';
import { refusedBeforeTrying, walletErrorOf, type SdkErrors } from './errors.ts';

/** What is used of the SDK's `NWCClient`; its answers are believed by nobody here. */
export interface NwcClient {
	getInfo(): Promise<unknown>;
	getBalance(): Promise<unknown>;
	getBudget(): Promise<unknown>;
	payInvoice(request: { invoice: string }): Promise<unknown>;
	makeInvoice(request: MakeRequest): Promise<unknown>;
	makeHoldInvoice(
		request: MakeRequest & { payment_hash: string; min_cltv_expiry_delta: number },
	): Promise<unknown>;
	settleHoldInvoice(request: { preimage: string }): Promise<unknown>;
	cancelHoldInvoice(request: { payment_hash: string }): Promise<unknown>;
	lookupInvoice(request: { payment_hash: string; invoice: string }): Promise<unknown>;
	subscribeNotifications(receive: (notification: unknown) => void): Promise<() => void>;
	close(): void;
}

interface MakeRequest {
	amount: number;
	description?: string;
	description_hash?: string;
	expiry: number;
}

/** A wallet of NIP-47. */
export class NwcWallet implements LightningWallet {
	readonly kind = 'nwc';
	readonly hold: NonNullable<LightningWallet['hold']>;
	readonly #client: NwcClient;
	readonly #sdk: SdkErrors;
	readonly #clock: Pick<Clock, 'now'>;
	readonly #accepted = new Set<(accepted: HoldAccepted) => void>();
	readonly #received = new Set<(hash: string) => void>();
	#unsubscribe: Promise<(() => void) | undefined> | undefined;

	constructor(client: NwcClient, sdk: SdkErrors, clock: Pick<Clock, 'now'>) {
		this.#client = client;
		this.#sdk = sdk;
		this.#clock = clock;
		this.hold = {
			make: (request) => this.#makeHold(request),
			settle: (preimage) => this.#do('settle_hold_invoice', () => client.settleHoldInvoice({ preimage })),
			cancel: (hash) =>
				this.#do('cancel_hold_invoice', () => client.cancelHoldInvoice({ payment_hash: hash })),
			onAccepted: (receive) => this.#listen(this.#accepted, receive),
		};
	}

	async capabilities(): Promise<Result<WalletCapabilities, WalletError>> {
		const info = await this.#ask('get_info', () => this.#client.getInfo(), parseInfo);
		if (!info.ok) return info;
		const can = (method: string) => info.value.methods.includes(method);
		const forward = info.value.same_hash_forward;
		return ok({
			pay: can('pay_invoice') && can('lookup_invoice'),
			makeInvoice: can('make_invoice') && can('lookup_invoice'),
			descriptionHash: true,
			expiry: true,
			hold: can('make_hold_invoice') && can('settle_hold_invoice') && can('cancel_hold_invoice'),
			holdSameHashMiddleman: forward === undefined ? 'unknown' : forward ? 'yes' : 'no',
			lookup: can('lookup_invoice'),
			notifications: info.value.notifications.length > 0,
			budget: can('get_budget'),
			balance: can('get_balance'),
			alias: info.value.alias,
			network: networkOf(info.value.network),
		});
	}

	/** The SDK gives up waiting after 60 s, which says nothing: only the wallet's own refusal ends a payment. */
	async pay(request: PayRequest): Promise<PayOutcome> {
		const since = this.#clock.now();
		const answer = await this.#ask(
			'pay_invoice',
			() => this.#client.payInvoice({ invoice: request.bolt11 }),
			parseReceipt,
		);
		if (answer.ok)
			return isPreimage(answer.value.preimage, request.hash)
				? { state: 'settled', preimage: answer.value.preimage, feeMsat: answer.value.fees_paid ?? msat(0) }
				: { state: 'pending', since, cause: 'lying' };
		const { code, detail } = answer.error;
		if (refusedBeforeTrying.has(code)) return failed(code, detail);
		if (code !== 'payment-failed' && code !== 'not-found') return { state: 'pending', since, cause: code };
		// "Failed" may mean that the wallet tired of waiting: it is asked again what became of it.
		const found = await this.lookupPayment(request);
		if (!found.ok) return { state: 'pending', since, cause: found.error.code };
		return found.value.state === 'unknown' ? failed('payment-failed', detail) : found.value;
	}

	async lookupPayment(
		invoice: InvoiceName,
	): Promise<Result<PayOutcome | { readonly state: 'unknown' }, WalletError>> {
		const found = await this.#lookUp(invoice, 'outgoing');
		if (!found.ok) return found.error.code === 'not-found' ? ok({ state: 'unknown' }) : found;
		const { preimage, fees_paid: feeMsat = msat(0), created_at: created } = found.value;
		const state = stateOf(found.value);
		if (state === 'settled')
			return isPreimage(preimage ?? '', invoice.hash)
				? ok({ state: 'settled', preimage: preimage ?? '', feeMsat })
				: err(walletError('lying', 'a payment without its preimage'));
		if (state === 'failed') return ok(failed('payment-failed', 'the wallet says so'));
		return ok({ state: 'pending', since: created === undefined ? this.#clock.now() : created * 1_000 });
	}

	async lookupInvoice(invoice: InvoiceName): Promise<Result<InvoiceStatus, WalletError>> {
		const found = await this.#lookUp(invoice, 'incoming');
		if (!found.ok) return found;
		const { amount, settle_deadline: settleBy } = found.value;
		const states = {
			pending: 'open',
			accepted: 'accepted',
			settled: 'settled',
			failed: 'cancelled',
			expired: 'expired',
			cancelled: 'cancelled',
			canceled: 'cancelled',
		} as const;
		return ok({
			state: states[stateOf(found.value)],
			msat: amount,
			...(typeof settleBy === 'number' ? { settleBy } : {}),
		});
	}

	makeInvoice(request: InvoiceRequest): Promise<Result<IssuedInvoice, WalletError>> {
		return this.#make(request, undefined, (made) => this.#client.makeInvoice(made));
	}

	onReceived(receive: (hash: string) => void): () => void {
		return this.#listen(this.#received, receive);
	}

	async balance(): Promise<Result<Msat, WalletError>> {
		const answer = await this.#ask('get_balance', () => this.#client.getBalance(), parseBalance);
		return answer.ok ? ok(answer.value.balance) : answer;
	}

	async budget(): Promise<Result<WalletBudget | undefined, WalletError>> {
		const answer = await this.#ask('get_budget', () => this.#client.getBudget(), parseBudget);
		if (!answer.ok) return answer;
		const { used_budget: usedMsat, total_budget: totalMsat, renews_at: renews } = answer.value;
		if (usedMsat === undefined || totalMsat === undefined) return ok(undefined);
		return ok({ usedMsat, totalMsat, ...(renews === undefined ? {} : { renewsAt: renews * 1_000 }) });
	}

	close(): void {
		this.#accepted.clear();
		this.#received.clear();
		void this.#unsubscribe?.then((unsubscribe) => unsubscribe?.());
		this.#client.close();
	}

	#makeHold(request: HoldRequest): Promise<Result<IssuedInvoice, WalletError>> {
		return this.#make(request, request, (made) =>
			this.#client.makeHoldInvoice({
				...made,
				payment_hash: request.hash,
				min_cltv_expiry_delta: request.minCltv,
			}),
		);
	}

	/** What the wallet made is read like any stranger's invoice, and must be what was asked for. */
	async #make(
		request: InvoiceRequest,
		lock: Pick<HoldRequest, 'hash' | 'minCltv'> | undefined,
		make: (request: MakeRequest) => Promise<unknown>,
	): Promise<Result<IssuedInvoice, WalletError>> {
		const { msat: amount, memo, descriptionHash, expirySeconds } = request;
		// A hash alone is refused by some wallets, a text beside it ignored by others: the text binds as well.
		const asked = { amount, description: memo, expiry: expirySeconds };
		const answer = await this.#ask(
			lock ? 'make_hold_invoice' : 'make_invoice',
			() => make(asked),
			parseIssued,
		);
		if (!answer.ok) return answer;
		const decoded = decodeInvoice(answer.value.invoice);
		if (!decoded.ok) return err(walletError('malformed', `its invoice: ${decoded.error.code}`));
		const { value: invoice } = decoded;
		const lie = (detail: string) => err(walletError('lying', detail));
		if (invoice.msat !== amount) return lie('an invoice over another amount');
		if (lock && invoice.hash !== lock.hash) return lie('an invoice with another hash');
		// Not every wallet heeds it; a lock that ends before my own payment can would be my loss.
		if (lock && invoice.minCltv < lock.minCltv)
			return err(walletError('lock-too-short', `${invoice.minCltv} blocks for ${lock.minCltv}`));
		if (answer.value.payment_hash !== undefined && answer.value.payment_hash !== invoice.hash)
			return lie('it names another hash than its invoice');
		const bound = descriptionHash === undefined || invoice.descriptionHash === descriptionHash;
		if (!bound && invoice.description !== memoOf(descriptionHash)) return lie('an invoice with another text');
		if (invoice.expiresAt <= this.#clock.now()) return lie('an expired invoice');
		return ok({ hash: invoice.hash, bolt11: invoice.bolt11, msat: amount, expiresAt: invoice.expiresAt });
	}

	async #lookUp(
		{ hash, bolt11 }: InvoiceName,
		type: Transaction['type'],
	): Promise<Result<Transaction, WalletError>> {
		const answer = await this.#ask(
			'lookup_invoice',
			() => this.#client.lookupInvoice({ payment_hash: hash, invoice: bolt11 }),
			parseTransaction,
		);
		if (!answer.ok) return answer;
		if (answer.value.payment_hash !== hash) return err(walletError('lying', 'another payment'));
		// A middleman has both under one hash, and some wallets find only one of them.
		if (answer.value.type !== type) return err(walletError('lying', `the ${answer.value.type} one`));
		return answer;
	}

	#listen<T>(listeners: Set<T>, receive: T): () => void {
		listeners.add(receive);
		this.#unsubscribe ??= this.#client
			.subscribeNotifications((notification) => this.#notified(notification))
			// Without notices everything is looked up all the same.
			.catch(() => undefined);
		return () => listeners.delete(receive);
	}

	#notified(notification: unknown): void {
		const notice = parseNotice(notification);
		if (!notice.ok) return;
		const { notification_type: type, notification: about } = notice.value;
		const settleBy = about.settle_deadline;
		if (type === 'hold_invoice_accepted')
			for (const receive of this.#accepted)
				receive({ hash: about.payment_hash, ...(typeof settleBy === 'number' ? { settleBy } : {}) });
		if (type === 'payment_received') for (const receive of this.#received) receive(about.payment_hash);
	}

	async #do(method: string, run: () => Promise<unknown>): Promise<Result<null, WalletError>> {
		const done = await this.#ask(method, run, (answer) => ok(answer));
		return done.ok ? ok(null) : done;
	}

	/** What answers another question answers none. */
	async #ask<T>(
		method: string,
		run: () => Promise<unknown>,
		parse: (answer: unknown) => Result<T, WalletError>,
	): Promise<Result<T, WalletError>> {
		try {
			const answer = await run();
			const type = (answer as { result_type?: unknown } | null | undefined)?.result_type;
			if (type !== undefined && type !== method)
				return err(walletError('malformed', 'answers something else'));
			return parse(answer);
		} catch (error) {
			return err(walletErrorOf(error, method, this.#sdk));
		}
	}
}

/** Wallets of before the state field only told a settling time and a preimage. */
const stateOf = ({ state, settled_at: at, preimage }: Transaction): NonNullable<Transaction['state']> =>
	state ?? (at && preimage ? 'settled' : 'pending');
