import scalarUrl from 'virtual:pow-kernel/scalar';
import simdUrl from 'virtual:pow-kernel/simd';
import { loadScan, type LoadedScan } from './load-scan.ts';

async function fetched(url: string): Promise<ArrayBuffer> {
	const response = await fetch(url);
	if (!response.ok) throw new Error(`${url}: ${response.status}`);
	return response.arrayBuffer();
}

/** Loads the fastest kernel of the built app that runs in this browser. */
export const loadBrowserScan = (): Promise<LoadedScan> =>
	loadScan({
		simd: () => fetched(simdUrl),
		scalar: () => fetched(scalarUrl),
		javascript: async () => (await import('virtual:pow-kernel/javascript')).createSearch(),
	});
