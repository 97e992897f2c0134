import type { NetworkView } from './protocol.ts';

/** Log lines shown; the ring keeps more. */
const shownLines = 80;

/** What /network and the connection pill show. */
export function networkView(parts: Omit<NetworkView, 'state'>): NetworkView {
	return { ...parts, state: stateOf(parts), log: parts.log.slice(-shownLines) };
}

function stateOf({ role, links, relays }: Omit<NetworkView, 'state'>): NetworkView['state'] {
	// Until it is clear which tab keeps the jobs, none can be shown.
	if (role === 'undecided') return 'starting';
	if (links.length > 0) return 'joined';
	if (relays.some((relay) => relay.state === 'open')) return 'alone';
	if (relays.some((relay) => relay.state === 'connecting')) return 'joining';
	return 'offline';
}
