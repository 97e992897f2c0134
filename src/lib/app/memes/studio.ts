import { TokenBucket } from '#lib/core/token-bucket.ts';
import { publicKey } from '#lib/core/crypto/schnorr.ts';
import type { Address, ChannelId, Word } from '#lib/channel/address.ts';
import type { Channel } from '#lib/channel/channel.ts';
import { approvalSeconds, consent, nextApproval } from '#lib/channel/consent.ts';
import { formatEndpoint } from '#lib/channel/endpoint.ts';
import { suggesterKeys } from '#lib/channel/keys.ts';
import type { ChainCall, Listing } from '#lib/channel/ports.ts';
import { initOf } from '#lib/channel/rounds/play.ts';
import type { ChannelRecord, Kept } from '#lib/channel/rounds/records.ts';
import { suggesterDeposit } from '#lib/channel/settlement.ts';
import { addressOf, signDigest } from '#lib/channel/signature.ts';
import { channelId, digest, type Message } from '#lib/channel/typed-data.ts';
import type { ChannelFrame, ChannelFrameOf } from '#lib/channel/wire/frames.ts';
import type { PictureRecord } from '#lib/store/channel-port.ts';
import type { MemeCall } from './calls.ts';
import { sealsOf, type Desk } from './desk.ts';
import { Guest } from './guest.ts';
import type { StudioView } from './protocol.ts';
import { SuggesterSeat } from './suggester-seat.ts';
import { recent, studioToStore, type StudioState } from './studio-state.ts';

const never = 0xffff_ffff;
const logLength = 50;
/** A call is ended this long after its refusal, ms: what is said right before a hang-up may never arrive. */
const refusalMs = 1_000;

/** The suggester's half of a browser: who is let in, what they are shown, what it earned. */
export class Studio {
	readonly #desk: Desk;
	readonly seats = new Map<ChannelId, SuggesterSeat>();
	readonly pictures = new Map<Word, PictureRecord>();
	readonly #closes: TokenBucket;
	state: StudioState;
	listing: Listing | undefined;
	log: StudioView['log'] = [];

