import type { Bytes, Millis } from '#lib/core/brand.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { wireVersion } from '#lib/gossip/wire/frames.ts';
import {
	isCredited,
	linkFrames,
	overlayKinds,
	type ByeCode,
	type LinkFrame,
	type OverlayFrame,
} from '../frames.ts';
import { linkLimits } from '../limits.ts';
import type { Priority } from '../ports.ts';
import { ReceiveCredit, SendCredit } from './credit.ts';
import { Heartbeat } from './heartbeat.ts';
import { SendQueue, type QueueLimits } from './send-queue.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';

/** Characters of a goodbye: in UTF-8 at most three bytes each, and the field holds 200. */
const mostDetail = 64;

/** Why a link ended. `bye`: the peer said so; `dead`: it stopped answering; else our own decision. */
export type LinkEnd =
	| { readonly kind: 'bye'; readonly code: ByeCode; readonly detail: string }
	| { readonly kind: 'dead' }
	| { readonly kind: 'closed'; readonly code: ByeCode; readonly detail: string };

/** What a link does to the world; the session (link/session.ts) connects it to a peer connection. */
export interface LinkIo {
	/** False when the connection takes no more. */
	transmit(bytes: Bytes): boolean;
	/** Bytes the connection holds but has not sent. */
	buffered(): number;
	/** Links this node has, told with every ping. */
	degree(): number;
	deliver(frame: Bytes): void;
	admission(proof: Bytes): void;
	/** A frame that keeps the mesh together; a link outside the mesh has no use for one. */
	overlay?(frame: OverlayFrame): void;
	/** A class that refused a frame is half empty again. */
	room?(): void;
	end(reason: LinkEnd): void;
}

export interface LinkCounters {
	framesIn: number;
	framesOut: number;
	bytesIn: number;
	bytesOut: number;
	/** Frames dropped because they had come during a pause of ours. */
	staleIn: number;
}

/**
 * An authenticated connection as the engine uses it: priorities, credit both ways, heartbeat. Sans-IO: every
 * method gets the time, and `nextWake` says when `wake` wants to be called.
 */
