import type { Plugin } from 'vite';

/** Where the built app lists the files of its Workers. */
const workerFilesPath = '_app/workers.json';

/**
 * Lists the files of the Workers: their chunks, the Workers they start themselves and those' kernels. SvelteKit's own
 * list (`build` in `$service-worker`) ends at the first Worker's entry, and offline needs all.
 */
export function workerFiles(): Plugin {
	return {
		name: 'sweet-gossip-worker-files',
		enforce: 'post',
		apply: 'build',
		generateBundle: {
			order: 'post',
			handler(_options, bundle) {
				const files = Object.keys(bundle).filter((file) => file.startsWith('_app/immutable/workers/'));
				if (files.length === 0) return;
				const source = JSON.stringify(files.sort().map((file) => `/${file}`));
				this.emitFile({ type: 'asset', fileName: workerFilesPath, source });
			},
		},
	};
}
