import type { Bytes, PeerId, PublicKey } from '#lib/core/brand.ts';
import type { TillEvent, TillTerms } from './settling/till.ts';
import type { Solution } from '#lib/pow/scheme.ts';

/** Everything that can happen to the engine. The shell passes each with its own clock's time. */
export type GossipEvent =
	/** A neighbour's link passed its handshake. */
	| { readonly kind: 'link-up'; readonly peer: PeerId }
	/** The link's admission proof is paid: it earns the start credit. */
	| { readonly kind: 'link-admitted'; readonly peer: PeerId }
	| { readonly kind: 'link-down'; readonly peer: PeerId; readonly reason: string }
	/** Bytes of one mesh frame, unparsed. */
	| { readonly kind: 'frame'; readonly peer: PeerId; readonly bytes: Bytes }
	| {
			readonly kind: 'work-progress';
			readonly workId: string;
			readonly solutions: readonly Solution[];
			readonly hashes: number;
	  }
	| { readonly kind: 'work-done'; readonly workId: string; readonly proof: Bytes; readonly hashes: number }
	| { readonly kind: 'work-failed'; readonly workId: string; readonly detail: string }
	| {
			readonly kind: 'call-open';
			readonly callId: string;
			/** Which of my keys was called or called. */
			readonly self: PublicKey;
			readonly peer: PublicKey;
			readonly incoming: boolean;
			readonly secret: string;
			readonly fingerprints: { readonly local: Bytes; readonly remote: Bytes };
	  }
	| { readonly kind: 'call-frame'; readonly callId: string; readonly bytes: Bytes }
	| { readonly kind: 'call-closed'; readonly callId: string; readonly reason: string }
	| {
			readonly kind: 'call-failed';
			readonly self: PublicKey;
			readonly peer: PublicKey;
			readonly reason: string;
	  }
	/** A sealed reply that came by rendezvous because it found no way back through the mesh. */
	| { readonly kind: 'note'; readonly to: PublicKey; readonly from: PublicKey; readonly body: Bytes }
	/** A `nextWake()` has come. */
	| { readonly kind: 'wake' }
	/** Battery saver and measured rate of the solver, hashes a second. */
	| { readonly kind: 'device'; readonly hashRate: number; readonly saving: boolean }
	/** The owner's wallet answers. */
	| { readonly kind: 'till'; readonly event: TillEvent }
	/** What the wallet can do or the owner wants has changed. */
	| { readonly kind: 'till-terms'; readonly terms: TillTerms }
	| { readonly kind: 'topics'; readonly topics: readonly string[] };
