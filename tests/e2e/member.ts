import type { PeerId } from '#lib/core/brand.ts';
import { publicKey, secretFrom, verify } from '#lib/core/crypto/schnorr.ts';
import { linkParameters } from '#lib/app/parameters.ts';
import { admissionSolver } from '#lib/app/admission-solver.ts';
import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import { meshFrames, type MeshFrame } from '#lib/gossip/wire/frames.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import { createNodeConns } from '#lib/webrtc/conn/node.ts';
import { createMesh } from '#lib/webrtc/mesh.ts';
import { createNostrRendezvous } from '#lib/webrtc/rendezvous/nostr.ts';
import { platformSocket } from '#lib/webrtc/rendezvous/nostr/socket.ts';
import { createSignalling } from '#lib/webrtc/signalling.ts';
import type { TabOptions } from './fixtures.ts';

export interface MemberOptions extends Pick<TabOptions, 'relays' | 'parameters'> {
	/** What it says to a neighbour's frame; undefined says nothing. */
	answer(frame: MeshFrame, neighbour: PeerId): MeshFrame | undefined;
}

/** A neighbour with real links and no engine behind them, for the manners an honest node never shows. */
export interface Member {
	readonly id: PeerId;
	/** Says something to all its neighbours. */
	say(frame: MeshFrame): void;
	stop(): void;
}

export function startMember(config: NodeConfig, pool: PowPool, options: MemberOptions): Member {
	const secret = secretFrom(systemRandom.bytes(48));
	const identity = { id: publicKey(secret), secret };
	const shared = { clock: systemClock, random: systemRandom, log: () => undefined };
	const { network, relays, iceServers } = config;
	const signalling = createSignalling({
		...shared,
		identity,
		rendezvous: [createNostrRendezvous({ ...shared, relays, network, openSocket: platformSocket, verify })],
	});
	const mesh = createMesh({
		...shared,
		identity,
		network,
		conns: createNodeConns({ clock: systemClock, iceServers }),
		signalling,
		solver: admissionSolver(pool, systemClock),
		parameters: {
			...linkParameters(config.parameters),
			admissionComplexity: config.parameters.admissionComplexity ?? 0,
		},
	});
	signalling.start();
	mesh.start({
		onlink: () => undefined,
		onadmission: () => undefined,
		onunlink: () => undefined,
		onchange: () => undefined,
		onframe(peer, bytes) {
			const frame = meshFrames.decode(bytes);
			const said = frame.ok ? options.answer(frame.value, peer) : undefined;
			if (said) mesh.send(peer, meshFrames.encode(said), 0);
		},
	});
	return {
		id: identity.id,
		say(frame) {
			for (const { peer } of mesh.links()) mesh.send(peer, meshFrames.encode(frame), 0);
		},
		stop() {
			mesh.stop('the test is over');
			signalling.stop();
		},
	};
}
