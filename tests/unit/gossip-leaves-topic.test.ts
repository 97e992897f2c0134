import { describe, expect, it } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { isTopic, parseTopic, topicDepth, topicFromInput, topicsMatch } from '#lib/gossip/topic.ts';
import hostile from '../vectors/hostile-topics.json' with { type: 'json' };

describe('a topic on the wire', () => {
	it.each([
		'/',
		'/drive',
		'/drive/australia/sydney',
		'/a/b/c/d/e/f/g/h',
		'/food-delivery/2024',
		'/ärzte/köln',
		'/такси/москва',
		'/配達/東京',
		'/سيارة/القاهرة',
		'/रिक्शा/दिल्ली',
		'/택시/서울',
		'/-',
		`/${'a'.repeat(32)}`,
		`/${'𠀀'.repeat(32)}`,
	])('may be %s', (text) => {
		expect(parseTopic(text)).toEqual({ ok: true, value: text });
	});

	it.each(hostile.topics)('is refused as %s: %j', (code, text) => {
		expect(parseTopic(text)).toMatchObject({ ok: false, error: { type: 'topic', code } });
	});

	it.each(['/\ud800', '/drive\udc00'])('is refused with half a surrogate pair: %j', (text) => {
		expect(parseTopic(text)).toMatchObject({ ok: false, error: { code: 'bad-segment' } });
	});

	it('is refused, never repaired', () => {
		expect(isTopic('/Drive')).toBe(false);
		expect(isTopic('/drive/')).toBe(false);
	});
});

describe('a topic as typed', () => {
	it.each([
		['/Drive/Australia/Sydney', '/drive/australia/sydney'],
		['drive', '/drive'],
		['  drive / new zealand ', '/drive/new-zealand'],
		['/', '/'],
		['/drive/', '/drive'],
		['///', '/'],
		['CAFÉ', '/café'],
		['cafe\u0301', '/café'],
		['İstanbul', '/i\u0307stanbul'],
		['drive\taustralia', '/drive-australia'],
	])('%j becomes %s', (typed, topic) => {
		expect(topicFromInput(typed)).toEqual({ ok: true, value: topic });
	});

	it.each([
		['', 'empty'],
		['   ', 'empty'],
		['drive//sydney', 'bad-segment'],
		['drive/../x', 'bad-segment'],
		['drive & cook', 'bad-segment'],
		['<script>', 'bad-segment'],
		['a/b/c/d/e/f/g/h/i', 'too-deep'],
		['x'.repeat(300), 'too-long'],
		[`${' '.repeat(100_000)}x`, 'too-long'],
	])('%j is refused as %s', (typed, code) => {
		expect(topicFromInput(typed)).toMatchObject({ ok: false, error: { type: 'topic', code } });
	});
});

describe('a job on one topic', () => {
	it.each<[string, string, boolean]>([
		['/drive/australia', '/drive/australia', true],
		['/drive/australia', '/drive', true],
		['/drive', '/drive/australia/sydney', true],
		['/', '/cook', true],
		['/cook', '/', true],
		['/drive/australia', '/drive/austria', false],
		['/drive', '/driver', false],
		['/drive/us', '/cook/us', false],
	])('%s against an interest in %s: %s', (job, interest, match) => {
		expect(topicsMatch(job as Topic, interest as Topic)).toBe(match);
		expect(topicsMatch(interest as Topic, job as Topic)).toBe(match);
	});

	it('has a depth, by which its breadth is priced', () => {
		expect(['/', '/a', '/a/b', '/a/b/c'].map((topic) => topicDepth(topic as Topic))).toEqual([0, 1, 2, 3]);
	});
});
