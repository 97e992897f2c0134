import type { Hex, PeerId, ReplyId } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { isOver } from '#lib/gossip/settling/carriage.ts';
import { startCredit } from '#lib/gossip/settling/credit.ts';
import type { Account } from '#lib/wallet/lightning/ledger/account.ts';
import { Ledger } from '#lib/wallet/lightning/ledger/ledger.ts';
import { createLedgerWallet } from '#lib/wallet/lightning/ledger/wallet.ts';
import { failed, type LightningWallet, type PayRequest } from '#lib/wallet/lightning/port.ts';
import { createDice, type Dice } from '../../kit/dice.ts';
import { PaperInvoices } from './invoices.ts';
import { limits } from './limits.ts';
import { Party, type Bug, type Message, type PartyTerms, type World } from './party.ts';
import { ShakyWallet, type WalletWitness } from './wallet.ts';

export interface SeedResult {
	/** Rules of the money broken, by name. */
	readonly violations: readonly string[];
	readonly doublePaid: number;
	readonly overBudget: number;
	/** The most one node carried for nothing, msat. */
	readonly lossMsat: number;
	/** Nodes that carried more for nothing than the credit they give: that of a stranger, and as much for each bill paid. */
	readonly overCredit: number;
	readonly stuck: number;
}

const start = 1_800_000_000_000;
const routingFee = 1_000;

/** What who asks whom: the originator 2 sat, each middleman what it owes, its margin and what a payment costs it. */
function partiesOf(dice: Dice): PartyTerms[] {
	const hops = dice.below(3);
	const names = ['O', ...['M1', 'M2'].slice(0, hops), 'R'] as PeerId[];
	let owes = 0;
	return names.map((name, index) => {
		const asks = index === 0 ? 2_000 : owes + 3_000 + 2_000;
		const terms = {
			name,
			up: names[index - 1],
			asks,
			owes,
			minCltv: 24 + 144 * index,
			maxCltv: 24 + 144 * Math.max(0, index - 1),
			holds: dice.below(4) > 0,
			wraps: dice.below(4) > 0,
		};
		owes = asks;
		return terms;
	});
}

/** A few replies over one way, and everything going wrong that the dice choose; then nothing any more. */
class Run implements World, WalletWitness {
	readonly bug: Bug | undefined;
	readonly #dice: Dice;
	readonly #invoices = new PaperInvoices();
	readonly #ledger: Ledger;
	readonly #parties: Party[] = [];
	readonly #shaky = new Map<Party, ShakyWallet>();
	readonly #secrets = new Map<ReplyId, Hex>();
	readonly #violations = new Set<string>();
	#wire: { readonly from: PeerId; readonly to: PeerId; readonly message: Message }[] = [];
	#timers: { readonly at: number; readonly run: () => void }[] = [];
	#now = start;
	#mined = 0;
	#overBudget = 0;
	#calm = false;

