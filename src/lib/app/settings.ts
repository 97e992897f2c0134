import type { Topic } from '#lib/core/brand.ts';
import { isTopic } from '#lib/gossip/topic.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { isIceServer, isRelayUrl, maxIceServers } from './config.ts';
import type { Settings } from './protocol.ts';

/** Reads what was stored or sent, field by field: a damaged field falls back, the rest is kept. */
export function parseSettings(value: unknown): Settings {
	const given = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
		Record<string, unknown>
	>;
	const list = <T>(items: unknown, accept: (item: unknown) => item is T, max: number): readonly T[] =>
		Array.isArray(items) ? [...new Set(items.filter(accept))].slice(0, max) : [];
	return {
		topics: list(
			given['topics'],
			(item): item is Topic => typeof item === 'string' && isTopic(item),
			wireLimits.interests,
		),
		relays: list(given['relays'], isRelayUrl, 8),
		iceServers: list(given['iceServers'], isIceServer, maxIceServers),
		relayOnly: given['relayOnly'] === true,
		notifications: given['notifications'] === true,
		sparing: given['sparing'] === true,
		graphics: given['graphics'] === true,
		name: typeof given['name'] === 'string' ? given['name'].slice(0, 40) : '',
	};
}
