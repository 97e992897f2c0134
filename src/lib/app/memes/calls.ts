import type { Bytes, PublicKey } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { SecretKey } from '#lib/core/crypto/schnorr.ts';
import { publicKey } from '#lib/core/crypto/schnorr.ts';
import type { Word } from '#lib/channel/address.ts';
import type { Endpoint } from '#lib/channel/endpoint.ts';
import { channelFrames, type ChannelFrame } from '#lib/channel/wire/frames.ts';
import { transportOf } from '#lib/channel/wire/transport.ts';
import type { DirectEvents, DirectLinks, Priority } from '#lib/webrtc/ports.ts';

type CallOpen = Parameters<DirectEvents['onopen']>[0];

/** An open direct link of this half. */
export interface MemeCall {
	readonly id: string;
	readonly incoming: boolean;
	/** Names the link for `Init`. */
	readonly transport: Word;
	/** False when the link takes no more for now. */
	send(frame: ChannelFrame, priority?: Priority): boolean;
	hangUp(reason: string): void;
}

/** Who talks on a call. */
export interface Talker {
	opened(call: MemeCall): void;
	frame(call: MemeCall, frame: ChannelFrame): void;
	/** The call's queue has room again. */
	drained?(call: MemeCall): void;
	/** It ended, or never came to be. */
	ended(): void;
}

/** Calls of suggestion channels on the node's direct links, told apart from those of jobs by their keys. */
export class MemeCalls {
	readonly #direct: Pick<DirectLinks, 'call' | 'send' | 'hangUp' | 'listen'>;
	readonly #clock: Clock;
	/** By our key: whom we called. */
	readonly #dialled = new Map<PublicKey, Talker>();
	readonly #talks = new Map<string, { call: MemeCall; talker: Talker }>();
	#answering: { key: PublicKey; talker: () => Talker; stop: () => void } | undefined;

	constructor(direct: Pick<DirectLinks, 'call' | 'send' | 'hangUp' | 'listen'>, clock: Clock) {
		this.#direct = direct;
		this.#clock = clock;
	}

	/** Calls an endpoint with a key of ours; one call a key. */
	dial(secret: SecretKey, { key, relays }: Endpoint, talker: Talker): void {
		const self = publicKey(secret);
		if (this.#dialled.has(self)) return;
		this.#dialled.set(self, talker);
		if (relays.length === 0) {
			// An endpoint without a meeting point cannot be reached.
			this.#clock.after(0, () => this.failed(self));
			return;
		}
		this.#direct.call({ id: self, secret }, key, relays, '');
	}

	/** Answers calls to this key, each with a talker of its own, until the next `answer` or `stop`. */
	answer(secret: SecretKey, talker: () => Talker): void {
		const key = publicKey(secret);
		if (this.#answering?.key === key) return;
		this.#answering?.stop();
		const stop = this.#direct.listen({ id: key, secret }, []);
		this.#answering = { key, talker, stop };
	}

	/** True when the call is one of this half. */
	opened({ id, self, incoming, fingerprints: { local, remote } }: CallOpen): boolean {
		const talker =
			incoming && this.#answering?.key === self ? this.#answering.talker() : this.#dialled.get(self);
		if (!talker) return false;
		const call: MemeCall = {
			id,
			incoming,
			transport: incoming ? transportOf(remote, local) : transportOf(local, remote),
			send: (frame, priority) => this.#direct.send(id, channelFrames.encode(frame), priority),
			hangUp: (reason) => this.#direct.hangUp(id, reason),
		};
		this.#talks.set(id, { call, talker });
		talker.opened(call);
		return true;
	}

	frame(id: string, bytes: Bytes): boolean {
		const talk = this.#talks.get(id);
		if (!talk) return false;
		const frame = channelFrames.decode(bytes);
		if (frame.ok) talk.talker.frame(talk.call, frame.value);
		else talk.call.hangUp(`${frame.error.code}: ${frame.error.detail}`);
		return true;
	}

	drained(id: string): void {
		const talk = this.#talks.get(id);
		talk?.talker.drained?.(talk.call);
	}

	closed(id: string): boolean {
		const talk = this.#talks.get(id);
		if (!talk) return false;
		this.#talks.delete(id);
		// Of two calls between the same two one is closed as the other's duplicate.
		if ([...this.#talks.values()].some(({ talker }) => talker === talk.talker)) return true;
		for (const [self, talker] of this.#dialled) if (talker === talk.talker) this.#dialled.delete(self);
		talk.talker.ended();
		return true;
	}

	failed(self: PublicKey): boolean {
		const talker = this.#dialled.get(self);
		if (!talker) return false;
		this.#dialled.delete(self);
		talker.ended();
		return true;
	}

	stop(): void {
		this.#answering?.stop();
		for (const { call } of this.#talks.values()) call.hangUp('leaving');
		this.#talks.clear();
		this.#dialled.clear();
	}
}
