import type { Program } from '../program.ts';
import type { Word } from '../word.ts';
import { operand, spellOut, type Spell } from './spell.ts';

/** What differs between languages with C's operators. */
export interface Dialect {
	/** Shift to the right that fills with zeros. */
	readonly shr: '>>' | '>>>';
	/** Marks a literal as unsigned. */
	readonly suffix: '' | 'u';
	/** Brings a sum back to 32 bits where the language does not. */
	readonly wrapped: (sum: string) => string;
	/** Declares a name for a word. */
	readonly declare: (name: string, value: string, pace: Word['pace']) => string;
}

/** A program in text: what is computed ahead, the loop's statements, and the expression of its result. */
export interface ProgramText {
	readonly ahead: string;
	readonly loop: string;
	readonly result: string;
}

/** Spells a program out; it reads `given[0..20]` and, in the loop, `nonce`. */
export function programText(program: Program, dialect: Dialect): ProgramText {
	const spell = speller(dialect);
	const names = new Map<Word, string>();
	const declare = (words: readonly Word[]): string =>
		words
			.map((word) => {
				const value = spellOut(word, names, spell);
				names.set(word, `w${word.id}`);
				return dialect.declare(`w${word.id}`, value, word.pace);
			})
			.join('\n');
	return {
		ahead: declare(program.ahead),
		loop: declare(program.loop),
		result: spellOut(program.result, names, spell),
	};
}

function speller({ shr, suffix, wrapped }: Dialect): Spell<string> {
	return ({ operator, number, pace }, operands) => {
		const at = (index: number) => operand(operands, index);
		switch (operator) {
			case 'constant':
				return suffix === '' ? `${number}` : `${number >>> 0}${suffix}`;
			case 'input':
				return pace === 'varying' ? 'nonce' : `given[${number}]`;
			case 'add':
				return wrapped(`${at(0)} + ${at(1)}`);
			case 'xor':
				return `(${at(0)} ^ ${at(1)})`;
			case 'shr':
				return `(${at(0)} ${shr} ${number}${suffix})`;
			case 'rotr':
				return `((${at(0)} ${shr} ${number}${suffix}) | (${at(0)} << ${32 - number}${suffix}))`;
			case 'select':
				return `(${at(2)} ^ (${at(0)} & (${at(1)} ^ ${at(2)})))`;
		}
	};
}
