import type { Bytes } from '#lib/core/brand.ts';
import type { ConnFactory } from '#lib/webrtc/ports.ts';
import { End } from './conn-scenarios.ts';

/**
 * A signalling relay that opens every seal: it answers the caller's offer itself, offers to the callee itself,
 * and passes every message on. Neither side can tell from the network.
 */
export class RelayInTheMiddle {
	readonly towardsCaller: End;
	readonly towardsCallee: End;
	#toCallee = 0;
	#toCaller = 0;

	constructor(conns: ConnFactory, callersOffer: Bytes) {
		this.towardsCaller = new End(conns, false);
		this.towardsCallee = new End(conns, true);
		this.towardsCaller.conn.signal(callersOffer);
	}

	/** Passes on what came since the last call. */
	pipe(): void {
		for (const message of this.towardsCaller.messages.slice(this.#toCallee)) {
			if (!this.towardsCallee.conn.send(message)) break;
			this.#toCallee += 1;
		}
		for (const message of this.towardsCallee.messages.slice(this.#toCaller)) {
			if (!this.towardsCaller.conn.send(message)) break;
			this.#toCaller += 1;
		}
	}

	close(): void {
		this.towardsCaller.conn.close('done');
		this.towardsCallee.conn.close('done');
	}
}
