import type { Millis } from '#lib/core/brand.ts';
import { Assembly } from '#lib/channel/content.ts';
import { callKey, sessionKey } from '#lib/channel/keys.ts';
import type { Kept } from '#lib/channel/rounds/records.ts';
import {
	loadUser,
	resumeUser,
	stepUser,
	userWake,
	type UserEvent,
	type UserPlay,
} from '#lib/channel/rounds/user.ts';
import { signDigest } from '#lib/channel/signature.ts';
import { digest, type Message } from '#lib/channel/typed-data.ts';
import type { ChannelFrame, ChannelFrameOf } from '#lib/channel/wire/frames.ts';
import type { MemeCall, Talker } from './calls.ts';
import { sealsOf, type Desk } from './desk.ts';
import { Player } from './player.ts';
import type { RefusalCode } from './protocol.ts';

/** Waits between two calls that came to nothing, ms. */
const redialMs = [2_000, 5_000, 15_000, 60_000, 300_000];

/** A user's side of one channel in this browser: its player, its call, and the picture on its way. */
export class UserSeat implements Talker {
	readonly #desk: Desk;
	readonly #player: Player<UserPlay, UserEvent>;
	#call: MemeCall | undefined;
	#calling = false;
	#misses = 0;
	#cancelRedial = () => {};
	#stopped = false;
	#assembly: Assembly | undefined;
	#met = false;
	/** The whole picture of the open offer is here. */
	#ready = false;
	refusal: { readonly code: RefusalCode; readonly retryAt?: Millis } | undefined;

