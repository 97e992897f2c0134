import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Bytes } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type {
	ConnClosed,
	ConnError,
	ConnFactory,
	IceSettings,
	PeerConn,
	PeerConnEvents,
	Route,
} from '../ports.ts';
import { packDescription, unpackDescription, type Description } from '../sdp/description.ts';
import { buildSdp, parseSdp } from '../sdp/sdp.ts';
import type { ConnBudget } from './budget.ts';
import { channelOptions } from './channel.ts';
import { routeOf, rtcConfiguration } from './ice.ts';
import { namesCandidate, watchGathering, type Gathering } from './gathering.ts';
import { connLimits } from './limits.ts';

/**
 * Connections of this page by simple-peer, for direct links: its stream paces pictures. Descriptions are packed and
 * rebuilt as everywhere; certificates are those of the descriptions applied.
 */
export function createSimplePeerConns({
	clock,
	budget,
	...given
}: { readonly clock: Clock; readonly budget: ConnBudget } & IceSettings): ConnFactory {
	let ice: IceSettings = given;
	return {
		configure(next) {
			ice = next;
		},
		create(initiator, events) {
			const permission = budget.request();
			if (!permission.ok) return permission;
			const made = construct(initiator, ice);
			if (!made.ok) {
				permission.value();
				budget.refused();
				return made;
			}
			budget.constructed();
			return ok(new SimplePeerConn(made.value, initiator, events, clock, permission.value));
		},
	};
}

interface Native {
	readonly peer: SimplePeer.Instance;
	readonly pc: RTCPeerConnection;
	readonly channel: RTCDataChannel;
}

/** Lends simple-peer the browser's RTCPeerConnection, and keeps hold of the one it makes and of its channel. */
function construct(initiator: boolean, ice: IceSettings): Result<Native, ConnError> {
	const refuse = (code: ConnError['code'], detail: string) => err({ type: 'conn', code, detail } as const);
	if (typeof RTCPeerConnection === 'undefined') return refuse('unsupported', 'this browser has no WebRTC');
	const made: { pc?: RTCPeerConnection; channel?: RTCDataChannel; refusal?: Error } = {};
	class Lent extends RTCPeerConnection {
		constructor(config?: RTCConfiguration) {
			super(config);
			made.pc = this;
		}
		override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
			made.channel = super.createDataChannel(label, options);
			return made.channel;
		}
	}
	const peer = new SimplePeer({
		initiator,
		trickle: false,
		objectMode: true,
		channelName: 'sweet',
		channelConfig: channelOptions,
		config: rtcConfiguration(ice),
		wrtc: { RTCPeerConnection: Lent, RTCSessionDescription, RTCIceCandidate },
	});
	// Replaced once it is a connection; until then an error must not be thrown at nobody.
	peer.on('error', (error) => (made.refusal = error));
	return made.pc && made.channel
		? ok({ peer, pc: made.pc, channel: made.channel })
		: refuse('failed', made.refusal?.message ?? 'the browser made no connection');
}

class SimplePeerConn implements PeerConn {
	readonly #native: Native;
	readonly #initiator: boolean;
	readonly #events: PeerConnEvents;
	readonly #clock: Clock;
	readonly #settled: () => void;
	#gathering: Gathering | undefined;
	#local: Description | undefined;
	#remote: Description | undefined;
	#connected = false;
	#opened = false;
	#closed = false;
	/** Bytes in simple-peer's own stream, not yet in the channel. */
	#waiting = 0;
	/** Over the low-water mark since the last `ondrain`. */
	#full = false;
	route: Route | undefined;

