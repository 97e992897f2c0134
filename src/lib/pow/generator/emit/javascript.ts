import { fixedWords, stateWords } from '../../block-search.ts';
import { paddingBit, type Program } from '../program.ts';
import { programText, type Dialect } from './text.ts';

const javascript: Dialect = {
	shr: '>>>',
	suffix: '',
	wrapped: (sum) => `(${sum} | 0)`,
	declare: (name, value) => `const ${name} = ${value};`,
};

/** An ES module that exports `createSearch()`, which makes a `BlockSearch`: for where WebAssembly is not to be had. */
export function emitJavaScript(program: Program): string {
	const { ahead, loop, result } = programText(program, javascript);
	return `export function createSearch() {
const given = new Int32Array(${stateWords + fixedWords});
function search(first, count, limit) {
${ahead}
for (let i = 0; i < count; i++) {
const nonce = ((first + i) << 8) | ${paddingBit};
${loop}
const top = ${result};
const swapped = ((top >>> 8) | (top << 24)) & 0xff00ff00 | ((top >>> 24) | (top << 8)) & 0x00ff00ff;
if (swapped >>> 0 <= limit) return i;
}
return -1;
}
return { given, search };
}
`;
}
