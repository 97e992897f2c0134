/** How often a word changes: never, once for a stretch of nonces, or with every nonce. */
export type Pace = 'constant' | 'uniform' | 'varying';

export type Operator = 'constant' | 'input' | 'add' | 'xor' | 'shr' | 'rotr' | 'select';

/** A 32-bit word of a computation: a node of a graph without cycles, in which equal words are one node. */
export interface Word {
	/** Position in order of creation; operands come before what uses them. */
	readonly id: number;
	readonly pace: Pace;
	readonly operator: Operator;
	/** `select` has mask, ones, zeros: where a bit of the mask is set it takes the bit of `ones`. */
	readonly operands: readonly Word[];
	/** Value of a constant, index of an input, distance of a shift; 0 for the rest. */
	readonly number: number;
}

const isFixed = ({ pace }: Word): boolean => pace !== 'varying';

/**
 * Builds words and folds while it builds: constants are computed, equal words are shared, and whatever does not vary
 * in a sum is gathered into one word that can be computed ahead.
 */
export class WordGraph {
	readonly #known = new Map<string, Word>();

	constant(value: number): Word {
		return this.#node('constant', 'constant', [], value | 0);
	}

	/** A word given from outside. */
	input(index: number, pace: 'uniform' | 'varying'): Word {
		return this.#node('input', pace, [], index);
	}

	shr(word: Word, by: number): Word {
		return this.#operation('shr', [word], by);
	}

	rotr(word: Word, by: number): Word {
		return this.#operation('rotr', [word], by);
	}

	xor(first: Word, ...rest: readonly Word[]): Word {
		const zero = this.constant(0);
		return rest
			.filter((word) => word !== zero)
			.reduce((sum, word) => (sum === zero ? word : this.#operation('xor', [sum, word])), first);
	}

	select(mask: Word, ones: Word, zeros: Word): Word {
		return this.#operation('select', [mask, ones, zeros]);
	}

	/**
	 * Sum modulo 2^32, as what varies plus one fixed word. An operand that is itself such a sum is taken apart only
	 * if something fixed is added anyway: its fixed part then costs nothing. Otherwise its value, most likely needed
	 * elsewhere too, is used as it is.
	 */
	add(...words: readonly Word[]): Word {
		const isOffset = ({ operator, operands: [a, b] }: Word) =>
			operator === 'add' && a?.pace === 'varying' && b !== undefined && isFixed(b);
		const mergeable = words.some(isFixed);
		const terms = words.flatMap((word) => (mergeable && isOffset(word) ? word.operands : [word]));
		const constant = terms
			.filter(({ pace }) => pace === 'constant')
			.reduce((sum, { number }) => (sum + number) | 0, 0);
		const fixed = this.#sum([...terms.filter(({ pace }) => pace === 'uniform'), this.constant(constant)]);
		return this.#sum([...terms.filter((word) => !isFixed(word)), fixed]);
	}

	#sum(terms: readonly Word[]): Word {
		const zero = this.constant(0);
		return terms
			.filter((term) => term !== zero)
			.reduce((sum, term) => (sum === zero ? term : this.#operation('add', [sum, term])), zero);
	}

	#operation(operator: Operator, operands: readonly Word[], number = 0): Word {
		if (operands.every(({ pace }) => pace === 'constant')) {
			const values = operands.map((operand) => operand.number);
			return this.constant(evaluate(operator, values, number));
		}
		return this.#node(operator, operands.every(isFixed) ? 'uniform' : 'varying', operands, number);
	}

	#node(operator: Operator, pace: Pace, operands: readonly Word[], number: number): Word {
		const key = [operator, number, ...operands.map(({ id }) => id)].join();
		const known = this.#known.get(key);
		if (known) return known;
		const made: Word = { id: this.#known.size, pace, operator, operands, number };
		this.#known.set(key, made);
		return made;
	}
}

/** What an operator computes, as a signed 32-bit integer. */
function evaluate(operator: Operator, [a = 0, b = 0, c = 0]: readonly number[], number: number): number {
	switch (operator) {
		case 'constant':
			return number;
		case 'input':
			throw new Error('an input has no value while the kernel is built');
		case 'add':
			return (a + b) | 0;
		case 'xor':
			return a ^ b;
		case 'shr':
			return (a >>> number) | 0;
		case 'rotr':
			return (a >>> number) | (a << (32 - number));
		case 'select':
			return (a & b) | (~a & c);
	}
}
