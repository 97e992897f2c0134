import type { Topic } from '#lib/core/brand.ts';
import { topicFromInput } from '#lib/gossip/topic.ts';

/** Offered to a person who follows nothing yet: plain English words anyone would look for. */
const starters = ['/drive', '/deliver', '/clean', '/repair', '/teach', '/translate', '/design', '/code']
	.map((path) => topicFromInput(path))
	.flatMap((topic) => (topic.ok ? [topic.value] : []));

/**
 * Topics to suggest, most often met first, the starters last; none that is in `except`.
 * `typed` narrows them to those containing it.
 */
export function suggestTopics(
	met: readonly Topic[],
	except: readonly Topic[],
	typed = '',
	limit = 8,
): readonly Topic[] {
	const times = new Map<Topic, number>();
	for (const topic of met) times.set(topic, (times.get(topic) ?? 0) + 1);
	const ranked = [...times.keys()].sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0));
	const needle = typed.trim().toLowerCase();
	return [...new Set([...ranked, ...starters])]
		.filter((topic) => topic !== '/' && !except.includes(topic) && topic.includes(needle))
		.slice(0, limit);
}
