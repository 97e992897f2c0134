import { signed, unsigned, word, type Code } from './encoding.ts';

export const i32Type = 0x7f;
export const v128Type = 0x7b;
export const functionType = 0x60;
const emptyBlock = 0x40;

const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
/** Alignment as a power of two, and offset from the address on the stack. */
const memory = (alignment: number, offset: number): number[] => [alignment, ...unsigned(offset)];

export const control = {
	loop: [0x03, emptyBlock],
	if: [0x04, emptyBlock],
	end: 0x0b,
	branchIf: (depth: number): Code => [0x0d, depth],
	return: 0x0f,
} as const;

export const local = {
	get: (index: number): Code => [0x20, unsigned(index)],
	set: (index: number): Code => [0x21, unsigned(index)],
	tee: (index: number): Code => [0x22, unsigned(index)],
} as const;

export const i32 = {
	load: (offset: number): Code => [0x28, memory(2, offset)],
	store: (offset: number): Code => [0x36, memory(2, offset)],
	constant: (value: number): Code => [0x41, signed(value)],
	lessUnsigned: 0x49,
	atMostUnsigned: 0x4d,
	countTrailingZeros: 0x68,
	add: 0x6a,
	and: 0x71,
	or: 0x72,
	xor: 0x73,
	shl: 0x74,
	shrUnsigned: 0x76,
	rotr: 0x78,
} as const;

export const v128 = {
	load: (offset: number): Code => [simd(0x00), memory(4, offset)],
	store: (offset: number): Code => [simd(0x0b), memory(4, offset)],
	constant: (lanes: readonly number[]): Code => [simd(0x0c), lanes.map(word)],
	shuffle: (bytes: readonly number[]): Code => [simd(0x0d), bytes],
	splat: simd(0x11),
	atMostUnsigned: simd(0x3e),
	xor: simd(0x51),
	bitselect: simd(0x52),
	anyTrue: simd(0x53),
	bitmask: simd(0xa4),
	shl: simd(0xab),
	shrUnsigned: simd(0xad),
	add: simd(0xae),
} as const;
