import type { Slices } from '#lib/app/protocol.ts';
import type { HeadlessPeer } from './headless.ts';

/** Resolves with the slice as soon as it is as `wanted`. */
export function until<K extends keyof Slices>(
	peer: Pick<HeadlessPeer, 'slice' | 'watch'>,
	name: K,
	wanted: (slice: Slices[K]) => boolean,
): Promise<Slices[K]> {
	return new Promise((resolve) => {
		let unwatch = (): void => undefined;
		const look = () => {
			const slice = peer.slice(name);
			if (!wanted(slice)) return false;
			unwatch();
			resolve(slice);
			return true;
		};
		if (!look()) unwatch = peer.watch(look);
	});
}
