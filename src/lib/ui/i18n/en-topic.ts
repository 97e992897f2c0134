import type { TopicError } from '#lib/gossip/topic.ts';

/** What is wrong with a topic as typed; loaded with the fields for one. */
export const topicWords = {
	'topicError.empty': 'Write a topic such as /drive/australia.',
	'topicError.not-absolute': 'A topic starts with /.',
	'topicError.too-long': 'A topic may have 256 bytes at most.',
	'topicError.too-deep': 'A topic may have 8 levels at most.',
	'topicError.bad-segment': 'Use letters, digits and - only, at most 32 in a level, and no empty level.',
	'topicError.not-canonical': 'Some letters of this topic cannot be used.',
} as const satisfies Record<`topicError.${TopicError['code']}`, string>;
