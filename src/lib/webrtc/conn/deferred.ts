import type { Bytes } from '#lib/core/brand.ts';
import { ok } from '#lib/core/result.ts';
import type { ConnFactory, PeerConn, PeerConnEvents } from '../ports.ts';
import { unpackInvitation } from '../circuit/invitation.ts';

/** Connections of a factory that is loaded when the first is wanted. */
export function lazyConns(load: () => Promise<ConnFactory>): ConnFactory {
	return {
		create(initiator, events) {
			const conn = new DeferredConn(events);
			load().then(
				(conns) => conn.become(conns, initiator),
				(error: unknown) => conn.fail(String(error)),
			);
			return ok(conn);
		},
	};
}

/** Calls directly, and answers each call in the way it came: by a session description or by a circuit. */
export function answeringBoth(direct: ConnFactory, circuits: ConnFactory): ConnFactory {
	return {
		...(direct.configure && { configure: (ice) => direct.configure?.(ice) }),
		create(initiator, events) {
			if (initiator) return direct.create(true, events);
			const conn = new DeferredConn(events, (first) =>
				conn.become(unpackInvitation(first) ? circuits : direct, false),
			);
			return ok(conn);
		},
	};
}

/** A connection whose kind is not decided yet. */
class DeferredConn implements PeerConn {
	readonly #events: PeerConnEvents;
	readonly #onfirst: ((description: Bytes) => void) | undefined;
	#inner: PeerConn | undefined;
	#waiting: Bytes[] = [];
	#closed = false;

	constructor(events: PeerConnEvents, onfirst?: (description: Bytes) => void) {
		this.#events = events;
		this.#onfirst = onfirst;
	}

	become(conns: ConnFactory, initiator: boolean): void {
		if (this.#closed || this.#inner) return;
		const made = conns.create(initiator, this.#events);
		if (!made.ok) {
			this.#closed = true;
			const code = made.error.code === 'budget' ? 'budget' : 'cannot-construct';
			this.#events.onclose({ type: 'conn-closed', code, detail: made.error.detail });
			return;
		}
		this.#inner = made.value;
		for (const description of this.#waiting.splice(0)) made.value.signal(description);
	}

	fail(detail: string): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#events.onclose({ type: 'conn-closed', code: 'cannot-construct', detail });
	}

	signal(description: Bytes): void {
		if (this.#inner) {
			this.#inner.signal(description);
			return;
		}
		this.#waiting.push(description);
		this.#onfirst?.(description);
	}

	send(message: Bytes): boolean {
		return this.#inner?.send(message) ?? false;
	}

	get buffered(): number {
		return this.#inner?.buffered ?? 0;
	}

	get route() {
		return this.#inner?.route;
	}

	close(reason: string): void {
		if (this.#inner) {
			this.#inner.close(reason);
			return;
		}
		if (this.#closed) return;
		this.#closed = true;
		this.#events.onclose({ type: 'conn-closed', code: 'closed', detail: reason });
	}
}
