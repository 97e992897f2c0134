import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import { publicKey, secretFrom, verify } from '#lib/core/crypto/schnorr.ts';
import { createNativeConns } from '#lib/webrtc/conn/native.ts';
import { createMesh } from '#lib/webrtc/mesh.ts';
import { createNostrRendezvous } from '#lib/webrtc/rendezvous/nostr.ts';
import { platformSocket } from '#lib/webrtc/rendezvous/nostr/socket.ts';
import { createSignalling } from '#lib/webrtc/signalling.ts';
import type { Contestant } from './protocol.ts';

/** One tab that joins either mesh; what it costs is measured from outside. */
let links = () => 0;
let firstLinkMs: number | undefined;
const started = () => {
	const at = performance.now();
	return () => {
		firstLinkMs ??= Math.round(performance.now() - at);
	};
};

function joinSweet(relay: string): void {
	const secret = secretFrom(systemRandom.bytes(48));
	const identity = { id: publicKey(secret), secret };
	const network = 'bench';
	const shared = { clock: systemClock, random: systemRandom, log: () => undefined };
	const signalling = createSignalling({
		...shared,
		identity,
		rendezvous: [
			createNostrRendezvous({ ...shared, relays: [relay], network, openSocket: platformSocket, verify }),
		],
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
	const linked = started();
	signalling.start();
	mesh.start({
		onlink: linked,
		onadmission: () => undefined,
		onunlink: () => undefined,
		onframe: () => undefined,
		onchange: () => undefined,
	});
	links = () => mesh.links().length;
}

async function joinTrystero(relay: string): Promise<void> {
	const { joinRoom } = await import('@trystero-p2p/nostr');
	const linked = started();
	const room = joinRoom(
		{ appId: 'sweet-bench', relayConfig: { urls: [relay] }, rtcConfig: { iceServers: [] } },
		'bench',
	);
	room.onPeerJoin = linked;
	links = () => Object.keys(room.getPeers()).length;
}

globalThis.joinMesh = async (which: Contestant, relay: string) => {
	if (which === 'trystero') await joinTrystero(relay);
	else joinSweet(relay);
};
globalThis.meshOfTab = () => ({ links: links(), firstLinkMs: firstLinkMs ?? null });
