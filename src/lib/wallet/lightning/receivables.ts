import type { Hex } from '#lib/core/brand.ts';
import type { TillEvent, TillRequest } from '#lib/gossip/settling/till.ts';
import { memoOf } from './bolt11/check.ts';
import { decodeInvoice } from './bolt11/decode.ts';
import { msat } from './msat.ts';
import type { HoldAccepted, InvoiceStatus, IssuedInvoice, LightningWallet, WalletErrorCode } from './port.ts';

type Ask<K extends TillRequest['do']> = Extract<TillRequest, { do: K }>;

/** An invoice of mine whose end is awaited. */
interface Receivable {
	readonly id: string;
	readonly hash: Hex;
	readonly bolt11: string;
	locked: boolean;
}

/** What must be done at the wallet until it is done. */
interface Duty {
	readonly id: string;
	readonly request: Ask<'settle'> | Ask<'cancel'>;
	tries: number;
}

/** Errors after which trying again changes nothing. */
const definite: ReadonlySet<WalletErrorCode> = new Set([
	'not-found',
	'payment-failed',
	'restricted',
	'unauthorized',
	'not-implemented',
]);

/** The collecting side of the till: bills and locks, watched by notice and by looking, settled or given back. */
export class Receivables {
	readonly #ports: {
		emit(event: TillEvent): void;
		heard(trouble: WalletErrorCode | undefined): void;
	};
	readonly #wallet: () => LightningWallet | undefined;
	readonly #watched = new Map<Hex, Receivable>();
	readonly #duties = new Map<string, Duty>();
	#unlisten: (() => void)[] = [];

	constructor(
		ports: { emit(event: TillEvent): void; heard(trouble: WalletErrorCode | undefined): void },
		wallet: () => LightningWallet | undefined,
	) {
		this.#ports = ports;
		this.#wallet = wallet;
	}

	/** Whether anything waits for the wallet. */
	get busy(): boolean {
		return this.#watched.size > 0 || this.#duties.size > 0;
	}

	use(wallet: LightningWallet | undefined): void {
		for (const unlisten of this.#unlisten) unlisten();
		this.#unlisten = [];
		if (!wallet) return;
		const accepted = wallet.hold?.onAccepted((notice) => this.#accepted(notice));
		const received = wallet.onReceived?.((hash) => void this.#lookAt(hash));
		this.#unlisten = [accepted, received].filter((unlisten) => unlisten !== undefined);
	}

	async perform(request: Ask<'bill' | 'hold' | 'watch' | 'settle' | 'cancel'>): Promise<void> {
		switch (request.do) {
			case 'bill':
				await this.#make(request.id, (wallet) =>
					wallet.makeInvoice({
						msat: msat(request.msat),
						expirySeconds: request.expirySeconds,
						memo: memoOf(request.binding),
						descriptionHash: request.binding,
					}),
				);
				return;
			case 'hold':
				await this.#make(request.id, (wallet) =>
					wallet.hold?.make({
						hash: request.hash,
						msat: msat(request.msat),
						expirySeconds: request.expirySeconds,
						minCltv: request.minCltv,
						memo: '',
					}),
				);
				return;
			case 'watch':
				await this.#watch(request);
				return;
			case 'settle':
			case 'cancel':
				this.#duties.set(request.id, { id: request.id, request, tries: 0 });
				await this.#discharge(request.id);
				return;
		}
	}

	/** Does what is still to do and asks about what is still open. */
	async look(): Promise<void> {
		for (const id of [...this.#duties.keys()]) await this.#discharge(id);
		for (const hash of [...this.#watched.keys()]) await this.#lookAt(hash);
	}

	async #make(
		id: string,
		make: (wallet: LightningWallet) => ReturnType<LightningWallet['makeInvoice']> | undefined,
	): Promise<void> {
		const wallet = this.#wallet();
		const made = wallet && (await make(wallet));
		this.#ports.heard(made?.ok === false ? made.error.code : undefined);
		if (!made?.ok) {
			this.#ports.emit({ what: 'not-made', id });
			return;
		}
		const { hash, bolt11 }: IssuedInvoice = made.value;
		this.#watched.set(hash, { id, hash, bolt11, locked: false });
		this.#ports.emit({ what: 'made', id, bolt11, hash });
	}

	/** A bill's hash is its own, not that of the reply it is for. */
	async #watch({ id, hash: asked, bolt11 }: Ask<'watch'>): Promise<void> {
		const invoice = decodeInvoice(bolt11);
		const hash = invoice.ok ? invoice.value.hash : asked;
		this.#watched.set(hash, { id, hash, bolt11, locked: false });
		await this.#lookAt(hash);
	}

	#accepted({ hash, settleBy }: HoldAccepted): void {
		const receivable = this.#watched.get(hash);
		if (!receivable || receivable.locked) return;
		// A notice says only that it is worth asking: amount and state are the wallet's answer.
		void this.#lookAt(hash, settleBy);
	}

	async #lookAt(hash: Hex, settleBy?: number): Promise<void> {
		const wallet = this.#wallet();
		const receivable = this.#watched.get(hash);
		if (!wallet || !receivable) return;
		const found = await wallet.lookupInvoice({ hash, bolt11: receivable.bolt11 });
		this.#ports.heard(found.ok ? undefined : found.error.code);
		if (found.ok && this.#watched.get(hash) === receivable) this.#stands(receivable, found.value, settleBy);
	}

	#stands(receivable: Receivable, status: InvoiceStatus, noticed: number | undefined): void {
		const { id, hash } = receivable;
		const settleBy = status.settleBy ?? noticed;
		switch (status.state) {
			case 'accepted':
				if (receivable.locked) return;
				receivable.locked = true;
				this.#ports.emit({ what: 'locked', id, ...(settleBy === undefined ? {} : { settleBy }) });
				return;
			case 'settled':
				this.#watched.delete(hash);
				this.#ports.emit({ what: 'received', id });
				return;
			case 'cancelled':
			case 'expired':
				this.#watched.delete(hash);
				this.#ports.emit({ what: 'given-back', id });
				return;
			case 'open':
			case 'unknown':
				return;
		}
	}

	/** Settles or cancels, again and again until the wallet has done it or never will. */
	async #discharge(id: string): Promise<void> {
		const wallet = this.#wallet();
		const duty = this.#duties.get(id);
		if (!wallet?.hold || !duty) return;
		duty.tries += 1;
		const { request } = duty;
		const done =
			request.do === 'settle'
				? await wallet.hold.settle(request.secret)
				: await wallet.hold.cancel(request.hash);
		this.#ports.heard(done.ok ? undefined : done.error.code);
		if (this.#duties.get(id) !== duty) return;
		if (!done.ok && !definite.has(done.error.code)) return;
		this.#duties.delete(id);
		for (const [hash, receivable] of this.#watched)
			if (receivable.id === id && (done.ok || request.do === 'cancel')) this.#watched.delete(hash);
		if (request.do === 'cancel') this.#ports.emit({ what: 'given-back', id });
		else this.#ports.emit({ what: done.ok ? 'received' : 'given-back', id });
	}
}
