import { publicKey, secretFrom, verify } from '#lib/core/crypto/schnorr.ts';
import { admissionSolver } from '#lib/app/admission-solver.ts';
import { linkParameters } from '#lib/app/parameters.ts';
import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import { createNodeConns } from '#lib/webrtc/conn/node.ts';
import { createNostrRendezvous } from '#lib/webrtc/rendezvous/nostr.ts';
import { platformSocket } from '#lib/webrtc/rendezvous/nostr/socket.ts';
import { createSignalling } from '#lib/webrtc/signalling.ts';

/** A new key and all that real links are made of, for whoever behaves as no honest node does. */
export function linksOfStranger({ network, relays, iceServers, parameters }: NodeConfig, pool: PowPool) {
	const secret = secretFrom(systemRandom.bytes(48));
	const identity = { id: publicKey(secret), secret };
	const shared = { clock: systemClock, random: systemRandom, log: () => undefined };
	const rendezvous = createNostrRendezvous({
		...shared,
		relays,
		network,
		openSocket: platformSocket,
		verify,
	});
	return {
		...shared,
		identity,
		network,
		conns: createNodeConns({ clock: systemClock, iceServers }),
		signalling: createSignalling({ ...shared, identity, rendezvous: [rendezvous] }),
		solver: admissionSolver(pool, systemClock),
		parameters: linkParameters(parameters),
	};
}
