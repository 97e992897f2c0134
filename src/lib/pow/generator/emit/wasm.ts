import type { Bytes } from '#lib/core/brand.ts';
import { paddingBit, type Program } from '../program.ts';
import { unsigned, vector, word as littleEndian, type Code } from '../wasm/encoding.ts';
import { assemble } from '../wasm/module.ts';
import { control, i32, i32Type, local } from '../wasm/opcodes.ts';
import type { Word } from '../word.ts';
import { spellOut } from './spell.ts';
import { scalarLanes, spellScalar, stride, vectorLanes } from './wasm-lanes.ts';

/** Where the loop's slots begin in memory, behind the given words. */
const slotsAt = 96;

const parameters = { first: 0, count: 1, limit: 2 } as const;
/** Locals: nonces tried, then words computed ahead; then wide ones. */
const done = 3;
const aheadFrom = 4;

/**
 * A WebAssembly module that exports
 * - `memory`, which begins with what a caller gives (`BlockSearch`), and
 * - `search`, as in `BlockSearch`.
 *
 * @param lanes nonces tried at once: 1 with plain integers, 4 with SIMD128.
 */
export function emitWasm(program: Program, lanes: 1 | 4): Bytes {
	const target = lanes === 4 ? vectorLanes : scalarLanes;
	const { splat, spread, constant, spell } = target;
	const uniforms = program.slots.filter(({ pace }) => pace === 'uniform');
	const constants = target.constantsInMemory ? program.slots.filter(({ pace }) => pace === 'constant') : [];
	const offsetOf = (slot: number) => slotsAt + slot * target.bytes;

	const names = new Map<Word, Code>();
	const ahead = program.ahead.map((word, i): Code => {
		const code = spellOut(word, names, spellScalar);
		names.set(word, local.get(aheadFrom + i));
		return [code, local.set(aheadFrom + i)];
	});
	const stores = uniforms.map((word, slot): Code => {
		const value = spellOut(word, names, spellScalar);
		return [i32.constant(0), value, splat, target.store(offsetOf(slot))];
	});

	const nonces = aheadFrom + program.ahead.length;
	const limits = nonces + 1;
	const found = nonces + 2;
	const digest = nonces + 3;
	const loopFrom = nonces + 4;
	const loopNames = new Map(
		[...uniforms, ...constants].map((word, slot): [Word, Code] => [
			word,
			[i32.constant(0), target.load(offsetOf(slot))],
		]),
	);
	const spellLoop = (word: Word, operands: readonly Code[]): Code =>
		word.operator === 'input' ? local.get(nonces) : spell(word, operands);
	const loop = program.loop.map((word, i): Code => {
		const code = spellOut(word, loopNames, spellLoop);
		loopNames.set(word, local.get(loopFrom + i));
		return [code, local.set(loopFrom + i)];
	});

	const body: Code = [
		[ahead, stores],
		[local.get(parameters.first), i32.constant(8), i32.shl, i32.constant(paddingBit), i32.or],
		[splat, spread, local.set(nonces)],
		[local.get(parameters.limit), splat, local.set(limits)],
		control.loop,
		[loop, spellOut(program.result, loopNames, spellLoop), local.set(digest)],
		[target.hits(local.get(digest), local.get(limits)), local.tee(found), target.any],
		[control.if, local.get(done), local.get(found), target.firstHit, i32.add, control.return, control.end],
		[local.get(nonces), constant(stride(target)), target.add, local.set(nonces)],
		[local.get(done), i32.constant(lanes), i32.add, local.tee(done)],
		[local.get(parameters.count), i32.lessUnsigned, control.branchIf(0), control.end],
		[i32.constant(-1), control.end],
	];
	const locals: Code = vector([
		[unsigned(nonces - done), i32Type],
		[unsigned(4 + program.loop.length), target.type],
	]);
	return assemble({
		parameters: 3,
		locals,
		body,
		data: {
			at: offsetOf(uniforms.length),
			bytes: constants.map(({ number }) => Array<Code>(lanes).fill(littleEndian(number))),
		},
	});
}
