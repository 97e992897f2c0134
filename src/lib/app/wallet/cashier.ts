import type { Clock } from '#lib/core/clock.ts';
import type { Millis, ReplyId } from '#lib/core/brand.ts';
import { fromUtf8, toHex, utf8 } from '#lib/core/bytes.ts';
import type { Random } from '#lib/core/random.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { PersonaRecords, RecordWrite } from '#lib/gossip/records.ts';
import type { Carriage } from '#lib/gossip/settling/carriage.ts';
import type { WalletRecord } from '#lib/gossip/settling/records.ts';
import type { TillEvent, TillRequest, TillTerms } from '#lib/gossip/settling/till.ts';
import { ManualWallet } from '#lib/wallet/lightning/manual.ts';
import { walletError, type WalletCapabilities, type WalletErrorCode } from '#lib/wallet/lightning/port.ts';
import { Till } from '#lib/wallet/lightning/till.ts';
import type { Vault } from '#lib/wallet/vault/port.ts';
import { openWallet, type OpenedWallet, type OpenWalletPorts } from './open-wallet.ts';
import { askAgainMs, keptPolicy, limitsOf, parsePolicy, termsOf } from './policy.ts';
import type {
	ConfirmationView,
	ConnectionView,
	LightningView,
	SpendingPolicy,
	WalletCommandCode,
	WalletCommands,
	WalletSource,
} from './protocol.ts';
import { confirmationOf, earnedOf, locksOf, receiptsOf, sumsOf, type Books } from './view.ts';

export interface CashierPorts extends OpenWalletPorts {
	readonly clock: Clock;
	readonly random: Random;
	readonly vault: Pick<Vault, 'wrap' | 'unwrap' | 'remove'>;
	/** Durable when resolved. */
	commit(writes: readonly RecordWrite[]): Promise<Result<unknown, unknown>>;
	/** Tells the engine. */
	emit(event: TillEvent): void;
	terms(terms: TillTerms): void;
	carriages(): readonly Carriage[];
	/** Says an invoice in a chat. */
	say(replyId: ReplyId, text: string): Promise<Result<unknown, { readonly detail: string }>>;
	/** The view is stale. */
	changed(): void;
}

type Name = keyof WalletCommands;
export type WalletOutcome = Result<unknown, { readonly code: WalletCommandCode; readonly detail: string }>;

/** The vault's name for the connection string. */
const secretName = 'nwc/lightning';
const secretContext = 'lightning connection';

const none: WalletRecord = { id: 'lightning', kind: 'none', connectedAt: 0, stopped: false, policy: {} };

/** The owner's wallet in the keeper tab: its connection, the till in front of it, and what the page is shown. */
export class Cashier {
	readonly #ports: CashierPorts;
	readonly #till: Till;
	#record: WalletRecord;
	#policy: SpendingPolicy;
	#opened: OpenedWallet | undefined;
	#can: WalletCapabilities | undefined;
	#heardAt: Millis | undefined;
	#trouble: WalletErrorCode | undefined;
	#money: Pick<ConnectionView, 'availableMsat' | 'budget'> = {};
	readonly #bills = new Map<string, number>();
	#favours = { count: 0, msat: 0 };
	#closed = false;
	#cancelAsk = () => {};

	constructor(ports: CashierPorts, records: Pick<PersonaRecords, 'payments' | 'wallets'>) {
		this.#ports = ports;
		this.#record = records.wallets[0] ?? none;
		this.#policy = parsePolicy(this.#record.policy);
		this.#till = new Till(
			{
				clock: ports.clock,
				commit: (writes) => ports.commit(writes),
				emit: (event) => this.#tell(event),
				changed: () => this.#moved(),
				heard: (trouble) => this.#heard(trouble),
			},
			limitsOf(this.#policy),
			records.payments,
		);
		this.#till.stop(this.#record.stopped);
	}

