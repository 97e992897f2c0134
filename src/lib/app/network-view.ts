import type { NetworkView } from './protocol.ts';

/** Log lines shown; the ring keeps more. */
const shownLines = 80;

/** What /network and the connection pill show. */
export function networkView(parts: Omit<NetworkView, 'state'>): NetworkView {
	return { ...parts, state: stateOf(parts), log: parts.log.slice(-shownLines) };
}

function stateOf({ links, relays }: Pick<NetworkView, 'links' | 'relays'>): NetworkView['state'] {
	if (links.length > 0) return 'joined';
	if (relays.some((relay) => relay.state === 'open')) return 'alone';
	if (relays.some((relay) => relay.state === 'connecting')) return 'joining';
	return 'offline';
}
