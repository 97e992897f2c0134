import type { Bytes } from '#lib/core/brand.ts';
import type { ConnClosed, Fingerprints, IceSettings, Route } from '../ports.ts';

/**
 * What the page, which alone may own RTCPeerConnections, and the node's Worker say to each other.
 * `channel` carries the data channel itself; where it cannot be transferred, the page pumps the messages.
 */
export type ToPage =
	| { readonly kind: 'configure'; readonly ice: IceSettings }
	| { readonly kind: 'create'; readonly id: number; readonly initiator: boolean; readonly transfer: boolean }
	| { readonly kind: 'signal'; readonly id: number; readonly description: Bytes }
	/** Pumped channels only. */
	| { readonly kind: 'send'; readonly id: number; readonly message: Bytes }
	/** A transferred channel closed by itself; the page knows whether the peer did that, and answers `closed`. */
	| { readonly kind: 'lost'; readonly id: number }
	| { readonly kind: 'close'; readonly id: number };

export type ToWorker =
	| { readonly kind: 'channel'; readonly id: number; readonly channel: RTCDataChannel }
	| { readonly kind: 'description'; readonly id: number; readonly description: Bytes }
	| { readonly kind: 'fingerprints'; readonly id: number; readonly fingerprints: Fingerprints }
	| { readonly kind: 'route'; readonly id: number; readonly route: Route }
	| { readonly kind: 'closed'; readonly id: number; readonly closed: ConnClosed }
	/** Pumped channels only. */
	| { readonly kind: 'open'; readonly id: number }
	| { readonly kind: 'message'; readonly id: number; readonly message: Bytes }
	/** Bytes handed to the network so far. */
	| { readonly kind: 'flushed'; readonly id: number; readonly bytes: number };
