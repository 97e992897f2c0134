import type { Bytes, PeerId } from '#lib/core/brand.ts';
import type { ByeCode, OverlayFrame } from '../frames.ts';

/** Names a way through the mesh (8 bytes), drawn by the joiner whose walk laid it. */
export type RouteId = string;

/** What happens to the overlay. */
export type OverlayEvent =
	| { readonly kind: 'link-up'; readonly peer: PeerId; readonly degree: number }
	/** `unwelcome`: the peer wants no link with this node. */
	| { readonly kind: 'link-down'; readonly peer: PeerId; readonly unwelcome: boolean }
	/** A call to or from this peer came to nothing. */
	| {
			readonly kind: 'attempt-failed';
			readonly peer: PeerId;
			readonly reason: 'refused' | 'unreachable' | 'no-answer' | 'busy' | 'budget' | 'no-relay';
	  }
	| {
			readonly kind: 'contact';
			readonly id: PeerId;
			/** It wants neighbours; else it says that it has room. */
			readonly asks: boolean;
			readonly degree: number;
			readonly attempt: number;
			readonly via: string;
	  }
	| { readonly kind: 'frame'; readonly peer: PeerId; readonly frame: OverlayFrame }
	/** The person called this peer by hand: nobody introduced it. */
	| { readonly kind: 'invited'; readonly peer: PeerId }
	/** The engine or the person wants no link with this peer. */
	| { readonly kind: 'avoid'; readonly peer: PeerId }
	| { readonly kind: 'hidden'; readonly hidden: boolean }
	| { readonly kind: 'sleep' }
	| { readonly kind: 'wake-up' }
	| { readonly kind: 'wake' };

/** What the overlay wants done. */
export type OverlayEffect =
	/** Call this peer, through the rendezvous or along a route; `attempt-failed` or `link-up` follows. */
	| { readonly kind: 'dial'; readonly peer: PeerId; readonly route?: RouteId }
	| { readonly kind: 'send'; readonly peer: PeerId; readonly frame: OverlayFrame }
	/** A sealed signal for this node arrived along a route. */
	| { readonly kind: 'signal'; readonly from: PeerId; readonly route: RouteId; readonly body: Bytes }
	| { readonly kind: 'close'; readonly peer: PeerId; readonly code: ByeCode; readonly detail: string }
	| { readonly kind: 'join'; readonly degree: number; readonly attempt: number }
	| { readonly kind: 'welcome'; readonly to: PeerId; readonly degree: number }
	/** Whether this node wants to hear who joins. */
	| { readonly kind: 'attend'; readonly on: boolean };
