/** Modules that `vite-plugin.ts` makes up. */
declare module 'virtual:pow-kernel/simd' {
	/** URL of the kernel with four lanes. */
	const url: string;
	export default url;
}

declare module 'virtual:pow-kernel/scalar' {
	/** URL of the kernel with plain integers. */
	const url: string;
	export default url;
}

declare module 'virtual:pow-kernel/javascript' {
	import type { BlockSearch } from '#lib/pow/block-search.ts';

	export function createSearch(): BlockSearch;
}

declare module 'virtual:pow-kernel/wgsl' {
	/** The compute shader. */
	export const code: string;
	/** Invocations of one of its workgroups. */
	export const workgroup: number;
}
