export type Contestant = 'sweet' | 'nitro' | 'nitroTurns' | 'onChain';
export type Role = 'user' | 'suggester';

/** One heat, the same for both tabs. */
export interface Heat {
	readonly contestant: Contestant;
	readonly rounds: number;
	/** A number that no other heat has: names its channel. */
	readonly number: number;
	/** JSON-RPC of the chain, for `onChain`. */
	readonly rpc: string;
}

export interface HeatFigures {
	/** From the user's first message to the last answer on the suggester's disk, ms; measured by the suggester. */
	readonly ms: number;
	readonly bytesSent: number;
}

declare global {
	var dial: () => Promise<string>;
	var answer: (offer: string) => Promise<string>;
	var accept: (answer: string) => Promise<void>;
	/** Resolves when the tab is ready for the heat; `raceResult` when its part of it is over. */
	var prepare: (role: Role, heat: Heat) => Promise<void>;
	var go: () => void;
	var raceResult: () => Promise<HeatFigures>;
}