	constructor(native: Native, initiator: boolean, events: PeerConnEvents, clock: Clock, settled: () => void) {
		this.#native = native;
		this.#initiator = initiator;
		this.#events = events;
		this.#clock = clock;
		this.#settled = settled;
		const { peer, pc } = native;
		peer.removeAllListeners('error');
		peer.on('error', (error) => this.#end('failed', error.message));
		peer.on('close', () => this.#end('closed-by-peer', ''));
		peer.on('connect', () => this.#onConnect());
		peer.on('data', (message: unknown) => this.#receive(message));
		// In place of simple-peer's own signals, which leave without an address where none was found in time.
		for (const event of ['icecandidate', 'icegatheringstatechange'])
			pc.addEventListener(event, () => this.#gathering?.news(pc.iceGatheringState === 'complete'));
		if (initiator) this.#gather();
		pc.ondatachannel = () => this.#end('extra-channel', 'the peer opened a channel of its own');
	}

	signal(packed: Bytes): void {
		if (this.#closed) return;
		const parsed = unpackDescription(packed);
		if (!parsed.ok) {
			this.#end('bad-description', `${parsed.error.code}: ${parsed.error.detail}`);
			return;
		}
		if (this.#remote || (parsed.value.setup === 'actpass') === this.#initiator) {
			this.#end('bad-description', this.#remote ? 'a second description' : `setup ${parsed.value.setup}`);
			return;
		}
		this.#remote = parsed.value;
		this.#native.peer.signal(buildSdp(parsed.value));
		if (!this.#initiator) this.#gather();
		this.#openWhenReady();
	}

	send(message: Bytes): boolean {
		// Not `buffered`: a message on its way into the channel is in both parts of it for a moment, and who counts at the
		// other end of a port would be told that there is room where there is none. The channel itself holds little.
		if (!this.#opened || this.#closed || this.#waiting + message.length > connLimits.queueBytes) return false;
		this.#waiting += message.length;
		this.#native.peer.write(message, () => this.#written(message.length));
		this.#full ||= this.buffered > connLimits.lowWater;
		return true;
	}

	/** simple-peer holds this back while the channel is over its low-water mark. */
	#written(length: number): void {
		this.#waiting -= length;
		if (this.#closed || !this.#full || this.buffered > connLimits.lowWater) return;
		this.#full = false;
		this.#events.ondrain();
	}

	get buffered(): number {
		return this.#closed ? 0 : this.#waiting + this.#native.channel.bufferedAmount;
	}

	close(reason: string): void {
		this.#end('closed', reason);
	}

	#gather(): void {
		const sdp = () => this.#native.pc.localDescription?.sdp;
		this.#gathering = watchGathering(
			this.#clock,
			() => namesCandidate(sdp()),
			() => this.#describe(sdp() ?? ''),
		);
	}

	#describe(sdp: string): void {
		if (this.#local || this.#closed) return;
		const own = parseSdp(sdp);
		if (!own.ok) {
			this.#end(own.error.code === 'no-candidates' ? 'no-candidates' : 'failed', own.error.detail);
			return;
		}
		this.#local = own.value;
		this.#events.onsignal(packDescription(own.value));
		this.#openWhenReady();
	}

	#onConnect(): void {
		this.#connected = true;
		this.#settled();
		void routeOf(this.#native.pc).then((route) => (this.route = route));
		this.#openWhenReady();
	}

	#openWhenReady(): void {
		if (!this.#connected || this.#opened || this.#closed || !this.#local || !this.#remote) return;
		this.#opened = true;
		this.#events.onopen({ local: this.#local.fingerprint, remote: this.#remote.fingerprint });
	}

	#receive(message: unknown): void {
		if (this.#closed) return;
		if (message instanceof Uint8Array) this.#events.onmessage(new Uint8Array(message));
		else if (message instanceof ArrayBuffer) this.#events.onmessage(new Uint8Array(message));
		else this.#end('bad-message', 'not binary');
	}

	#end(code: ConnClosed['code'], detail: string): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#gathering?.cancel();
		this.#settled();
		const { peer, channel } = this.#native;
		// What was sent leaves before the channel closes; simple-peer's own end would cut it off.
		if (code === 'closed') channel.close();
		this.#clock.after(code === 'closed' ? connLimits.lingerMs : 0, () => void peer.destroy());
		this.#events.onclose({ type: 'conn-closed', code, detail });
	}
}
