import { fixedWords, stateWords } from '../block-search.ts';
import { digestWords } from './sha256.ts';
import { WordGraph, type Word } from './word.ts';

/**
 * A search over word 13 of a one-block message, as two straight pieces of code: one that runs once, and one that runs
 * for every nonce. It is the same for every target; emitters only spell it out.
 */
export interface Program {
	/** Words computed once, in order, each worth a name. */
	readonly ahead: readonly Word[];
	/** Fixed words that the loop reads, constants among them. */
	readonly slots: readonly Word[];
	/** Words computed for every nonce, in order, each worth a name. */
	readonly loop: readonly Word[];
	/** The most significant word of the digest as the proof reads it, before its bytes are swapped. */
	readonly result: Word;
}

/** Last byte of the nonce's word: the padding's first bit. */
export const paddingBit = 0x80;
/** Length in bits of the 55-byte message, the last word of its block. */
const messageBits = 440;

/** Inputs of a program: 0..20 are what a caller gives (`BlockSearch`), and this is the nonce's word. */
const nonceInput = stateWords + fixedWords;

/** The program of scheme `sha256` (pow/scheme.ts): blocks of 55 bytes, whose nonce ends in word 13. */
export function searchProgram(): Program {
	const graph = new WordGraph();
	const given = Array.from({ length: nonceInput }, (_, index) => graph.input(index, 'uniform'));
	const block = [
		...given.slice(stateWords),
		graph.input(nonceInput, 'varying'),
		graph.constant(0),
		graph.constant(messageBits),
	];
	// A digest read as a little-endian integer begins with its last word.
	const result = digestWords(graph, block, fixedWords, given.slice(0, stateWords)).at(-1);
	if (!result) throw new Error('a digest without words');
	return split(result);
}

/** Keeps what the result needs, and separates what can be computed ahead. */
function split(result: Word): Program {
	const uses = new Map<Word, number>();
	const slots = new Set<Word>();
	const visit = (word: Word): void => {
		for (const operand of word.operands) {
			if (word.pace === 'varying' && operand.pace !== 'varying') slots.add(operand);
			const seen = uses.get(operand) ?? 0;
			uses.set(operand, seen + reads(word, operand));
			if (seen === 0) visit(operand);
		}
	};
	visit(result);

	const worthName = [...uses.keys()]
		.filter((word) => word.operator !== 'constant' && word.operator !== 'input')
		.filter((word) => slots.has(word) || (uses.get(word) ?? 0) > 1)
		.sort((one, other) => one.id - other.id);
	return {
		ahead: worthName.filter(({ pace }) => pace === 'uniform'),
		slots: [...slots].sort((one, other) => one.id - other.id),
		loop: worthName.filter(({ pace }) => pace === 'varying'),
		result,
	};
}

/** How often an operand is read where rotations are spelled as two shifts and selections as z ^ (m & (o ^ z)). */
function reads({ operator, operands }: Word, operand: Word): number {
	return operator === 'rotr' || (operator === 'select' && operand === operands[2]) ? 2 : 1;
}