	/** Opens what was connected before. */
	async start(): Promise<void> {
		const source = await this.#kept();
		if (source && !this.#closed) await this.#open(source);
	}

	perform(request: TillRequest): void {
		if (request.do === 'bill') this.#bills.set(request.id, request.msat);
		void this.#till.perform(request);
	}

	close(): void {
		this.#closed = true;
		this.#cancelAsk();
		this.#till.close();
		this.#opened?.wallet.close();
	}

	view(): LightningView {
		const books: Books = {
			payments: [...this.#till.payments()],
			carriages: this.#ports.carriages(),
			favours: this.#favours,
		};
		const connection = this.#connection();
		return {
			state: !this.#opened
				? 'none'
				: this.#can === undefined
					? this.#trouble === undefined
						? 'connecting'
						: 'unreachable'
					: this.#trouble === 'unreachable'
						? 'unreachable'
						: 'ready',
			stopped: this.#record.stopped,
			...(connection ? { connection } : {}),
			sums: sumsOf(books, this.#policy, this.#ports.clock.now()),
			policy: this.#policy,
			confirmations: [...[...this.#till.confirmations()].map(confirmationOf), ...this.#byHand()],
			locks: locksOf(books),
			receipts: receiptsOf(books),
			earned: earnedOf(books),
		};
	}

	async command<K extends Name>(name: K, args: WalletCommands[K]['args']): Promise<WalletOutcome> {
		const handlers: { readonly [N in Name]: (args: WalletCommands[N]['args']) => Promise<WalletOutcome> } = {
			connectWallet: (source) => this.#connect(source),
			disconnectWallet: () => this.#disconnect(),
			setSpending: (policy) => this.#setPolicy(policy),
			stopPayments: ({ stopped }) => this.#stop(stopped),
			confirmPayment: ({ paymentId, yes }) => this.#confirm(paymentId, yes),
			enterPreimage: ({ paymentId, preimage }) => this.#prove(paymentId, preimage),
			payInvoice: ({ replyId, bolt11 }) => Promise.resolve(this.#payGig(replyId, bolt11)),
			requestPayment: (asked) => this.#request(asked),
			refreshWallet: async () => {
				await Promise.all([this.#ask(), this.#till.look()]);
				return ok(null);
			},
		};
		return handlers[name](args);
	}

	async #connect(source: WalletSource): Promise<WalletOutcome> {
		const opened = await openWallet(source, this.#ports);
		if (!opened.ok) return opened;
		opened.value.wallet.close();
		if (source.kind === 'nwc') {
			const kept = await this.#ports.vault.wrap(secretName, utf8(source.uri), {
				context: secretContext,
				replace: true,
			});
			if (!kept.ok) return err({ code: 'internal', detail: kept.error.detail });
		}
		const { kind } = source;
		const saved = await this.#save({ kind, connectedAt: this.#ports.clock.now() });
		if (saved.ok) await this.#open(source);
		return saved;
	}

	async #disconnect(): Promise<WalletOutcome> {
		const saved = await this.#save({ kind: 'none', connectedAt: 0 });
		if (!saved.ok) return saved;
		this.#drop();
		const removed = await this.#ports.vault.remove(secretName);
		return removed.ok || removed.error.code === 'missing'
			? ok(null)
			: err({ code: 'internal', detail: removed.error.detail });
	}

	async #setPolicy(given: SpendingPolicy): Promise<WalletOutcome> {
		const policy = parsePolicy({ ...given });
		const saved = await this.#save({ policy: keptPolicy(policy) });
		if (!saved.ok) return saved;
		this.#policy = policy;
		this.#till.setLimits(limitsOf(policy));
		this.#announce();
		return saved;
	}

	async #stop(stopped: boolean): Promise<WalletOutcome> {
		// Stopping takes effect at once; allowing again only when it is written down.
		if (stopped) this.#till.stop(true);
		const saved = await this.#save({ stopped });
		if (saved.ok && !stopped) this.#till.stop(false);
		this.#announce();
		return saved;
	}

	async #confirm(paymentId: string, yes: boolean): Promise<WalletOutcome> {
		if (await this.#till.confirm(paymentId, yes)) return ok(null);
		const waiting = this.#handPayment(paymentId);
		const wallet = this.#opened?.wallet;
		if (!waiting || yes || !(wallet instanceof ManualWallet))
			return err({ code: 'wrong-state', detail: 'nothing waits under that name' });
		wallet.refuse(waiting.hash);
		await this.#till.look();
		return ok(null);
	}

	async #prove(paymentId: string, preimage: string): Promise<WalletOutcome> {
		const waiting = this.#handPayment(paymentId);
		const wallet = this.#opened?.wallet;
		if (!waiting || !(wallet instanceof ManualWallet))
			return err({ code: 'wrong-state', detail: 'nothing waits under that name' });
		if (!wallet.prove(waiting.hash, preimage))
			return err({ code: 'lying', detail: 'it proves another payment' });
		await this.#till.look();
		return ok(null);
	}

	#payGig(replyId: ReplyId, bolt11: string): WalletOutcome {
		const id = `gig ${toHex(this.#ports.random.bytes(8))}`;
		const asked = this.#till.payGig({ id, bolt11, purpose: 'gig', hold: false, replyId });
		if (asked.ok) return ok({ paymentId: asked.value });
		const { code, detail } = asked.error;
		const known: readonly string[] = ['stopped', 'no-wallet', 'duplicate-payment', 'expired'];
		return err({ code: known.includes(code) ? (code as WalletErrorCode) : 'bad-invoice', detail });
	}

	async #request({ replyId, msat, memo }: WalletCommands['requestPayment']['args']): Promise<WalletOutcome> {
		const wallet = this.#opened?.wallet;
		if (!wallet) return err(walletError('no-wallet', 'connect one first'));
		const made = await wallet.makeInvoice({ msat, memo: memo.slice(0, 200), expirySeconds: 3_600 });
		this.#heard(made.ok ? undefined : made.error.code);
		if (!made.ok) return made;
		const said = await this.#ports.say(replyId, made.value.bolt11);
		return said.ok
			? ok({ bolt11: made.value.bolt11 })
			: err({ code: 'wrong-state', detail: said.error.detail });
	}

