import type { Bytes, Millis, PeerId, PublicKey } from '#lib/core/brand.ts';
import type { Solution } from '#lib/pow/scheme.ts';
import type { SecretKey } from '#lib/core/crypto/schnorr.ts';
import type { RecordWrite } from './records.ts';
import type { TillRequest } from './settling/till.ts';
import type { ActivityView } from './view.ts';

/** What the engine wants done. Values only: the shell (tab, headless peer, simulator) executes them in order. */
export type Effect =
	| { readonly kind: 'send'; readonly peer: PeerId; readonly bytes: Bytes; readonly priority: 0 | 1 | 2 }
	| { readonly kind: 'disconnect'; readonly peer: PeerId; readonly reason: string }
	| {
			readonly kind: 'solve';
			readonly workId: string;
			/** Name of the way to prove work, one of the engine's `schemes`. */
			readonly scheme: string;
			readonly seed: Bytes;
			readonly complexity: number;
			readonly deadline: Millis;
			/** What was solved before a reload, and how often it was begun anew. */
			readonly solved: readonly Solution[];
			readonly restarts: number;
	  }
	| { readonly kind: 'stop-solving'; readonly workId: string }
	/** Writes durably in one transaction; only after it is on disk does the shell run `then`. */
	| { readonly kind: 'commit'; readonly writes: readonly RecordWrite[]; readonly then: readonly Effect[] }
	| {
			readonly kind: 'listen';
			readonly key: PublicKey;
			readonly secretKey: SecretKey;
			readonly secrets: readonly string[];
	  }
	| { readonly kind: 'unlisten'; readonly key: PublicKey }
	| {
			readonly kind: 'call';
			readonly self: PublicKey;
			readonly secretKey: SecretKey;
			readonly peer: PublicKey;
			readonly relays: readonly string[];
			readonly secret: string;
	  }
	| { readonly kind: 'call-send'; readonly callId: string; readonly bytes: Bytes }
	| { readonly kind: 'hang-up'; readonly callId: string; readonly reason: string }
	| {
			readonly kind: 'note';
			readonly self: PublicKey;
			readonly secretKey: SecretKey;
			readonly peer: PublicKey;
			readonly relays: readonly string[];
			readonly body: Bytes;
	  }
	/** Asks something of the owner's wallet. */
	| { readonly kind: 'till'; readonly request: TillRequest }
	/** These parts of the view are stale. */
	| {
			readonly kind: 'changed';
			readonly slices: readonly ('jobs' | 'leads' | 'offers' | 'activity' | 'network')[];
	  }
	/** Worth telling a person who is not looking. */
	| { readonly kind: 'notify'; readonly activity: ActivityView };
