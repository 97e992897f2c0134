import { initialState, roundConstants } from '../sha256.ts';
import type { Word, WordGraph } from './word.ts';

type State = readonly [Word, Word, Word, Word, Word, Word, Word, Word];

/**
 * SHA-256's compression (FIPS 180-4, 6.2.2) on words that need not be known yet. Schedule and rounds are interleaved,
 * so that in order of creation each word stands near its use.
 *
 * @param block 16 words.
 * @param rounds that are done already, and the eight words of state after them.
 * @returns the eight words of the digest.
 */
export function digestWords(
	graph: WordGraph,
	block: readonly Word[],
	rounds = 0,
	state: readonly Word[] = Array.from(initialState, (value) => graph.constant(value)),
): readonly Word[] {
	const schedule = [...block];
	let working = state as State;
	for (const [round, constant] of roundConstants.entries()) {
		if (round >= 16) schedule.push(scheduled(graph, schedule));
		if (round >= rounds) working = nextState(graph, working, graph.constant(constant), at(schedule, round));
	}
	return working.map((word, i) => graph.add(word, graph.constant(initialState[i] ?? 0)));
}

function at(words: readonly Word[], index: number): Word {
	const word = words.at(index);
	if (!word) throw new RangeError(`no word ${index}`);
	return word;
}

/** The next word of the message schedule. */
function scheduled(graph: WordGraph, schedule: readonly Word[]): Word {
	const w15 = at(schedule, -15);
	const w2 = at(schedule, -2);
	const sigma0 = graph.xor(graph.rotr(w15, 7), graph.rotr(w15, 18), graph.shr(w15, 3));
	const sigma1 = graph.xor(graph.rotr(w2, 17), graph.rotr(w2, 19), graph.shr(w2, 10));
	return graph.add(at(schedule, -16), sigma0, at(schedule, -7), sigma1);
}

function nextState(graph: WordGraph, [a, b, c, d, e, f, g, h]: State, constant: Word, word: Word): State {
	const sum1 = graph.xor(graph.rotr(e, 6), graph.rotr(e, 11), graph.rotr(e, 25));
	const t1 = graph.add(h, word, constant, graph.select(e, f, g), sum1);
	// Created before the new a: the next round waits for it.
	const newE = graph.add(t1, d);
	const sum0 = graph.xor(graph.rotr(a, 2), graph.rotr(a, 13), graph.rotr(a, 22));
	// Where b and c agree they are the majority, and where they differ a decides: the newest word enters last.
	const majority = graph.select(graph.xor(b, c), a, b);
	return [graph.add(sum0, majority, t1), a, b, c, newE, e, f, g];
}
