import type { PeerId } from '#lib/core/brand.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import { meshFrames, type MeshFrame } from '#lib/gossip/wire/frames.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import { createMesh } from '#lib/webrtc/mesh.ts';
import type { TabOptions } from './fixtures.ts';
import { linksOfStranger } from './stranger.ts';

export interface MemberOptions extends Pick<TabOptions, 'relays' | 'parameters'> {
	/** What it says to a neighbour's frame; undefined says nothing. */
	answer(frame: MeshFrame): MeshFrame | undefined;
}

/** A neighbour with real links and no engine behind them, for the manners an honest node never shows. */
export interface Member {
	readonly id: PeerId;
	/** Says something to all its neighbours. */
	say(frame: MeshFrame): void;
	stop(): void;
}

export function startMember(config: NodeConfig, pool: PowPool, options: MemberOptions): Member {
	const links = linksOfStranger(config, pool);
	const { identity, signalling } = links;
	const mesh = createMesh({
		...links,
		parameters: {
			...links.parameters,
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
			const said = frame.ok ? options.answer(frame.value) : undefined;
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
