import type { Clock } from '#lib/core/clock.ts';
import type { Log } from '#lib/core/log.ts';
import type { Random } from '#lib/core/random.ts';
import type { LinkParameters } from './parameters.ts';
import type { AdmissionSolver, ConnFactory, Identity } from './ports.ts';
import type { Signalling } from './signalling.ts';

/** What the mesh and the direct links are made from; both share all of it within one node. */
export interface LinkDeps {
	/** The tab's own key: its PeerId on the mesh. */
	readonly identity: Identity;
	/** Name of the mesh; nodes of different networks never link. */
	readonly network: string;
	readonly clock: Clock;
	readonly random: Random;
	/** Wrapped in `budgeted` where a browser makes the connections. */
	readonly conns: ConnFactory;
	/** Connections that other peers carry, for direct links that are possible in no other way. */
	readonly circuits?: ConnFactory;
	/** All rendezvous as one (`createSignalling`), started by the app before the mesh. */
	readonly signalling: Signalling;
	readonly solver: AdmissionSolver;
	readonly log: Log;
	readonly parameters?: Partial<LinkParameters>;
}
