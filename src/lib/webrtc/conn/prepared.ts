import type { Bytes } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { ok } from '#lib/core/result.ts';
import type { ConnFactory, PeerConn, PeerConnEvents } from '../ports.ts';

/** A prepared connection nobody needed is closed after this long: its candidates grow old, ms. */
const keptMs = 20_000;

export interface PreparedConns extends ConnFactory {
	/** Makes up to `count` calling connections ahead: their candidates are gathered by the time a peer is known. */
	prepare(count: number): void;
	/** Closes what is prepared and not yet used. */
	discard(): void;
}

interface Prepared {
	readonly conn: PeerConn;
	readonly forward: Forward;
}

/** Hands events on once somebody reads them, and keeps the description until then. */
class Forward {
	#reader: PeerConnEvents | undefined;
	#description: Bytes | undefined;
	readonly #onlost: () => void;

	constructor(onlost: () => void) {
		this.#onlost = onlost;
	}

	readonly events: PeerConnEvents = {
		onsignal: (description) => {
			if (this.#reader) this.#reader.onsignal(description);
			else this.#description = description;
		},
		onopen: (fingerprints) => this.#reader?.onopen(fingerprints),
		onmessage: (message) => this.#reader?.onmessage(message),
		ondrain: () => this.#reader?.ondrain(),
		onclose: (closed) => {
			if (this.#reader) this.#reader.onclose(closed);
			else this.#onlost();
		},
	};

	readBy(reader: PeerConnEvents): void {
		this.#reader = reader;
		const description = this.#description;
		this.#description = undefined;
		if (description) reader.onsignal(description);
	}
}

/** Connections whose slow first part can be done while a newcomer still looks for whom to call. */
export function preparedConns(conns: ConnFactory, clock: Clock): PreparedConns {
	let ready: Prepared[] = [];
	let cancel = () => {};

	const discard = () => {
		cancel();
		const old = ready;
		ready = [];
		for (const { conn } of old) conn.close('not needed');
	};

	return {
		...conns,
		prepare(count) {
			while (ready.length < count) {
				const forward = new Forward(() => {
					ready = ready.filter((each) => each.forward !== forward);
				});
				const conn = conns.create(true, forward.events);
				if (!conn.ok) return;
				ready.push({ conn: conn.value, forward });
			}
			cancel();
			cancel = clock.after(keptMs, discard);
		},
		create(initiator, events) {
			const prepared = initiator ? ready.shift() : undefined;
			if (!prepared) return conns.create(initiator, events);
			// Later, as a new connection would: whoever creates one gets it before its events.
			clock.after(0, () => prepared.forward.readBy(events));
			return ok(prepared.conn);
		},
		discard,
	};
}
