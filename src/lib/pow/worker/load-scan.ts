import { scanWith, stateWords, fixedWords, type BlockSearch } from '../block-search.ts';
import { scan as plainScan, type Scan } from '../kernel.ts';

/** Where the generated kernels come from; each may fail. */
export interface KernelSources {
	/** WebAssembly with four lanes. */
	readonly simd: () => Promise<BufferSource>;
	/** WebAssembly with plain integers. */
	readonly scalar: () => Promise<BufferSource>;
	readonly javascript: () => Promise<BlockSearch>;
}

export interface LoadedScan {
	readonly kernel: 'simd' | 'scalar' | 'javascript' | 'plain';
	readonly scan: Scan;
}

/**
 * The fastest kernel that runs here: WebAssembly with SIMD, then without, then generated JavaScript where
 * WebAssembly is missing or the page's policy lacks 'wasm-unsafe-eval', and the plain kernel, which is part of the
 * program, where nothing could be loaded.
 */
export async function loadScan({ simd, scalar, javascript }: KernelSources): Promise<LoadedScan> {
	const attempts = [
		...(mayCompile()
			? ([
					['simd', async () => instantiate(await simd())],
					['scalar', async () => instantiate(await scalar())],
				] as const)
			: []),
		['javascript', javascript] as const,
	];
	for (const [kernel, load] of attempts) {
		const search = await load().catch(() => undefined);
		if (search) return { kernel, scan: scanWith(search) };
	}
	return { kernel: 'plain', scan: plainScan };
}

/** A module with nothing in it. */
const emptyModule = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

/** Whether WebAssembly is there and allowed: spares downloading kernels that cannot run. */
function mayCompile(): boolean {
	try {
		return new WebAssembly.Module(emptyModule) instanceof WebAssembly.Module;
	} catch {
		return false;
	}
}

/** Instantiates a module of `generator/emit/wasm.ts`; rejects where it cannot run. */
export async function instantiate(bytes: BufferSource): Promise<BlockSearch> {
	const { instance } = await WebAssembly.instantiate(bytes);
	const { memory, search } = instance.exports;
	if (!(memory instanceof WebAssembly.Memory) || typeof search !== 'function')
		throw new TypeError('not a kernel');
	return {
		given: new Int32Array(memory.buffer, 0, stateWords + fixedWords),
		search: search as BlockSearch['search'],
	};
}
