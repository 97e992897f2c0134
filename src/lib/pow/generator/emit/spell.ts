import type { Word } from '../word.ts';

/** How a target writes one operation on operands already written. */
export type Spell<T> = (word: Word, operands: readonly T[]) => T;

/** Writes a word as an expression of named words. */
export function spellOut<T>(word: Word, names: ReadonlyMap<Word, T>, spell: Spell<T>): T {
	return (
		names.get(word) ??
		spell(
			word,
			word.operands.map((operand) => spellOut(operand, names, spell)),
		)
	);
}

/** Operands of an operator with a fixed number of them. */
export function operand<T>(operands: readonly T[], index: number): T {
	const found = operands[index];
	if (found === undefined) throw new RangeError(`no operand ${index}`);
	return found;
}
