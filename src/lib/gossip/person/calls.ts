import type { Bytes, Millis, PublicKey, ReplyId } from '#lib/core/brand.ts';
import type { SecretKey } from '#lib/core/crypto/schnorr.ts';
import type { Context } from '../context.ts';
import type { GossipEvent } from '../event.ts';
import { directFrames, type DirectFrame } from '../wire/frames.ts';

/** The two ends of one conversation, as they call each other. */
export interface Party {
	readonly replyId: ReplyId;
	readonly role: 'customer' | 'worker';
	readonly self: PublicKey;
	readonly secretKey: SecretKey;
	readonly peer: PublicKey;
	readonly relays: readonly string[];
	/** The one-time secret to name when calling. */
	readonly secret: string;
}

/** An open direct link. */
export interface Call {
	readonly callId: string;
	readonly party: Party;
	/** DTLS fingerprints, the caller's first. */
	readonly fingerprints: readonly [Bytes, Bytes];
	/** When something was said last. */
	saidAt: Millis;
	cancelIdle: () => void;
}

export interface CallListener {
	opened(call: Call): void;
	frame(call: Call, frame: DirectFrame): void;
	/** The last link of this conversation closed, or a call did not open. */
	lost(party: Party): void;
}

type CallOpen = Extract<GossipEvent, { kind: 'call-open' }>;

/** Direct links between customers and workers: who may be talked to, and over which link. */
export class Calls {
	readonly #context: Context;
	readonly #listener: CallListener;
	readonly #parties = new Map<ReplyId, Party>();
	readonly #open = new Map<string, Call>();
	readonly #dialling = new Map<ReplyId, () => void>();

	constructor(context: Context, listener: CallListener) {
		this.#context = context;
		this.#listener = listener;
	}

	/** From now on this conversation may be called and calls. */
	register(party: Party): void {
		this.#parties.set(party.replyId, party);
	}

	unregister(replyId: ReplyId, reason: string): void {
		this.#parties.delete(replyId);
		this.#stopDialling(replyId);
		for (const call of this.#open.values()) if (call.party.replyId === replyId) this.hangUp(call, reason);
	}

	party(replyId: ReplyId): Party | undefined {
		return this.#parties.get(replyId);
	}

	/** Newest link of the conversation. */
	current(replyId: ReplyId): Call | undefined {
		return [...this.#open.values()].findLast((call) => call.party.replyId === replyId);
	}

	/** Calls the other side unless a link is open or on its way. */
	dial(replyId: ReplyId): void {
		const party = this.#parties.get(replyId);
		if (!party || this.current(replyId) || this.#dialling.has(replyId)) return;
		const deadline = this.#context.now() + this.#context.parameters.callTimeoutMs;
		const cancel = this.#context.agenda.at(deadline, () => this.#failed(party));
		this.#dialling.set(replyId, cancel);
		const { self, secretKey, peer, relays, secret } = party;
		if (relays.length === 0) {
			this.#failed(party);
			return;
		}
		this.#context.out.push({ kind: 'call', self, secretKey, peer, relays, secret });
	}

	send(call: Call, frame: DirectFrame): void {
		call.saidAt = this.#context.now();
		this.#context.traffic.sent(frame.kind);
		this.#context.out.push({ kind: 'call-send', callId: call.callId, bytes: directFrames.encode(frame) });
	}

	/** Hangs up on a link that came to nothing: another call may follow. */
	giveUp(call: Call, reason: string): void {
		this.hangUp(call, reason);
		if (!this.current(call.party.replyId)) this.#listener.lost(call.party);
	}

	hangUp(call: Call, reason: string): void {
		this.#forget(call);
		this.#context.out.push({ kind: 'hang-up', callId: call.callId, reason });
	}

	onOpen(event: CallOpen): void {
		const party = [...this.#parties.values()].find(
			({ self, peer }) => self === event.self && peer === event.peer,
		);
		if (!party) {
			this.#context.out.push({ kind: 'hang-up', callId: event.callId, reason: 'unknown caller' });
			return;
		}
		const { local, remote } = event.fingerprints;
		const call: Call = {
			callId: event.callId,
			party,
			fingerprints: event.incoming ? [remote, local] : [local, remote],
			saidAt: this.#context.now(),
			cancelIdle: () => undefined,
		};
		this.#stopDialling(party.replyId);
		this.#open.set(event.callId, call);
		this.#watchIdle(call);
		this.#listener.opened(call);
	}

	onFrame(callId: string, bytes: Bytes): void {
		const call = this.#open.get(callId);
		if (!call) return;
		const frame = directFrames.decode(bytes);
		if (!frame.ok) {
			this.giveUp(call, `${frame.error.code}: ${frame.error.detail}`);
			return;
		}
		this.#context.traffic.received(frame.value.kind);
		call.saidAt = this.#context.now();
		this.#listener.frame(call, frame.value);
	}

	onClosed(callId: string): void {
		const call = this.#open.get(callId);
		if (!call) return;
		this.#forget(call);
		if (!this.current(call.party.replyId)) this.#listener.lost(call.party);
	}

	onFailed(self: PublicKey, peer: PublicKey): void {
		for (const party of [...this.#parties.values()])
			if (party.self === self && party.peer === peer && this.#dialling.has(party.replyId))
				this.#failed(party);
	}

	#failed(party: Party): void {
		this.#stopDialling(party.replyId);
		this.#listener.lost(party);
	}

	#forget(call: Call): void {
		call.cancelIdle();
		this.#open.delete(call.callId);
	}

	#stopDialling(replyId: ReplyId): void {
		this.#dialling.get(replyId)?.();
		this.#dialling.delete(replyId);
	}

	/**
	 * A link on which nothing is said for long is given back; connections are scarce in a browser. One timer a
	 * link, however much is said on it.
	 */
	#watchIdle(call: Call): void {
		const { agenda, parameters } = this.#context;
		const until = call.saidAt + parameters.idleCallMs;
		call.cancelIdle = agenda.at(until, () => {
			if (call.saidAt + parameters.idleCallMs > until) this.#watchIdle(call);
			else this.giveUp(call, 'idle');
		});
	}
}
