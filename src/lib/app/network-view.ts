import type { PeerId } from '#lib/core/brand.ts';
import type { LogEntry } from '#lib/core/log.ts';
import type { LedgerView, TrafficView } from '#lib/gossip/view.ts';
import type { Mesh, Rendezvous } from '#lib/webrtc/ports.ts';
import type { NetworkView } from './protocol.ts';

/** Log lines shown; the ring keeps more. */
const shownLines = 80;

interface Sources {
	readonly self: PeerId;
	readonly role: NetworkView['role'];
	readonly mesh: Pick<Mesh, 'links'>;
	readonly rendezvous: readonly Pick<Rendezvous, 'status'>[];
	readonly ledger: readonly LedgerView[];
	readonly traffic: TrafficView;
	readonly hashRate: number;
	readonly log: readonly LogEntry[];
}

/** What /network and the connection pill show. */
export function networkView({ mesh, rendezvous, log, ...rest }: Sources): NetworkView {
	const links = mesh.links();
	const relays = rendezvous.flatMap((path) => path.status());
	return { ...rest, links, relays, state: stateOf(links.length, relays), log: log.slice(-shownLines) };
}

function stateOf(links: number, relays: NetworkView['relays']): NetworkView['state'] {
	if (links > 0) return 'joined';
	if (relays.some((relay) => relay.state === 'open')) return 'alone';
	if (relays.some((relay) => relay.state === 'connecting')) return 'joining';
	return 'offline';
}