export class Link {
	readonly #io: LinkIo;
	readonly #queue: SendQueue;
	readonly #sendCredit = new SendCredit(linkLimits);
	readonly #receiveCredit: ReceiveCredit;
	readonly #heartbeat: Heartbeat;
	readonly #control: TokenBucket;
	readonly #overlay: TokenBucket;
	readonly counters: LinkCounters = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0, staleIn: 0 };
	#peerDegree: number;
	#lastInput: Millis;
	#ended = false;
	/** The class whose last frame found no room. */
	#refused: Priority | undefined;

	constructor(io: LinkIo, peerDegree: number, now: Millis, limits: QueueLimits = linkLimits) {
		this.#io = io;
		this.#queue = new SendQueue(limits);
		this.#peerDegree = peerDegree;
		this.#lastInput = now;
		this.#receiveCredit = new ReceiveCredit(linkLimits, now);
		this.#heartbeat = new Heartbeat(linkLimits, now);
		this.#control = new TokenBucket(linkLimits.controlPerSecond, linkLimits.controlBurst, now);
		this.#overlay = new TokenBucket(linkLimits.overlayPerSecond, linkLimits.overlayBurst, now);
	}

	get peerDegree(): number {
		return this.#peerDegree;
	}

	get rttMs(): number | undefined {
		return this.#heartbeat.rttMs;
	}

	/** Frames wait for credit, or the peer is late to answer. */
	stalled(now: Millis): boolean {
		return !this.#queue.empty || this.#heartbeat.late(now);
	}

	/** Queues a frame of the engine; false when its class is full. */
	send(frame: Bytes, priority: Priority, now: Millis): boolean {
		this.#noticePause(now);
		if (this.#ended) return false;
		if (!this.#queue.push(frame, priority, now)) {
			this.#refused = priority;
			return false;
		}
		this.#pump(now);
		return true;
	}

	/** Sends a frame of the link itself, ahead of everything that waits. */
	sendControl(frame: LinkFrame): void {
		if (!this.#ended) this.#transmit(linkFrames.encode(frame));
	}

	receive(bytes: Bytes, now: Millis): void {
		if (this.#ended) return;
		this.#noticePause(now);
		this.counters.framesIn += 1;
		this.counters.bytesIn += bytes.length;
		if (bytes.length > wireLimits.frameBytes) {
			this.close('bad-frame', `${bytes.length} bytes`);
			return;
		}
		if (bytes.length < 2 || bytes[0] !== wireVersion) {
			this.close('bad-frame', 'no frame of this version');
			return;
		}
		if (isCredited(bytes[1] ?? 0)) this.#receiveFrame(bytes, now);
		else this.#receiveControl(bytes, now);
	}

	/** The connection's buffer has room again. */
	drained(now: Millis): void {
		if (!this.#ended) this.#pump(now);
	}

	/** After a pause: the peer must answer within 2 s, and what it sent before does not count. */
	check(now: Millis): void {
		this.#lastInput = now;
		this.#heartbeat.check(now);
		this.wake(now);
	}

	wake(now: Millis): void {
		if (this.#ended) return;
		this.#noticePause(now);
		const due = this.#heartbeat.wake(now);
		if (due === 'dead') {
			this.#end({ kind: 'dead' });
			return;
		}
		if (due) this.sendControl({ kind: 'Ping', seq: due.ping, degree: this.#io.degree() });
		this.#grant(now);
		this.#pump(now);
	}

	nextWake(now: Millis): Millis {
		return Math.min(this.#heartbeat.nextWake(), this.#receiveCredit.nextWake(now) ?? Infinity);
	}

	/** Says goodbye and ends. A long detail is cut. */
	close(code: ByeCode, reason: string): void {
		if (this.#ended) return;
		const detail = reason.slice(0, mostDetail);
		this.sendControl({ kind: 'Bye', code, detail });
		this.#end({ kind: 'closed', code, detail });
	}

	#end(reason: LinkEnd): void {
		this.#ended = true;
		this.#io.end(reason);
	}

	/** The heartbeat calls at least every 5 s; a longer silence means that this program stood still. */
	#noticePause(now: Millis): void {
		const paused = now - this.#lastInput > linkLimits.gapMs;
		this.#lastInput = now;
		if (paused) this.check(now);
	}

	#receiveFrame(bytes: Bytes, now: Millis): void {
		if (!this.#receiveCredit.take(bytes.length)) {
			this.close('over-credit', 'sent more than was granted');
			return;
		}
		this.#heartbeat.heard(now);
		if (this.#heartbeat.doubtful) this.counters.staleIn += 1;
		else this.#io.deliver(bytes);
		this.#grant(now);
	}

	#receiveControl(bytes: Bytes, now: Millis): void {
		const bucket = overlayKinds.has(bytes[1] ?? 0) ? this.#overlay : this.#control;
		if (!bucket.take(now)) {
			this.close('too-fast', 'too many link frames');
			return;
		}
		const decoded = linkFrames.decode(bytes);
		if (!decoded.ok) {
			this.close('bad-frame', `${decoded.error.code}: ${decoded.error.detail}`);
			return;
		}
		const frame = decoded.value;
		this.#heartbeat.heard(now);
		switch (frame.kind) {
			case 'Ping':
				this.#peerDegree = frame.degree;
				this.sendControl({ kind: 'Pong', seq: frame.seq, degree: this.#io.degree() });
				return;
			case 'Pong':
				this.#peerDegree = frame.degree;
				this.#heartbeat.pong(frame.seq, now);
				return;
			case 'Credit':
				this.#sendCredit.grant(frame.frames, frame.bytes);
				this.#pump(now);
				return;
			case 'Admission':
				this.#io.admission(frame.proof);
				return;
			case 'Bye':
				this.#end({ kind: 'bye', code: frame.code, detail: frame.detail });
				return;
			case 'LinkHello':
			case 'Auth':
				this.close('bad-frame', `${frame.kind} after the handshake`);
				return;
			default:
				if (this.#io.overlay) this.#io.overlay(frame);
				else this.close('bad-frame', `${frame.kind} outside the mesh`);
		}
	}

	#grant(now: Millis): void {
		const grant = this.#ended ? undefined : this.#receiveCredit.grant(now);
		if (grant) this.sendControl({ kind: 'Credit', ...grant });
	}

	#pump(now: Millis): void {
		for (;;) {
			const frame = this.#ended ? undefined : this.#queue.peek(now);
			if (!frame || !this.#sendCredit.covers(frame.length)) break;
			if (this.#io.buffered() + frame.length > linkLimits.highWater || !this.#transmit(frame)) break;
			this.#sendCredit.spend(frame.length);
			this.#queue.shift();
		}
		this.#tellRoom();
	}

	#tellRoom(): void {
		if (this.#ended || this.#refused === undefined || !this.#queue.halfEmpty(this.#refused)) return;
		this.#refused = undefined;
		this.#io.room?.();
	}

	#transmit(bytes: Bytes): boolean {
		if (!this.#io.transmit(bytes)) return false;
		this.counters.framesOut += 1;
		this.counters.bytesOut += bytes.length;
		return true;
	}
}
