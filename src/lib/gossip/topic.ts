import type { Topic } from '#lib/core/brand.ts';
import { utf8 } from '#lib/core/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { wireLimits } from './limits.ts';

export interface TopicError {
	readonly type: 'topic';
	readonly code: 'empty' | 'not-absolute' | 'too-long' | 'too-deep' | 'bad-segment' | 'not-canonical';
	readonly detail: string;
}

const segment = /^[\p{L}\p{M}\p{Nd}-]{1,32}$/u;
const refuse = (code: TopicError['code'], detail: string) => err({ type: 'topic', code, detail } as const);

/** The root topic: about everything, for everyone. */
export const rootTopic = '/' as Topic;

/**
 * Parses a topic from the wire: it must already be canonical, that is NFC, lower case, `/` or
 * `/segment/segment` with segments of 1..32 letters, marks, digits or `-`, depth <= 8, <= 256 bytes.
 */
export function parseTopic(text: string): Result<Topic, TopicError> {
	if (text.length > wireLimits.topicBytes || utf8(text).length > wireLimits.topicBytes)
		return refuse('too-long', `over ${wireLimits.topicBytes} bytes`);
	if (text === '/') return ok(rootTopic);
	if (!text.startsWith('/')) return refuse('not-absolute', 'a topic starts with /');
	const segments = text.slice(1).split('/');
	if (segments.length > wireLimits.topicDepth)
		return refuse('too-deep', `over ${wireLimits.topicDepth} levels`);
	const bad = segments.find((part) => !segment.test(part));
	if (bad !== undefined)
		return refuse(
			'bad-segment',
			bad === '' ? 'an empty level' : `"${bad}" has something other than letters, digits and -`,
		);
	if (text !== canonical(text)) return refuse('not-canonical', 'not lower case NFC');
	return ok(text as Topic);
}

/** Typed text may lose spaces, but never this much. */
const longestInput = 4 * wireLimits.topicBytes;

/** Parses what a person typed: trims, joins words with `-`, lower-cases, then holds it to the same rules. */
export function topicFromInput(input: string): Result<Topic, TopicError> {
	if (input.length > longestInput) return refuse('too-long', `over ${longestInput} characters`);
	const path = input
		.trim()
		.replace(/\s*\/\s*/g, '/')
		.replace(/\s+/g, '-')
		.replace(/\/+$/, '');
	if (path === '' && input.trim() === '') return refuse('empty', 'type a topic such as /drive/australia');
	return parseTopic(canonical(path === '' ? '/' : path.startsWith('/') ? path : `/${path}`));
}

export const isTopic = (text: string): boolean => parseTopic(text).ok;

/** Number of levels: 0 for `/`. */
export const topicDepth = (topic: Topic): number => (topic === '/' ? 0 : topic.split('/').length - 1);

/** A job matches an interest when one path is an ancestor of, or equal to, the other. */
export const topicsMatch = (a: Topic, b: Topic): boolean => isWithin(a, b) || isWithin(b, a);

const isWithin = (inner: Topic, outer: Topic): boolean =>
	outer === '/' || inner === outer || inner.startsWith(`${outer}/`);

// Lower-casing can leave NFC and NFC can change case mappings, so both are applied until nothing moves.
function canonical(text: string): string {
	let current = text;
	for (let round = 0; round < 4; round++) {
		const next = current.normalize('NFC').toLowerCase().normalize('NFC');
		if (next === current) return current;
		current = next;
	}
	return current;
}
