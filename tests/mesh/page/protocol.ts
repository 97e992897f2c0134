/** What the test asks of its page, and what the page tells of its peers. */
export interface PeersWanted {
	readonly count: number;
	readonly relays: readonly string[];
	readonly network: string;
}

export interface PeerState {
	readonly id: string;
	readonly links: readonly string[];
	/** When it had its first, second, ... link, ms after it was started. */
	readonly reached: readonly number[];
}

declare global {
	var startPeers: (wanted: PeersWanted) => void;
	var peerStates: () => readonly PeerState[];
}
