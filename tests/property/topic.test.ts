import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#lib/core/bytes.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { parseTopic, rootTopic, topicFromInput, topicsMatch } from '#lib/gossip/topic.ts';
import { topics } from '../kit/arbitrary-frames.ts';

const runs = { seed: 20_261_120, numRuns: 3_000 };

/** Text near the grammar: slashes, letters of many scripts, cases, marks and a few intruders. */
const nearTopics = fc.string({
	unit: fc.constantFrom(
		...Array.from(
			'//aAzZ09-_. äÄßİſΣς\u0301\u0308\u0338\u1e9e\u212aǅ京한\u1112\u1161\u11ab\u200d\u202e\u0000',
		),
	),
	maxLength: 40,
});

describe('topics', () => {
	it('parse to themselves', () => {
		fc.assert(
			fc.property(topics, (topic) => {
				expect(parseTopic(topic)).toEqual({ ok: true, value: topic });
				expect(topicFromInput(topic)).toEqual({ ok: true, value: topic });
			}),
			runs,
		);
	});

	it('are never repaired on the wire: what is accepted is what was given, and canonical', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					nearTopics,
					fc.string({ unit: 'binary' }),
					nearTopics.map((text) => `/${text}`),
				),
				(text) => {
					const parsed = parseTopic(text);
					if (!parsed.ok) {
						expect(parsed.error.type).toBe('topic');
						return;
					}
					expect(parsed.value).toBe(text);
					expect(text).toBe(text.normalize('NFC').toLowerCase());
					expect(utf8(text).length).toBeLessThanOrEqual(wireLimits.topicBytes);
					expect(text.slice(1).split('/').length).toBeLessThanOrEqual(wireLimits.topicDepth);
				},
			),
			runs,
		);
	});

	it('made from typed text are fit for the wire', () => {
		fc.assert(
			fc.property(fc.oneof(nearTopics, fc.string({ unit: 'binary' })), (text) => {
				const typed = topicFromInput(text);
				if (typed.ok) expect(parseTopic(typed.value)).toEqual(typed);
				else expect(typed.error.type).toBe('topic');
			}),
			runs,
		);
	});

	it('match their ancestors, their descendants and `/`, both ways', () => {
		fc.assert(
			fc.property(topics, topics, (a, b) => {
				expect(topicsMatch(a, rootTopic)).toBe(true);
				expect(topicsMatch(a, a)).toBe(true);
				expect(topicsMatch(a, b)).toBe(topicsMatch(b, a));
				const [short, long] = [a, b]
					.map((topic) => topic.split('/').filter(Boolean))
					.sort((x, y) => x.length - y.length);
				expect(topicsMatch(a, b)).toBe(short!.every((segment, level) => segment === long![level]));
			}),
			runs,
		);
	});
});