	constructor(desk: Desk, state: StudioState, pictures: readonly PictureRecord[], kept: readonly Kept[]) {
		this.#desk = desk;
		this.state = state;
		const { closesPerHour } = state.limits;
		this.#closes = new TokenBucket(
			Math.max(1, closesPerHour) / 3_600,
			Math.max(1, closesPerHour),
			desk.clock.now(),
		);
		for (const picture of pictures) this.pictures.set(picture.sha256, picture);
		for (const one of kept) this.#seat(one);
		this.#listen();
	}

	get key(): Address {
		return addressOf(suggesterKeys(this.#desk.seed).sign);
	}

	get url(): string {
		const key = publicKey(suggesterKeys(this.#desk.seed).call);
		return formatEndpoint({ key, relays: this.#desk.relays.slice(0, 2) });
	}

	/** Keeps what changed, then acts on it. */
	async save(change: Partial<StudioState>): Promise<boolean> {
		const next = { ...this.state, ...change };
		const value = { name: 'studio', value: studioToStore(next) };
		if ((await this.#desk.commit([{ op: 'put', table: 'memes', value }])) !== 'done') return false;
		this.state = next;
		this.#listen();
		this.#desk.changed('studio');
		return true;
	}

	/** Calls are answered once there is an account to suggest for. */
	#listen(): void {
		if (this.state.account === undefined) return;
		this.#desk.calls.answer(
			suggesterKeys(this.#desk.seed).call,
			() => new Guest((call, frame) => this.#greet(call, frame)),
		);
	}

	async #greet(call: MemeCall, frame: ChannelFrame): Promise<SuggesterSeat | undefined> {
		switch (frame.kind) {
			case 'TermsRequest':
				this.#tellTerms(call);
				return undefined;
			case 'ApproveRequest':
				await this.#approve(call, frame);
				return undefined;
			case 'Init':
				return this.#init(call, frame);
			default:
				return undefined;
		}
	}

	#tellTerms(call: MemeCall): void {
		const { listing } = this;
		const domain = this.#desk.reader()?.domain;
		if (!listing || !domain) {
			this.#refuse(call, 'not-now', 15_000);
			return;
		}
		const { clock } = this.#desk;
		const { limits, given, paused } = this.state;
		const due = nextApproval(limits, given, undefined, clock.now());
		const { key, reward, userBurn, suggesterBurn, bond, maxRounds, window } = listing.terms;
		call.send({
			kind: 'Terms',
			...domain,
			suggester: listing.suggester,
			...{ key, reward, userBurn, suggesterBurn, bond, maxRounds, window },
			approvesInMs: paused ? never : Math.min(never - 1, Math.max(0, due - clock.now())),
			pictures: this.pictures.size,
		});
	}

	#refuse(call: MemeCall, code: ChannelFrameOf<'ChannelRefuse'>['code'], retryAfterMs = 0): void {
		call.send({ kind: 'ChannelRefuse', code, retryAfterMs });
	}

	#note(user: Address, outcome: StudioView['log'][number]['outcome']): void {
		this.log = [{ at: this.#desk.clock.now(), user, outcome }, ...this.log].slice(0, logLength);
		this.#desk.changed('studio');
	}

	/** Consents by itself, within its limits; the consent is kept before it is given. */
	async #approve(call: MemeCall, { channel, ...domain }: ChannelFrameOf<'ApproveRequest'>): Promise<void> {
		const { clock, seed } = this.#desk;
		const here = this.#desk.reader()?.domain;
		const { listing, state } = this;
		if (!here || !listing || domain.chainId !== here.chainId || domain.contract !== here.contract) {
			this.#refuse(call, 'foreign');
			return;
		}
		if (channel.suggesterKey !== this.key) {
			this.#refuse(call, 'terms-changed');
			return;
		}
		const now = clock.now();
		const given = recent(state.given, state.limits.approvalGapMs, now);
		const openSessions = [...this.seats.values()].filter(({ play }) => play.record.stage === 'open').length;
		const answer = consent(
			channel,
			{ listing, paused: state.paused, openSessions, given },
			state.limits,
			now,
		);
		if (!answer.ok) {
			this.#note(channel.user, answer.code);
			this.#refuse(call, answer.code, answer.retryAfterMs);
			return;
		}
		const expiry = Math.floor(now / 1_000) + approvalSeconds;
		const portion = suggesterDeposit(channel);
		// Counted at once, so that two askers at the same moment cannot share one consent.
		const counted = [...given, { user: channel.user, at: now, expiry, portion, opened: false }];
		if (!(await this.save({ given: counted }))) return;
		const message: Message = { primaryType: 'Approval', channel, expiry };
		const signature = signDigest(digest(here, message), suggesterKeys(seed).sign);
		this.#note(channel.user, 'approved');
		call.send({ kind: 'Approval', id: channelId(channel), expiry, signature });
	}

	/** Plays a channel that is open on chain and signed for this very link; anything else is refused. */
	async #init(call: MemeCall, frame: ChannelFrameOf<'Init'>): Promise<SuggesterSeat | undefined> {
		const { chainId, contract, channel, signature } = frame;
		const reader = this.#desk.reader();
		if (reader?.domain.chainId !== chainId || reader.domain.contract !== contract) {
			this.#refuse(call, 'foreign');
			return undefined;
		}
		if (channel.suggesterKey !== this.key || channel.suggester !== this.state.account) {
			this.#refuse(call, 'foreign');
			return undefined;
		}
		if (!sealsOf(reader.domain).signedBy(channel.userKey, initOf(channel, call.transport), signature)) {
			this.#refuse(call, 'bad-signature');
			this.#desk.clock.after(refusalMs, () => call.hangUp('its init is not for this link'));
			return undefined;
		}
		return this.seats.get(channelId(channel)) ?? this.#admit(call, channel);
	}

	/** A channel seen for the first time: the chain must know it. */
	async #admit(call: MemeCall, channel: Channel): Promise<SuggesterSeat | undefined> {
		const reader = this.#desk.reader();
		const id = channelId(channel);
		const head = await reader?.head();
		const standings = await reader?.standings([id]);
		const standing = standings?.ok ? standings.value[0] : undefined;
		if (!reader || !head?.ok || !standing) {
			this.#refuse(call, 'not-now', 5_000);
			return undefined;
		}
		if (standing.phase !== 'open' && standing.phase !== 'requested') {
			// Perhaps this node's endpoint is a block behind the user's.
			this.#refuse(call, 'not-open', standing.phase === 'none' ? 3_000 : 0);
			return undefined;
		}
		const record: ChannelRecord = {
			role: 'suggester',
			id,
			domain: reader.domain,
			channel,
			createdAt: this.#desk.clock.now(),
			stage: standing.phase,
			recovering: false,
		};
		const known = this.seats.get(id);
		if (known) return known;
		const seat = this.#seat({ record, offers: [], rounds: [], states: [] });
		const saved = await this.#desk.commit([{ op: 'put', table: 'channels', value: record }]);
		if (saved !== 'done') return undefined;
		const given = this.state.given.map((one) =>
			one.user === channel.user && one.portion === suggesterDeposit(channel) ? { ...one, opened: true } : one,
		);
		await this.save({ given });
		if (standing.phase === 'requested') this.#refuse(call, 'not-open', 15_000);
		seat.dispatch({ kind: 'chain', standing, time: head.value.time });
		this.#desk.look();
		return seat;
	}

	#seat(kept: Kept): SuggesterSeat {
		const seat = new SuggesterSeat(this.#desk, kept, {
			pick: ({ shown }) => [...this.pictures.values()].find(({ sha256 }) => !shown.has(sha256)),
			out: (one) => {
				if (this.state.limits.whenOut === 'leave') one.dispatch({ kind: 'leave' });
			},
			mayClose: () => this.#closes.take(this.#desk.clock.now()),
		});
		this.seats.set(kept.record.id, seat);
		return seat;
	}

	/** There are new pictures: whoever waits for one gets it. */
	stocked(): void {
		for (const seat of this.seats.values()) seat.dispatch({ kind: 'pictures' });
		this.#desk.changed('studio');
	}

	submit(call: ChainCall): boolean {
		const { account } = this.state;
		return account !== undefined && this.#desk.transactions.submit('studio', call, account, false);
	}

	/** Looks its own listing up; the account it has set up tells which. */
	async look(): Promise<void> {
		const { account } = this.state;
		const reader = this.#desk.reader();
		if (account === undefined || !reader) return;
		const found = await reader.listing(account);
		if (!found.ok) return;
		this.listing = found.value;
		this.#desk.changed('studio');
	}

	stop(): void {
		for (const seat of this.seats.values()) seat.stop();
	}
}
