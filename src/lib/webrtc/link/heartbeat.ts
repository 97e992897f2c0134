import type { Millis } from '#lib/core/brand.ts';

export interface HeartbeatLimits {
	readonly pingMs: number;
	readonly deadMs: number;
	readonly checkMs: number;
}

/**
 * Knows whether the peer is there. The connection itself does not: a frozen tab keeps ICE, DTLS and SCTP alive.
 * After a pause of our own, whatever comes before the answer to a new ping was sent during the pause.
 */
export class Heartbeat {
	readonly #limits: HeartbeatLimits;
	#seq = 0;
	#pingAt: Millis;
	#deadAt: Millis;
	#pending: { readonly seq: number; readonly at: Millis } | undefined;
	#freshAfter: number | undefined;
	#rtt: number | undefined;

	constructor(limits: HeartbeatLimits, now: Millis) {
		this.#limits = limits;
		this.#pingAt = now;
		this.#deadAt = now + limits.deadMs;
	}

	get rttMs(): number | undefined {
		return this.#rtt;
	}

	/** Whether what arrives may be old: see `check`. */
	get doubtful(): boolean {
		return this.#freshAfter !== undefined;
	}

	/** Any frame came: the peer lives. A check under way is settled only by its own answer. */
	heard(now: Millis): void {
		if (!this.doubtful) this.#deadAt = now + this.#limits.deadMs;
	}

	pong(seq: number, now: Millis): void {
		if (this.#pending?.seq !== seq) return;
		this.#rtt = Math.max(0, now - this.#pending.at);
		this.#pending = undefined;
		if (this.#freshAfter !== undefined && seq >= this.#freshAfter) this.#freshAfter = undefined;
		this.heard(now);
	}

	/** Asks at once and gives the peer little time; until it answers, what arrives is doubtful. */
	check(now: Millis): void {
		this.#freshAfter = this.#seq + 1;
		this.#pingAt = now;
		this.#deadAt = now + this.#limits.checkMs;
	}

	/** A ping to send now, with its number; `dead` when the peer is gone. */
	wake(now: Millis): { readonly ping: number } | 'dead' | undefined {
		if (now >= this.#deadAt) return 'dead';
		if (now < this.#pingAt) return undefined;
		this.#seq = (this.#seq + 1) >>> 0;
		this.#pending = { seq: this.#seq, at: now };
		this.#pingAt = now + this.#limits.pingMs;
		return { ping: this.#seq };
	}

	nextWake(): Millis {
		return Math.min(this.#pingAt, this.#deadAt);
	}

	/** A ping is unanswered for longer than one period. */
	late(now: Millis): boolean {
		return this.#pending !== undefined && now - this.#pending.at > this.#limits.pingMs / 2;
	}
}
