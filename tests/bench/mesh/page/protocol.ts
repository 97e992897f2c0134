export type Contestant = 'sweet' | 'trystero';

export interface TabState {
	readonly links: number;
	/** From joining to the first link, ms; null before. */
	readonly firstLinkMs: number | null;
}

declare global {
	var joinMesh: (which: Contestant, relay: string) => Promise<void>;
	var meshOfTab: () => TabState;
}
