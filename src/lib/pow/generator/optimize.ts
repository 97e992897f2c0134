import binaryen from 'binaryen';
import type { Bytes } from '#lib/core/brand.ts';

/**
 * Binaryen's passes that make the module smaller without moving an instruction. Its -O3 would save 4 % more, but it
 * sinks values to their first use, which costs V8 8 to 17 % of the speed (measured with `bench:pow`).
 */
const passes = ['simplify-locals-notee', 'coalesce-locals', 'reorder-locals', 'vacuum'];

/** The same bytes for the same module, always. */
export function optimize(bytes: Uint8Array): Bytes {
	const module = binaryen.readBinary(bytes);
	try {
		module.setFeatures(binaryen.Features.SIMD128);
		module.runPasses(passes);
		if (!module.validate()) throw new Error('the optimised kernel is not valid');
		return new Uint8Array(module.emitBinary());
	} finally {
		module.dispose();
	}
}
