import type { Bytes } from '#lib/core/brand.ts';
import { err, ok } from '#lib/core/result.ts';
import { connLimits } from '../conn/limits.ts';
import type { ConnClosed, ConnFactory, Fingerprints, PeerConn, PeerConnEvents } from '../ports.ts';

export interface PreparedEvents {
	ondescription(description: Bytes): void;
	/** The two are connected; whoever takes it over goes on from here. */
	onopen(): void;
	/** Once, before or after it was taken over. */
	onclose(closed: ConnClosed): void;
}

/** A connection made before it is known for whom: it keeps what happens until somebody takes it over, once. */
export class PreparedConn {
	readonly #conn: PeerConn | undefined;
	#taker: PeerConnEvents | undefined;
	#fingerprints: Fingerprints | undefined;
	#early: Bytes[] = [];
	#closed: ConnClosed | undefined;

	constructor(conns: ConnFactory, initiator: boolean, events: PreparedEvents) {
		const made = conns.create(initiator, {
			onsignal: (description) => events.ondescription(description),
			onopen: (fingerprints) => {
				this.#fingerprints = fingerprints;
				this.#taker?.onopen(fingerprints);
				events.onopen();
			},
			onmessage: (message) => this.#heard(message),
			ondrain: () => this.#taker?.ondrain(),
			onclose: (closed) => {
				this.#closed = closed;
				this.#taker?.onclose(closed);
				events.onclose(closed);
			},
		});
		if (made.ok) {
			this.#conn = made.value;
			return;
		}
		const code = made.error.code === 'budget' ? 'budget' : 'cannot-construct';
		this.#closed = { type: 'conn-closed', code, detail: made.error.detail };
	}

	/** Undefined while it may still open. */
	get closed(): ConnClosed | undefined {
		return this.#closed;
	}

	signal(description: Bytes): void {
		this.#conn?.signal(description);
	}

	close(reason: string): void {
		this.#conn?.close(reason);
	}

	/** As a factory that gives this connection to the first who asks. */
	readonly conns: ConnFactory = {
		create: (_, events) => {
			const conn = this.#conn;
			if (!conn || this.#closed || this.#taker)
				return err({ type: 'conn', code: 'failed', detail: 'the prepared connection is gone' });
			this.#taker = events;
			// Later: whoever asked is not ready before it has the connection.
			queueMicrotask(() => {
				if (!this.#fingerprints || this.#closed) return;
				events.onopen(this.#fingerprints);
				for (const message of this.#early.splice(0)) events.onmessage(message);
			});
			return ok(conn);
		},
	};

	#heard(message: Bytes): void {
		if (this.#taker && this.#early.length === 0) {
			this.#taker.onmessage(message);
			return;
		}
		this.#early.push(message);
		if (this.#early.reduce((sum, { length }) => sum + length, 0) > connLimits.earlyBytes)
			this.#conn?.close('too much was said before anybody listened');
	}
}
