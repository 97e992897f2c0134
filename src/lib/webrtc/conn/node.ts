import { PeerConnection, type DataChannel, type IceServer as NativeServer } from 'node-datachannel';
import type { Bytes } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type {
	ConnClosed,
	ConnError,
	ConnFactory,
	IceServer,
	IceSettings,
	PeerConn,
	PeerConnEvents,
	Route,
} from '../ports.ts';
import { formatCandidate } from '../sdp/candidate.ts';
import { messageSize, packDescription, unpackDescription, type Description } from '../sdp/description.ts';
import { buildSdp, parseSdp } from '../sdp/sdp.ts';
import { namesCandidate, watchGathering, type Gathering } from './gathering.ts';
import { connLimits } from './limits.ts';

/** Connections of a headless peer in Node, by libdatachannel. Never imported by what a browser loads. */

export function createNodeConns({ clock, ...given }: { readonly clock: Clock } & IceSettings): ConnFactory {
	let ice: IceSettings = given;
	return {
		configure(next) {
			ice = next;
		},
		create(initiator, events) {
			const made = construct(ice);
			return made.ok ? ok(new NodeConn(made.value, initiator, events, clock)) : made;
		},
	};
}

interface Native {
	readonly pc: PeerConnection;
	readonly channel: DataChannel;
}

function construct({ iceServers, relayOnly }: IceSettings): Result<Native, ConnError> {
	try {
		const pc = new PeerConnection('sweet', {
			iceServers: iceServers.flatMap(nodeServer),
			iceTransportPolicy: relayOnly ? 'relay' : 'all',
			maxMessageSize: messageSize.most,
			disableAutoNegotiation: true,
		});
		return ok({ pc, channel: pc.createDataChannel('sweet', { negotiated: true, id: 0 }) });
	} catch (error) {
		return err({ type: 'conn', code: 'failed', detail: String(error) });
	}
}

class NodeConn implements PeerConn {
	readonly #pc: PeerConnection;
	readonly #channel: DataChannel;
	readonly #initiator: boolean;
	readonly #events: PeerConnEvents;
	readonly #clock: Clock;
	#local: Description | undefined;
	#remote: Description | undefined;
	#channelOpen = false;
	#opened = false;
	#closed = false;
	#gathering: Gathering | undefined;
	#cancelChecks = () => {};

