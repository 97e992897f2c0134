import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { emitWasm } from '#lib/pow/generator/emit/wasm.ts';
import { optimize } from '#lib/pow/generator/optimize.ts';
import { searchProgram } from '#lib/pow/generator/program.ts';
import type { ModuleBytes } from './contestants.ts';

const installed = (path: string) =>
	new Uint8Array(readFileSync(fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url))));

/** Our kernels as the app is built with, and the rivals' modules as npm has them. */
export function readModules(): ModuleBytes {
	return {
		simd: optimize(emitWasm(searchProgram(), 4)),
		scalar: optimize(emitWasm(searchProgram(), 1)),
		cap: installed('@cap.js/wasm/browser/cap_wasm_bg.wasm'),
		mcaptcha: installed('@mcaptcha/pow-wasm/pow_wasm_bg.wasm'),
		friendly: installed('friendly-pow/wasm/optimized.wasm'),
	};
}