	constructor(seed: number, bug: Bug | undefined) {
		this.bug = bug;
		const dice = createDice(seed);
		this.#dice = dice;
		this.#ledger = new Ledger({
			now: () => this.#now,
			random: { bytes: (length) => new Uint8Array(dice.bytes(length)) },
			feeMsat: routingFee,
			encode: (fields) => this.#invoices.write(fields),
		});
		const loss = dice.below(2) === 0 ? 0 : dice.below(30);
		for (const terms of partiesOf(dice)) {
			const account = this.#ledger.open(terms.name, 200_000);
			account.sameHashOut = terms.wraps ? 'allow' : 'duplicate';
			const party = new Party(this, terms, account);
			this.#parties.push(party);
			this.#shaky.set(party, new ShakyWallet(dice, loss));
			party.start();
		}
	}

	now(): number {
		return this.#now;
	}

	after(ms: number, run: () => void): () => void {
		const timer = { at: this.#now + ms, run };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((other) => other !== timer);
		};
	}

	check: World['check'] = (text, terms, now) => this.#invoices.check(text, terms, now);

	send(from: Party, to: PeerId, message: Message): void {
		this.#wire.push({ from: from.terms.name, to, message });
	}

	dies(): boolean {
		return !this.#calm && this.#dice.below(60) === 0;
	}

	wallet(party: Party, alive: () => boolean): LightningWallet {
		const inner = createLedgerWallet(this.#ledger, party.account, () => this.#now);
		const shaky = this.#shaky.get(party);
		if (!shaky) throw new Error('a party without a wallet');
		const wallet = shaky.for(inner, party.account, this, alive);
		if (this.bug !== 'timeout-is-failure') return wallet;
		return {
			...wallet,
			async pay(request: PayRequest) {
				const outcome = await wallet.pay(request);
				const silent = outcome.state === 'pending' && outcome.cause !== undefined;
				return silent ? failed('unreachable', 'it did not answer') : outcome;
			},
		};
	}

	paying(account: Account, { bolt11, hash }: PayRequest): void {
		const invoice = this.#invoices.read(bolt11);
		// What reaches the wallet late is refused by it.
		if (!invoice || invoice.createdAt + invoice.expirySeconds * 1_000 <= this.#now) return;
		const asked = invoice.msat ?? 0;
		const earlier = [...account.payments.values()].filter(({ state }) => state !== 'failed');
		const party = this.#parties.find((one) => one.account === account);
		const carriage = [...(party?.disk.carriages.values() ?? [])].find((one) => one.hash === hash);
		const lock = [...account.invoices.values()].find((own) => own.hold && own.hash === hash);
		// An iou bill has a hash of its own, so that this is a lock on the reply's.
		if (carriage && lock && lock.state !== 'accepted' && lock.state !== 'settled')
			this.#violations.add('paid-before-lock');
		const spent = earlier.reduce((sum, { msat, feeMsat }) => sum + msat + feeMsat, asked + routingFee);
		if (!earlier.some((payment) => payment.bolt11 === bolt11) && spent > limits.dayMsat)
			this.#overBudget += 1;
	}

	cancelling(account: Account, hash: Hex): void {
		const lock = [...account.invoices.values()].find((own) => own.hold && own.hash === hash);
		const out = [...account.payments.values()].find((paid) => paid.hash === hash && paid.state !== 'failed');
		if (lock?.state === 'accepted' && out) this.#violations.add('cancelled-while-it-may-succeed');
	}

	async result(): Promise<SeedResult> {
		const worker = this.#parties.at(-1);
		const replies = 1 + this.#dice.below(3);
		for (let i = 0; i < replies; i++) {
			const secret = toHex(this.#dice.bytes(32));
			const hash = toHex(sha256(Uint8Array.from(Buffer.from(secret, 'hex'))));
			const replyId = toHex(this.#dice.bytes(16)) as ReplyId;
			this.#secrets.set(replyId, secret);
			worker?.offer(replyId, hash);
			for (let step = this.#dice.below(80); step > 0; step--) await this.#act();
		}
		for (let step = 100 + this.#dice.below(150); step > 0; step--) await this.#act();
		await this.#settleDown();
		return this.#judge();
	}

	async #act(): Promise<void> {
		const dice = this.#dice;
		const luck = dice.below(100);
		const party = dice.pick(this.#parties);
		if (luck < 42) this.#deliver(dice.below(Math.max(1, this.#wire.length)), true);
		else if (luck < 70) {
			for (const one of this.#parties)
				for (let left = dice.below(4); left > 0 && one.waits; left--) one.work();
		} else if (luck < 84) this.#pass(dice.below(20) === 0 ? dice.below(100_000) : dice.below(6_000));
		else if (luck < 90) this.#thank();
		else if (luck < 92) party.start();
		else if (luck < 95) this.#shaky.get(party)?.catchUp();
		else if (luck < 98) this.#outage(party);
		else this.#mine();
		await ticks();
	}

	/** Fewer blocks in all than one hop's lock outlives the next by: who is away longer is protected by nothing. */
	#mine(): void {
		const blocks = this.#dice.below(30);
		if (this.#mined + blocks > 130) return;
		this.#mined += blocks;
		this.#ledger.mine(blocks);
	}

	#outage(party: Party): void {
		const wallet = this.#shaky.get(party);
		if (!wallet) return;
		if (wallet.loss === 100) wallet.loss = 0;
		else if (this.#dice.below(4) === 0) wallet.loss = 100;
	}

	#deliver(at: number, badly: boolean): void {
		const [sent] = this.#wire.splice(at, 1);
		if (!sent) return;
		const luck = badly ? this.#dice.below(100) : 100;
		if (luck < 4) return;
		if (luck < 16) this.#wire.push(sent);
		this.#parties.find(({ terms }) => terms.name === sent.to)?.receive(sent.from, sent.message);
	}

	#pass(ms: number): void {
		this.#now += ms;
		const due = this.#timers.filter(({ at }) => at <= this.#now);
		this.#timers = this.#timers.filter(({ at }) => at > this.#now);
		for (const { run } of due) run();
		for (const party of this.#parties) party.look();
	}

	/** The originator is content with one of the replies it could read; never with what it could not. */
	#thank(): void {
		const [originator] = this.#parties;
		const [replyId] = originator?.read ?? [];
		if (!originator || replyId === undefined) return;
		originator.read.delete(replyId);
		if (this.#dice.below(4) > 0) originator.thank(replyId, this.#secrets.get(replyId) ?? '');
	}

	/** From now on everything works, and time passes. */
	async #settleDown(): Promise<void> {
		this.#calm = true;
		for (const wallet of this.#shaky.values()) {
			wallet.loss = 0;
			wallet.catchUp();
		}
		for (let turn = 0; turn < 14; turn++) {
			this.#pass(60_000);
			for (let again = 0; again < 30 && this.#busy(); again++) {
				for (const party of this.#parties) while (party.waits) party.work();
				while (this.#wire.length > 0) this.#deliver(0, false);
				await ticks();
			}
			for (const party of this.#parties) await party.lookAtWallet();
			await ticks();
		}
	}

	#busy(): boolean {
		return this.#wire.length > 0 || this.#parties.some(({ waits }) => waits);
	}

	#judge(): SeedResult {
		let doublePaid = 0;
		let stuck = 0;
		let lossMsat = 0;
		let overCredit = 0;
		for (const { account, disk } of this.#parties) {
			let lost = 0;
			let credit = startCredit;
			for (const carriage of disk.carriages.values()) {
				const { incoming, outgoing, hash, replyId, secret } = carriage;
				const bills = [...disk.payments.values()].filter((one) => one.replyId === replyId);
				const names = new Set(bills.map(({ bolt11 }) => bolt11));
				const left = [...account.payments.values()].filter(
					(paid) => paid.state !== 'failed' && (paid.hash === hash || names.has(paid.bolt11)),
				);
				if (left.length > 1) doublePaid += 1;
				// Of a worker's own reply on trust nobody says that it will never be thanked.
				if (!isOver(carriage) && (incoming || outgoing?.state !== 'promised')) stuck += 1;
				if (left.some(({ state }) => state === 'pending')) stuck += 1;
				const got = incoming?.state === 'settled' || incoming?.state === 'paid';
				// Who could not even make a bill, because its own wallet was away, lost what it paid on.
				if (incoming?.state === 'paid') credit += startCredit;
				if (incoming?.state === 'defaulted') lost += incoming.msat;
				else if (incoming?.kind === 'iou' && secret !== undefined && !got)
					lost += left.reduce(
						(sum, { msat, feeMsat, state }) => sum + (state === 'settled' ? msat + feeMsat : 0),
						0,
					);
				const out = left.some(({ hash: paid, state }) => paid === hash && state === 'settled');
				if (incoming?.kind === 'hold' && out && incoming.state !== 'settled') {
					this.#violations.add('paid-on-and-not-paid');
					lost += incoming.msat;
				}
			}
			lossMsat = Math.max(lossMsat, lost);
			if (lost > credit) overCredit += 1;
		}
		if (this.#ledger.total !== 200_000 * this.#parties.length) this.#violations.add('money-made-or-lost');
		return {
			violations: [...this.#violations],
			doublePaid,
			overBudget: this.#overBudget,
			lossMsat,
			overCredit,
			stuck,
		};
	}
}

/** Promises of the tills come true. */
async function ticks(): Promise<void> {
	for (let i = 0; i < 12; i++) await Promise.resolve();
}

/** Plays one seed. The same seed is the same play. */
export const runSeed = (seed: number, bug?: Bug): Promise<SeedResult> => new Run(seed, bug).result();

/** Whether a play broke a rule. */
export const isBad = ({ violations, doublePaid, overBudget, overCredit, stuck }: SeedResult): boolean =>
	violations.length > 0 || doublePaid + overBudget + overCredit + stuck > 0;