	constructor({ pc, channel }: Native, initiator: boolean, events: PeerConnEvents, clock: Clock) {
		this.#pc = pc;
		this.#channel = channel;
		this.#initiator = initiator;
		this.#events = events;
		this.#clock = clock;
		pc.onGatheringStateChange((state) => {
			this.#gathering?.news(state === 'complete');
		});
		pc.onLocalCandidate(() => this.#gathering?.news(false));
		pc.onStateChange((state) => {
			if (state === 'failed') this.#end('failed', 'no path to the peer');
		});
		pc.onDataChannel(() => this.#end('extra-channel', 'the peer opened a channel of its own'));
		channel.setBufferedAmountLowThreshold(connLimits.lowWater);
		channel.onBufferedAmountLow(() => {
			// Told from another thread: the queue may have filled again since, and then it will tell once more.
			if (!this.#closed && this.buffered <= connLimits.lowWater) events.ondrain();
		});
		channel.onOpen(() => {
			this.#channelOpen = true;
			this.#openWhenReady();
		});
		channel.onClosed(() => this.#end('closed-by-peer', ''));
		channel.onMessage((message) => this.#receive(message));
		if (initiator) this.#gather('offer');
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
		if (this.#initiator) this.#apply(buildSdp(parsed.value));
		else this.#answer(parsed.value);
		this.#openWhenReady();
	}

	send(message: Bytes): boolean {
		if (!this.#opened || this.#closed || this.buffered + message.length > connLimits.queueBytes) return false;
		try {
			// Its result tells whether the message left at once; a queued one is as good.
			this.#channel.sendMessageBinary(message);
			return true;
		} catch {
			// The channel closed under us, or the peer takes no message of this size: not sent.
			return false;
		}
	}

	get buffered(): number {
		return this.#closed ? 0 : this.#channel.bufferedAmount();
	}

	get route(): Route | undefined {
		if (!this.#opened || this.#closed) return undefined;
		const pair = this.#pc.getSelectedCandidatePair();
		if (!pair) return undefined;
		return [pair.local.type, pair.remote.type].includes('relay') ? 'relayed' : 'direct';
	}

	close(reason: string): void {
		this.#end('closed', reason);
	}

	#apply({ sdp, type }: ReturnType<typeof buildSdp>): void {
		this.#guarded(() => this.#pc.setRemoteDescription(sdp, type));
	}

	/**
	 * libdatachannel 0.24 hands an answer to its ICE agent before it keeps the fingerprint in it; checks that are
	 * already coming in can finish the DTLS handshake in between, which then fails (its pull request 1612). So the
	 * answerer keeps the offerer's addresses back and is found by the offerer's own checks, which start after the
	 * fingerprint is kept. Its ICE then comes up last, so it is the DTLS client: the ClientHello finds its server.
	 */
	#answer(offer: Description): void {
		this.#apply(buildSdp({ ...offer, candidates: [] }, 'passive'));
		this.#gather('answer');
		this.#cancelChecks = this.#clock.after(connLimits.offererFirstMs, () => {
			this.#guarded(() => {
				for (const [index, candidate] of offer.candidates.entries())
					this.#pc.addRemoteCandidate(`candidate:${formatCandidate(candidate, index)}`, '0');
			});
		});
	}

	#gather(type: 'offer' | 'answer'): void {
		if (this.#closed) return;
		const hasCandidate = () => namesCandidate(this.#pc.localDescription()?.sdp);
		this.#gathering = watchGathering(this.#clock, hasCandidate, () => this.#describe());
		this.#guarded(() => this.#pc.setLocalDescription(type));
	}

	#describe(): void {
		if (this.#local || this.#closed) return;
		const own = parseSdp(this.#pc.localDescription()?.sdp ?? '');
		if (!own.ok) {
			this.#end(own.error.code === 'no-candidates' ? 'no-candidates' : 'failed', own.error.detail);
			return;
		}
		this.#local = own.value;
		this.#events.onsignal(packDescription(own.value));
		this.#openWhenReady();
	}

	#openWhenReady(): void {
		if (!this.#channelOpen || this.#opened || this.#closed || !this.#local || !this.#remote) return;
		this.#opened = true;
		this.#cancelChecks();
		this.#events.onopen({ local: this.#local.fingerprint, remote: this.#remote.fingerprint });
	}

	#receive(message: string | Uint8Array | ArrayBuffer): void {
		if (this.#closed) return;
		if (typeof message === 'string') this.#end('bad-message', 'not binary');
		else this.#events.onmessage(new Uint8Array(message));
	}

	/** libdatachannel throws where a browser rejects a promise. */
	#guarded(work: () => void): void {
		try {
			work();
		} catch (error) {
			this.#end('failed', String(error));
		}
	}

	#end(code: ConnClosed['code'], detail: string): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#gathering?.cancel();
		this.#cancelChecks();
		// libdatachannel drops what is still on its way when a channel closes, so the goodbye leaves first.
		this.#clock.after(connLimits.lingerMs, () => {
			this.#channel.close();
			this.#pc.close();
		});
		this.#events.onclose({ type: 'conn-closed', code, detail });
	}
}

/** libdatachannel takes STUN as a URL and TURN in parts; what it cannot read is left out. */
function nodeServer({ urls, username, credential }: IceServer): (string | NativeServer)[] {
	const turn = /^turn:([^:?]+)(?::(\d+))?/.exec(urls);
	if (!turn) return urls.startsWith('stun:') ? [urls] : [];
	return [
		{
			hostname: turn[1] ?? '',
			port: Number(turn[2] ?? 3478),
			relayType: urls.includes('transport=tcp') ? 'TurnTcp' : 'TurnUdp',
			...(username !== undefined && { username }),
			...(credential !== undefined && { password: credential }),
		},
	];
}
