import { BoundedMap } from '#lib/core/bounded-map.ts';
import type { Bytes, PeerId, PublicKey } from '#lib/core/brand.ts';
import { concat, equalBytes, hexBytes } from '#lib/core/bytes.ts';
import { conversationKey, decrypt, encrypt } from '#lib/core/crypto/nip44.ts';
import type { Random } from '#lib/core/random.ts';
import type { SignalWay } from '../attempts.ts';
import type { Identity } from '../ports.ts';
import { signals, type Signal } from '../signals.ts';
import type { RouteId } from './event.ts';

/** Conversations whose key is remembered; computing one costs about as much as a signature. */
const rememberedKeys = 64;

/**
 * Signals for their way through the mesh, sealed (NIP-44 v2): the nodes between can neither read nor write them.
 * The reader's key stands inside, because ECDH gives both ends the same key.
 */
export class RouteSignals {
	readonly #self: Identity;
	readonly #random: Random;
	readonly #send: (route: RouteId, to: PeerId, body: Bytes) => boolean;
	readonly #keys = new BoundedMap<PeerId, Bytes>(rememberedKeys);

	/** @param send starts a sealed body on its way; false when there is none. */
	constructor(self: Identity, random: Random, send: (route: RouteId, to: PeerId, body: Bytes) => boolean) {
		this.#self = self;
		this.#random = random;
		this.#send = send;
	}

	/** The way to a peer along a route. */
	way(route: RouteId, to: PeerId): SignalWay {
		return {
			route,
			send: (signal) => {
				const key = this.#keyWith(to);
				const plain = concat(hexBytes(to), signals.encode(signal));
				return key !== undefined && this.#send(route, to, encrypt(plain, key, this.#random.bytes(32)));
			},
		};
	}

	/** Undefined unless `from` sealed a signal for this node. */
	open(body: Bytes, from: PeerId): Signal | undefined {
		const key = this.#keyWith(from);
		const plain = key && decrypt(body, key);
		if (!plain?.ok || !equalBytes(plain.value.subarray(0, 32), hexBytes(this.#self.id))) return undefined;
		const signal = signals.decode(plain.value.slice(32));
		return signal.ok ? signal.value : undefined;
	}

	#keyWith(peer: PeerId): Bytes | undefined {
		const key = this.#keys.get(peer) ?? conversationKey(this.#self.secret, peer as string as PublicKey);
		if (key) this.#keys.set(peer, key);
		return key;
	}
}
