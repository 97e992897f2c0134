import type { Word } from '../word.ts';
import { i32, i32Type, v128, v128Type } from '../wasm/opcodes.ts';
import type { Code } from '../wasm/encoding.ts';
import { operand } from './spell.ts';

/** How the loop works on all its lanes at once. */
export interface Lanes {
	readonly count: 1 | 4;
	readonly type: number;
	/** Size of a slot in memory. */
	readonly bytes: number;
	/** Whether constants stand in memory like other slots: wide ones make long and slow instructions. */
	readonly constantsInMemory: boolean;
	readonly load: (offset: number) => Code;
	readonly store: (offset: number) => Code;
	/** Follows an integer: the same in every lane. */
	readonly splat: Code;
	/** Follows the first nonce in every lane: the lanes' own nonces. */
	readonly spread: Code;
	readonly constant: (value: number) => Code;
	readonly add: number | Code;
	readonly spell: (word: Word, operands: readonly Code[]) => Code;
	/** Lanes whose word, its bytes swapped, is at most the limit. */
	readonly hits: (word: Code, limits: Code) => Code;
	readonly any: Code;
	/** Follows hits of which there are some: index of the first lane. */
	readonly firstHit: Code;
}

/** Distance in word 13 between one nonce and the next: its low byte is padding. */
const step = 0x100;

/** Plain integers; also for what is computed ahead. */
export function spellScalar(word: Word, operands: readonly Code[]): Code {
	const at = (index: number) => operand(operands, index);
	switch (word.operator) {
		case 'constant':
			return i32.constant(word.number);
		case 'input':
			return [i32.constant(0), i32.load(4 * word.number)];
		case 'add':
			return [at(0), at(1), i32.add];
		case 'xor':
			return [at(0), at(1), i32.xor];
		case 'shr':
			return [at(0), i32.constant(word.number), i32.shrUnsigned];
		case 'rotr':
			return [at(0), i32.constant(word.number), i32.rotr];
		case 'select':
			return [at(2), at(0), at(1), at(2), i32.xor, i32.and, i32.xor];
	}
}

/**
 * Rotations are shift, shift, *add*: arm64 has one instruction for the last two, and for `bitselect`; x64 loses nothing.
 */
function spellVector(word: Word, operands: readonly Code[]): Code {
	const at = (index: number) => operand(operands, index);
	switch (word.operator) {
		case 'constant':
			return v128.constant(Array<number>(4).fill(word.number));
		case 'input':
			throw new Error('the nonce has a local of its own');
		case 'add':
			return [at(0), at(1), v128.add];
		case 'xor':
			return [at(0), at(1), v128.xor];
		case 'shr':
			return [at(0), i32.constant(word.number), v128.shrUnsigned];
		case 'rotr': {
			const left = [at(0), i32.constant(32 - word.number), v128.shl];
			return [left, at(0), i32.constant(word.number), v128.shrUnsigned, v128.add];
		}
		case 'select':
			return [at(1), at(2), at(0), v128.bitselect];
	}
}

export const scalarLanes: Lanes = {
	count: 1,
	type: i32Type,
	bytes: 4,
	constantsInMemory: false,
	load: i32.load,
	store: i32.store,
	splat: [],
	spread: [],
	constant: i32.constant,
	add: i32.add,
	spell: spellScalar,
	hits: (word, limits) => [
		[word, i32.constant(0x00ff00ff), i32.and, i32.constant(8), i32.rotr],
		[word, i32.constant(24), i32.rotr, i32.constant(0x00ff00ff), i32.and],
		[i32.or, limits, i32.atMostUnsigned],
	],
	any: [],
	// The only lane: hits is 1.
	firstHit: [i32.constant(1), i32.xor],
};

export const vectorLanes: Lanes = {
	count: 4,
	type: v128Type,
	bytes: 16,
	constantsInMemory: true,
	load: v128.load,
	store: v128.store,
	splat: v128.splat,
	spread: [v128.constant([0, step, 2 * step, 3 * step]), v128.add],
	constant: (value) => v128.constant(Array<number>(4).fill(value)),
	add: v128.add,
	spell: spellVector,
	hits: (word, limits) => [
		[word, word, v128.shuffle([3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12])],
		[limits, v128.atMostUnsigned],
	],
	any: v128.anyTrue,
	firstHit: [v128.bitmask, i32.countTrailingZeros],
};

/** Distance in word 13 from one round of the loop to the next. */
export const stride = ({ count }: Lanes): number => count * step;
