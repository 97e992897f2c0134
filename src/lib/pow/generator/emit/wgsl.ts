import { fixedWords, stateWords } from '../../block-search.ts';
import { paddingBit, type Program } from '../program.ts';
import { programText, type Dialect } from './text.ts';

const wgsl: Dialect = {
	shr: '>>',
	suffix: 'u',
	wrapped: (sum) => `(${sum})`,
	declare: (name, value) => `let ${name} = ${value};`,
};

/** Invocations of a workgroup: the least that every WebGPU device allows is 256, and 64 suits all of them. */
export const workgroupSize = 64;

/**
 * The kernel as a WebGPU compute shader. Binding 0 is the task: `given`, then first, count and limit as in
 * `BlockSearch`. Binding 1 is one integer, at the start 2^32 - 1, at the end the least index that was a hit.
 * Invocations share the nonces out among themselves, however many are dispatched.
 */
export function emitWgsl(program: Program): string {
	const { ahead, loop, result } = programText(program, wgsl);
	return `struct Task { given: array<u32, ${stateWords + fixedWords}>, first: u32, count: u32, limit: u32 }
@group(0) @binding(0) var<storage, read> task: Task;
@group(0) @binding(1) var<storage, read_write> found: atomic<u32>;

@compute @workgroup_size(${workgroupSize})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
let given = task.given;
${ahead}
for (var i = id.x; i < task.count; i += groups.x * ${workgroupSize}u) {
let nonce = ((task.first + i) << 8u) | ${paddingBit}u;
${loop}
let top = ${result};
let swapped = (((top >> 8u) | (top << 24u)) & 0xff00ff00u) | (((top >> 24u) | (top << 8u)) & 0x00ff00ffu);
if (swapped <= task.limit) { atomicMin(&found, i); return; }
}
}
`;
}
