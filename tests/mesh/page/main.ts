import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import { publicKey, secretFrom, verify } from '#lib/core/crypto/schnorr.ts';
import { createNativeConns } from '#lib/webrtc/conn/native.ts';
import { createMesh } from '#lib/webrtc/mesh.ts';
import { createNostrRendezvous } from '#lib/webrtc/rendezvous/nostr.ts';
import { platformSocket } from '#lib/webrtc/rendezvous/nostr/socket.ts';
import { createSignalling } from '#lib/webrtc/signalling.ts';
import type { PeersWanted, PeerState } from './protocol.ts';

/**
 * Several members of the mesh in one page: real connections, real signatures, a real relay, and no engine. A page
 * that closes says nothing to anybody, unlike the app's.
 */
const peers: (() => PeerState)[] = [];

function startPeer({ relays, network }: PeersWanted): void {
	const secret = secretFrom(systemRandom.bytes(48));
	const identity = { id: publicKey(secret), secret };
	const shared = { clock: systemClock, random: systemRandom, log: () => undefined };
	const signalling = createSignalling({
		...shared,
		identity,
		rendezvous: [createNostrRendezvous({ ...shared, relays, network, openSocket: platformSocket, verify })],
	});
	const mesh = createMesh({
		...shared,
		identity,
		network,
		conns: createNativeConns({ clock: systemClock, iceServers: [] }),
		signalling,
		solver: { solve: () => Promise.resolve(undefined) },
		parameters: { admissionComplexity: 0 },
	});
	const started = performance.now();
	const reached: number[] = [];
	signalling.start();
	mesh.start({
		onlink() {
			if (mesh.links().length > reached.length) reached.push(Math.round(performance.now() - started));
		},
		onadmission: () => undefined,
		onunlink: () => undefined,
		onframe: () => undefined,
		onchange: () => undefined,
	});
	peers.push(() => ({ id: mesh.id, links: mesh.links().map(({ peer }) => peer), reached }));
}

globalThis.startPeers = (wanted) => {
	for (let i = 0; i < wanted.count; i++) startPeer(wanted);
};
globalThis.peerStates = () => peers.map((state) => state());
