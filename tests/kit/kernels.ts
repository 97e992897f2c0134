import type { BlockSearch } from '#lib/pow/block-search.ts';
import { emitJavaScript } from '#lib/pow/generator/emit/javascript.ts';
import { emitWasm } from '#lib/pow/generator/emit/wasm.ts';
import { optimize } from '#lib/pow/generator/optimize.ts';
import { searchProgram } from '#lib/pow/generator/program.ts';
import { instantiate } from '#lib/pow/worker/load-scan.ts';

/** Every kernel that runs in Node: as the app is built with, and as a headless peer generates it. */
export const kernels: Readonly<Record<string, () => Promise<BlockSearch>>> = {
	'SIMD128, optimised': () => instantiate(optimize(emitWasm(searchProgram(), 4))),
	'SIMD128, as emitted': () => instantiate(emitWasm(searchProgram(), 4)),
	'scalar WebAssembly, optimised': () => instantiate(optimize(emitWasm(searchProgram(), 1))),
	'scalar WebAssembly, as emitted': () => instantiate(emitWasm(searchProgram(), 1)),
	JavaScript: importedKernel,
};

async function importedKernel(): Promise<BlockSearch> {
	const url = `data:text/javascript,${encodeURIComponent(emitJavaScript(searchProgram()))}`;
	const module = (await import(/* @vite-ignore */ url)) as { createSearch(): BlockSearch };
	return module.createSearch();
}
