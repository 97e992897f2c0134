import type { Plugin } from 'vite';
import { emitJavaScript } from './emit/javascript.ts';
import { emitWasm } from './emit/wasm.ts';
import { emitWgsl, workgroupSize } from './emit/wgsl.ts';
import { optimize } from './optimize.ts';
import { searchProgram } from './program.ts';

/** Ids of the virtual modules (`virtual.d.ts`), and what is behind them. */
const lanesOf: Readonly<Record<string, 1 | 4>> = {
	'virtual:pow-kernel/simd': 4,
	'virtual:pow-kernel/scalar': 1,
};
/** Ids of those that are modules themselves. */
const textOf: Readonly<Record<string, () => string>> = {
	'virtual:pow-kernel/javascript': () => emitJavaScript(searchProgram()),
	'virtual:pow-kernel/wgsl': () =>
		`export const code = ${JSON.stringify(emitWgsl(searchProgram()))};\nexport const workgroup = ${workgroupSize};`,
};
/** Marks resolved ids, so that no other plugin takes them for files. */
const mark = '\0';

/**
 * Generates the proof-of-work kernels while the app is built. The two of WebAssembly become files named by their
 * content, of which a module learns the URL; those of JavaScript and WGSL are modules themselves. A development server has no
 * such files and passes the bytes in the URL.
 */
export function powKernels(): Plugin {
	let serving = false;
	return {
		name: 'pow-kernels',
		configResolved({ command }) {
			serving = command === 'serve';
		},
		resolveId(id) {
			return id in lanesOf || id in textOf ? mark + id : undefined;
		},
		load(marked) {
			const id = marked.startsWith(mark) ? marked.slice(mark.length) : '';
			const text = textOf[id]?.();
			if (text !== undefined) return text;
			const lanes = lanesOf[id];
			if (lanes === undefined) return undefined;
			const source = optimize(emitWasm(searchProgram(), lanes));
			if (serving) {
				const url = `data:application/wasm;base64,${Buffer.from(source).toString('base64')}`;
				return `export default ${JSON.stringify(url)};`;
			}
			const name = `pow-${lanes === 4 ? 'simd' : 'scalar'}.wasm`;
			const file = this.emitFile({ type: 'asset', name, source });
			return `export default import.meta.ROLLUP_FILE_URL_${file};`;
		},
	};
}
