import { err, ok, type Result } from '#lib/core/result.ts';
import type { Millis } from '#lib/core/brand.ts';
import { decodeInvoice } from './bolt11/decode.ts';
import { msat, type Msat } from './msat.ts';
import {
	failed,
	walletError,
	type InvoiceName,
	type InvoiceRequest,
	type InvoiceStatus,
	type IssuedInvoice,
	type LightningNetwork,
	type LightningWallet,
	type PayOutcome,
	type PayRequest,
	type WalletCapabilities,
	type WalletError,
} from './port.ts';
import { isPreimage } from './proof.ts';

/** What is asked of the page's WebLN provider (webln.dev); the page alone can reach it. */
export type WeblnCall =
	| { readonly method: 'enable' }
	| { readonly method: 'sendPayment'; readonly invoice: string }
	/** Whole sats. */
	| { readonly method: 'makeInvoice'; readonly sats: number; readonly memo: string };

/** The provider's own answer, not yet looked at; an error where it threw, said no, or is gone. */
export type AskWebln = (call: WeblnCall) => Promise<Result<unknown, string>>;

const text = (answer: unknown, name: string): string | undefined => {
	const value =
		typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[name] : undefined;
	return typeof value === 'string' && value.length <= 4_096 ? value : undefined;
};

/**
 * The wallet of this browser. It pays and makes plain invoices; it cannot hold, look up or tell. A payment whose answer
 * was lost stays pending: only the wallet's own screen tells how it ended.
 */
export class WeblnWallet implements LightningWallet {
	readonly kind = 'webln';
	readonly #ask: AskWebln;
	readonly #network: LightningNetwork;
	readonly #now: () => Millis;
	readonly #outcomes = new Map<string, PayOutcome>();

	constructor(ask: AskWebln, network: LightningNetwork, now: () => Millis) {
		this.#ask = ask;
		this.#network = network;
		this.#now = now;
	}

	async capabilities(): Promise<Result<WalletCapabilities, WalletError>> {
		const enabled = await this.#ask({ method: 'enable' });
		if (!enabled.ok) return err(walletError('unauthorized', enabled.error.slice(0, 200)));
		return ok({
			pay: true,
			makeInvoice: true,
			descriptionHash: false,
			expiry: false,
			hold: false,
			holdSameHashMiddleman: 'no',
			lookup: false,
			notifications: false,
			budget: false,
			balance: false,
			alias: 'WebLN',
			network: this.#network,
		});
	}

	/** Its word alone proves nothing: paid is what shows the preimage. A refusal may come after it paid. */
	async pay({ hash, bolt11 }: PayRequest): Promise<PayOutcome> {
		const since = this.#now();
		const answer = await this.#ask({ method: 'sendPayment', invoice: bolt11 });
		const preimage = answer.ok ? text(answer.value, 'preimage')?.toLowerCase() : undefined;
		const outcome: PayOutcome =
			preimage !== undefined && isPreimage(preimage, hash)
				? { state: 'settled', preimage, feeMsat: msat(0) }
				: !answer.ok && /reject|cancel|denied/i.test(answer.error)
					? failed('refused', answer.error.slice(0, 200))
					: { state: 'pending', since };
		if (outcome.state !== 'pending') this.#outcomes.set(hash, outcome);
		return outcome;
	}

	lookupPayment({ hash }: InvoiceName): Promise<Result<PayOutcome, WalletError>> {
		return Promise.resolve(ok(this.#outcomes.get(hash) ?? { state: 'pending', since: this.#now() }));
	}

	lookupInvoice(): Promise<Result<InvoiceStatus, WalletError>> {
		return Promise.resolve(err(walletError('not-implemented', 'WebLN cannot look up')));
	}

	async makeInvoice(request: InvoiceRequest): Promise<Result<IssuedInvoice, WalletError>> {
		if (request.msat % 1_000 !== 0) return err(walletError('not-implemented', 'WebLN takes whole sats'));
		const sats = request.msat / 1_000;
		const answer = await this.#ask({ method: 'makeInvoice', sats, memo: request.memo });
		if (!answer.ok) return err(walletError('refused', answer.error.slice(0, 200)));
		const decoded = decodeInvoice(text(answer.value, 'paymentRequest') ?? '');
		if (!decoded.ok) return err(walletError('malformed', decoded.error.code));
		const { bolt11, hash, expiresAt, msat: asked } = decoded.value;
		if (asked !== request.msat) return err(walletError('lying', 'its invoice asks for another amount'));
		return ok({ bolt11, hash, expiresAt, msat: asked });
	}

	balance(): Promise<Result<Msat, WalletError>> {
		return Promise.resolve(err(walletError('not-implemented', 'WebLN tells no balance here')));
	}

	budget(): Promise<Result<undefined, WalletError>> {
		return Promise.resolve(ok(undefined));
	}

	close(): void {
		this.#outcomes.clear();
	}
}