	async #kept(): Promise<WalletSource | undefined> {
		const { kind } = this.#record;
		if (kind === 'none') return undefined;
		if (kind !== 'nwc') return { kind };
		const secret = await this.#ports.vault.unwrap(secretName, secretContext);
		const uri = secret.ok ? fromUtf8(secret.value) : undefined;
		if (uri !== undefined) return { kind, uri };
		this.#trouble = 'unauthorized';
		return undefined;
	}

	async #open(source: WalletSource): Promise<void> {
		this.#drop();
		const opened = await openWallet(source, this.#ports);
		if (!opened.ok || this.#closed) {
			this.#trouble = opened.ok ? undefined : opened.error.code;
			return;
		}
		this.#opened = opened.value;
		this.#ports.changed();
		await this.#ask();
	}

	#drop(): void {
		this.#cancelAsk();
		this.#till.use(undefined, this.#ports.network);
		this.#opened?.wallet.close();
		this.#opened = undefined;
		this.#can = undefined;
		this.#money = {};
		this.#heardAt = undefined;
		this.#trouble = undefined;
		this.#announce();
	}

	/** Asks the wallet what it can do and holds; again after a while as long as it does not answer. */
	async #ask(): Promise<void> {
		const opened = this.#opened;
		if (!opened) return;
		this.#cancelAsk();
		const can = await opened.wallet.capabilities();
		if (this.#opened !== opened || this.#closed) return;
		this.#heard(can.ok ? undefined : can.error.code);
		if (!can.ok) {
			this.#cancelAsk = this.#ports.clock.after(askAgainMs, () => void this.#ask());
			return;
		}
		const first = this.#can === undefined;
		this.#can = can.value;
		if (first) this.#till.use(opened.wallet, can.value.network);
		this.#announce();
		await this.#count(opened);
	}

	async #count(opened: OpenedWallet): Promise<void> {
		const can = this.#can;
		if (!can) return;
		const [balance, budget] = await Promise.all([
			can.balance ? opened.wallet.balance() : undefined,
			can.budget ? opened.wallet.budget() : undefined,
		]);
		if (this.#opened !== opened) return;
		this.#money = {
			...(balance?.ok ? { availableMsat: balance.value } : {}),
			...(budget?.ok && budget.value ? { budget: budget.value } : {}),
		};
		this.#ports.changed();
	}

	#tell(event: TillEvent): void {
		const billed = event.what === 'received' ? this.#bills.get(event.id) : undefined;
		if (billed !== undefined) {
			this.#bills.delete(event.id);
			if (!this.#ports.carriages().some(({ replyId }) => event.id.includes(replyId)))
				this.#favours = { count: this.#favours.count + 1, msat: this.#favours.msat + billed };
		}
		this.#ports.emit(event);
		this.#moved();
	}

	/** Money moved: what the wallet holds is another sum now. */
	#moved(): void {
		this.#ports.changed();
		const opened = this.#opened;
		if (!opened || this.#can === undefined) return;
		this.#cancelAsk();
		this.#cancelAsk = this.#ports.clock.after(countAfterMs, () => void this.#count(opened));
	}

	#heard(trouble: WalletErrorCode | undefined): void {
		const lost = trouble === 'unreachable';
		if (!lost) this.#heardAt = this.#ports.clock.now();
		this.#trouble = trouble;
		this.#ports.changed();
	}

	#announce(): void {
		this.#ports.terms(termsOf(this.#policy, this.#can, this.#record.stopped));
		this.#ports.changed();
	}

	async #save(change: Partial<WalletRecord>): Promise<WalletOutcome> {
		const value = { ...this.#record, ...change };
		const saved = await this.#ports.commit([{ op: 'put', table: 'wallets', value }]);
		if (!saved.ok) return err({ code: 'internal', detail: 'it could not be written to disk' });
		this.#record = value;
		this.#ports.changed();
		return ok(null);
	}

	#connection(): ConnectionView | undefined {
		const opened = this.#opened;
		if (!opened) return undefined;
		const can = this.#can ?? unknownCapabilities(this.#ports.network);
		return {
			kind: opened.wallet.kind,
			name: can.alias,
			capabilities: can,
			relays: opened.relays,
			fingerprint: opened.fingerprint,
			connectedAt: this.#record.connectedAt,
			...(this.#heardAt === undefined ? {} : { heardAt: this.#heardAt }),
			...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
			...this.#money,
		};
	}

	/** Payments that the person makes by hand and has not proved yet. */
	#byHand(): ConfirmationView[] {
		if (this.#opened?.wallet.kind !== 'manual') return [];
		return [...this.#till.payments()]
			.filter(({ state }) => state === 'started')
			.map((payment) => ({
				paymentId: payment.id,
				purpose: payment.purpose,
				msat: payment.msat as ConfirmationView['msat'],
				payee: '',
				memo: '',
				level: 'full' as const,
				hold: payment.hold,
				expiresAt: payment.expiresAt,
				bolt11: payment.bolt11,
				...(payment.peer === undefined ? {} : { peer: payment.peer }),
				...(payment.replyId === undefined ? {} : { replyId: payment.replyId }),
			}));
	}

	#handPayment(paymentId: string) {
		return [...this.#till.payments()].find(({ id, state }) => id === paymentId && state === 'started');
	}
}

/** The wallet is asked for its balance once a burst of payments is over, ms. */
const countAfterMs = 400;

const unknownCapabilities = (network: OpenWalletPorts['network']): WalletCapabilities => ({
	pay: false,
	makeInvoice: false,
	descriptionHash: false,
	expiry: false,
	hold: false,
	holdSameHashMiddleman: 'unknown',
	lookup: false,
	notifications: false,
	budget: false,
	balance: false,
	alias: '',
	network,
});
