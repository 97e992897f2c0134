import type { Bytes } from '#lib/core/brand.ts';
import { flatten, name, section, sized, type Code } from './encoding.ts';
import { control, functionType, i32, i32Type } from './opcodes.ts';

export interface ModuleParts {
	/** Number of `search`'s parameters; they and its result are 32-bit integers. */
	readonly parameters: number;
	readonly locals: Code;
	readonly body: Code;
	/** What memory holds from the start. */
	readonly data: { readonly at: number; readonly bytes: Code };
}

const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const exportFunction = 0x00;
const exportMemory = 0x02;

/** A module with one page of memory, exported as `memory`, and one function, exported as `search`. */
export function assemble({ parameters, locals, body, data }: ModuleParts): Bytes {
	const types = Array<number>(parameters).fill(i32Type);
	return new Uint8Array(
		flatten([
			magicAndVersion,
			section(1, [[functionType, sized(types), 1, i32Type]]),
			section(3, [[0]]),
			// One page, at most one page.
			section(5, [[0x01, 1, 1]]),
			section(7, [
				[name('memory'), exportMemory, 0],
				[name('search'), exportFunction, 0],
			]),
			section(10, [sized([locals, body])]),
			section(11, [[0x00, i32.constant(data.at), control.end, sized(data.bytes)]]),
		]),
	);
}
