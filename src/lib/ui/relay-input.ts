import { isRelayUrl } from '#lib/app/config.ts';

/** More relays add traffic, not reach. */
export const relayLimit = 8;

/** Relay addresses as typed, one a line. */
export function relaysFromInput(
	text: string,
): { readonly relays: readonly string[] } | { readonly bad: string } | { readonly tooMany: true } {
	const isRelay: (line: string) => boolean = isRelayUrl;
	const lines = text.split(/\s+/).filter(Boolean);
	const bad = lines.find((line) => !isRelay(line));
	if (bad !== undefined) return { bad };
	const relays = [...new Set(lines)];
	return relays.length > relayLimit ? { tooMany: true } : { relays };
}