	constructor(desk: Desk, kept: Kept) {
		this.#desk = desk;
		const seals = sealsOf(kept.record.domain);
		this.#player = new Player<UserPlay, UserEvent>(
			{ step: (play, event, now) => stepUser(play, event, now, seals), resume: resumeUser, wake: userWake },
			loadUser(kept),
			{
				clock: desk.clock,
				commit: (writes) => this.#commit(writes),
				send: (frame) => void this.#call?.send(frame),
				sign: (messages) => void this.#sign(messages),
				submit: (call) => this.submit(call, call.call !== 'startClose'),
				nextPicture: () => undefined,
				wantContent: () => void this.#wantContent(),
				hangUp: (reason) => this.#call?.hangUp(reason),
				changed: () => this.#changed(),
			},
		);
		if (this.play.offer) void this.#wantContent();
		this.pursue();
	}

	get play(): UserPlay {
		return this.#player.play;
	}

	get peer(): 'offline' | 'calling' | 'online' {
		if (this.play.link?.met) return 'online';
		return this.#call || this.#calling ? 'calling' : 'offline';
	}

	get content(): { readonly ready: boolean; readonly received: number } {
		return { ready: this.#ready, received: this.#assembly?.received ?? 0 };
	}

	dispatch(event: Parameters<Player<UserPlay, UserEvent>['dispatch']>[0]): void {
		this.#player.dispatch(event);
	}

	stop(): void {
		this.#stopped = true;
		this.#cancelRedial();
		this.#player.stop();
		this.#call?.hangUp('leaving');
	}

	/** Calls the suggester unless a call is there, or nothing is wanted of it. */
	pursue(now = false): void {
		const { stage, endpoint, domain, channel } = this.play.record;
		const wanted = stage === 'open' || stage === 'requested' || (stage === 'approving' && !this.refusal);
		if (this.#stopped || !endpoint || !wanted || this.#call || this.#calling) return;
		this.#cancelRedial();
		const wait = now ? 0 : (redialMs[Math.min(this.#misses, redialMs.length) - 1] ?? 0);
		this.#cancelRedial = this.#desk.clock.after(wait, () => {
			this.#calling = true;
			this.#desk.calls.dial(callKey(this.#desk.seed, domain, channel.salt), endpoint, this);
			this.#desk.changed('memes');
		});
	}

	submit(call: Parameters<Desk['transactions']['submit']>[1], automatic: boolean): boolean {
		const { id, channel } = this.play.record;
		return this.#desk.transactions.submit(id, call, channel.user, automatic);
	}

	/** The deposit, with an approval that is still good; otherwise the suggester is asked again. */
	open(): void {
		const { approval, channel } = this.play.record;
		if (approval && approval.expiry * 1_000 > this.#desk.clock.now()) {
			this.submit({ call: 'open', channel, expiry: approval.expiry, approval: approval.signature }, false);
			return;
		}
		this.refusal = undefined;
		this.#misses = 0;
		if (this.#call) this.#askApproval(this.#call);
		else this.pursue(true);
		this.#desk.changed('memes');
	}

	opened(call: MemeCall): void {
		this.#call = call;
		this.#calling = false;
		this.#misses = 0;
		const { stage } = this.play.record;
		if (stage === 'approving' || stage === 'opening') this.#askApproval(call);
		else this.dispatch({ kind: 'link-up', transport: call.transport });
	}

	frame(_call: MemeCall, frame: ChannelFrame): void {
		switch (frame.kind) {
			case 'Approval': {
				this.#onApproval(frame);
				return;
			}
			case 'ChannelRefuse': {
				this.#onRefuse(frame);
				return;
			}
			case 'Content':
				return void this.#onContent(frame);
			default:
				this.dispatch({ kind: 'frame', frame });
		}
	}

	ended(): void {
		this.#call = undefined;
		this.#calling = false;
		this.#misses += 1;
		this.dispatch({ kind: 'link-down' });
		this.pursue();
	}

	#changed(): void {
		this.#desk.changed('memes');
		const { stage } = this.play.record;
		const met = this.play.link?.met === true;
		if (met && !this.#met) void this.#wantContent(true);
		this.#met = met;
		// The chain shows it open: from now on the link is for playing.
		if (stage === 'open' && this.#call && !this.play.link)
			this.dispatch({ kind: 'link-up', transport: this.#call.transport });
		if (stage === 'open') this.pursue();
		if ((stage === 'closed' || stage === 'cancelled') && this.#call) this.#call.hangUp('closed');
	}

	#askApproval(call: MemeCall): void {
		const { domain, channel } = this.play.record;
		call.send({ kind: 'ApproveRequest', ...domain, channel });
	}

	#onApproval({ id, expiry, signature }: ChannelFrameOf<'Approval'>): void {
		const { record } = this.play;
		const message: Message = { primaryType: 'Approval', channel: record.channel, expiry };
		const sound =
			id === record.id &&
			expiry * 1_000 > this.#desk.clock.now() &&
			sealsOf(record.domain).signedBy(record.channel.suggesterKey, message, signature);
		if (!sound) {
			this.#call?.hangUp('an approval that is none');
			return;
		}
		this.refusal = undefined;
		this.dispatch({ kind: 'approved', expiry, signature });
		this.submit({ call: 'open', channel: record.channel, expiry, approval: signature }, false);
	}

	#onRefuse({ code, retryAfterMs }: ChannelFrameOf<'ChannelRefuse'>): void {
		const { clock } = this.#desk;
		const { stage } = this.play.record;
		if (stage === 'approving') {
			this.refusal = retryAfterMs > 0 ? { code, retryAt: clock.now() + retryAfterMs } : { code };
			this.#call?.hangUp('refused');
			if (retryAfterMs > 0) {
				this.#cancelRedial();
				this.#cancelRedial = clock.after(retryAfterMs, () => this.open());
			}
		} else if (retryAfterMs > 0) {
			// Not open for the suggester yet: its chain endpoint may be behind.
			clock.after(retryAfterMs, () => {
				if (this.#call && !this.play.link?.met)
					this.dispatch({ kind: 'link-up', transport: this.#call.transport });
			});
		} else this.refusal = { code };
		this.#desk.changed('memes');
	}

	async #commit(writes: Parameters<Desk['commit']>[0]) {
		const outcome = await this.#desk.commit(writes);
		if (outcome !== 'taken') return outcome;
		const loaded = await this.#desk.store.load();
		const { id, role } = this.play.record;
		const number = this.play.answered?.round;
		const standing = loaded.ok
			? loaded.value.records.rounds.find((row) => row.id === id && row.role === role && row.round === number)
			: undefined;
		return { taken: standing };
	}

	async #sign(messages: readonly Message[]): Promise<void> {
		const { domain, channel } = this.play.record;
		if (channel.userKey !== channel.user) {
			const secret = sessionKey(this.#desk.seed, domain, channel.salt);
			const signatures = messages.map((message) => signDigest(digest(domain, message), secret));
			this.dispatch({ kind: 'signed', messages, signatures });
			return;
		}
		const wallet = this.#desk.wallet();
		for (const message of messages) {
			const signed = await wallet?.sign(message, channel.user);
			if (signed?.ok) this.dispatch({ kind: 'signed', messages: [message], signatures: [signed.value] });
			else this.#desk.log('warn', 'memes', `the wallet did not sign: ${signed?.error.detail ?? 'none'}`);
		}
	}

	/** Fetches the picture of the open offer from the suggester, from where the last link left off. */
	async #wantContent(again = false): Promise<void> {
		const { offer } = this.play;
		if (!offer || offer.url !== undefined) return;
		const { sha256, size } = offer.offer;
		if (this.#assembly?.sha256 !== sha256) {
			this.#assembly = new Assembly(sha256, size);
			this.#ready = false;
			const kept = await this.#desk.store.content(sha256);
			if (kept.ok && kept.value && this.#assembly.sha256 === sha256) {
				this.#ready = true;
				this.#desk.changed('memes');
				return;
			}
		}
		const request = this.#ready ? undefined : this.#assembly.request(again);
		if (request) this.#call?.send(request);
	}

	async #onContent(frame: ChannelFrameOf<'Content'>): Promise<void> {
		const assembly = this.#assembly;
		const { offer } = this.play;
		if (!assembly || !offer || this.#ready || !assembly.take(frame)) return;
		if (!assembly.complete) {
			const request = assembly.request();
			if (request) this.#call?.send(request);
			this.#desk.changed('memes');
			return;
		}
		const { bytes, actual } = assembly.finish();
		const { sha256, mime } = offer.offer;
		// What came is kept in either case: as the picture, or as evidence under the hash it really has.
		const saved = await this.#desk.commit([
			{ op: 'put', table: 'contents', value: { sha256: actual, mime, bytes } },
		]);
		if (saved !== 'done') return;
		if (actual === sha256) this.#ready = true;
		else this.dispatch({ kind: 'mismatch', round: offer.round });
		this.#desk.changed('memes');
	}
}
