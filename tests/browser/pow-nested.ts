import type { Bytes } from '#lib/core/brand.ts';
import { systemClock } from '#lib/app/platform/clock.ts';
import { createBrowserPool } from '#lib/pow/worker/browser-pool.ts';

export type NestedAnswer = { readonly proof: Bytes; readonly nested: boolean } | { readonly failed: string };

/** A Worker that solves one proof with a pool of its own, as the node's Worker does. */
const scope = self as unknown as {
	postMessage(answer: NestedAnswer): void;
	onmessage: (event: MessageEvent<{ seed: Bytes; complexity: number }>) => void;
};
scope.onmessage = ({ data }) => {
	const pool = createBrowserPool(systemClock);
	pool.solve(
		{ id: 'nested', ...data },
		{
			progress: () => undefined,
			done: ({ proof }) => scope.postMessage({ proof, nested: typeof Worker !== 'undefined' }),
			failed: (failed) => scope.postMessage({ failed }),
		},
	);
};
