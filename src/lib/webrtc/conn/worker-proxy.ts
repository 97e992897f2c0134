import type { Bytes } from '#lib/core/brand.ts';
import { ok } from '#lib/core/result.ts';
import type { ConnClosed, ConnFactory, Fingerprints, PeerConnEvents, Route } from '../ports.ts';
import { openChannel, type Channel } from './channel.ts';
import { connLimits } from './limits.ts';
import type { ToPage, ToWorker } from './port-protocol.ts';

interface Proxied {
	readonly events: PeerConnEvents;
	/** The transferred channel; undefined while it is on its way, and always where the page pumps. */
	channel: Channel | undefined;
	channelOpen: boolean;
	fingerprints: Fingerprints | undefined;
	route: Route | undefined;
	/** Messages that overtook the page's fingerprints; undefined once `onopen` was told. */
	early: Bytes[] | undefined;
	sent: number;
	flushed: number;
}

/** Connections for a Worker, owned by the `createPageHost` at the other end of `port`. */
export function createWorkerConns(port: MessagePort, { transfer = true } = {}): ConnFactory {
	const conns = new Map<number, Proxied>();
	let transferable = transfer;
	let nextId = 1;
	const post = (message: ToPage) => port.postMessage(message);

	function end(id: number, closed: ConnClosed): void {
		const conn = conns.get(id);
		if (!conn) return;
		conns.delete(id);
		conn.channel?.close();
		post({ kind: 'close', id });
		conn.events.onclose(closed);
	}
	const endWith = (id: number, code: ConnClosed['code'], detail: string) =>
		end(id, { type: 'conn-closed', code, detail });

	function openWhenReady(conn: Proxied): void {
		const { channelOpen, fingerprints, early, events } = conn;
		if (!channelOpen || !fingerprints || !early) return;
		conn.early = undefined;
		events.onopen(fingerprints);
		for (const message of early) events.onmessage(message);
	}

	/** A transferred channel is heard here while the page may still be busy with what makes it ready. */
	function heard(id: number, { early, events }: Proxied, message: Bytes): void {
		if (!early) {
			events.onmessage(message);
			return;
		}
		early.push(message);
		if (early.reduce((sum, { length }) => sum + length, 0) > connLimits.earlyBytes)
			endWith(id, 'bad-message', 'too much was said before the connection was ready');
	}

	function adopt(id: number, conn: Proxied, channel: RTCDataChannel): void {
		conn.channel = openChannel(channel, {
			onopen() {
				conn.channelOpen = true;
				openWhenReady(conn);
			},
			onmessage: (message) => heard(id, conn, message),
			ondrain: () => conn.events.ondrain(),
			onbadmessage: () => endWith(id, 'bad-message', 'not binary'),
			onclose: () => post({ kind: 'lost', id }),
		});
	}

	function receive(conn: Proxied, message: ToWorker): void {
		switch (message.kind) {
			case 'channel':
				adopt(message.id, conn, message.channel);
				return;
			case 'description':
				conn.events.onsignal(message.description);
				return;
			case 'fingerprints':
				conn.fingerprints = message.fingerprints;
				openWhenReady(conn);
				return;
			case 'route':
				conn.route = message.route;
				return;
			case 'closed':
				end(message.id, message.closed);
				return;
			case 'open':
				conn.channelOpen = true;
				openWhenReady(conn);
				return;
			case 'message':
				heard(message.id, conn, message.message);
				return;
			case 'flushed': {
				const before = conn.sent - conn.flushed;
				conn.flushed = message.bytes;
				if (before > connLimits.lowWater && conn.sent - conn.flushed <= connLimits.lowWater)
					conn.events.ondrain();
			}
		}
	}

	port.onmessage = ({ data }: MessageEvent<ToWorker>) => {
		const conn = conns.get(data.id);
		if (conn) receive(conn, data);
		else if (data.kind === 'channel') data.channel.close();
	};
	// A browser may let a channel leave the page and yet not let it arrive here.
	port.onmessageerror = () => {
		transferable = false;
		for (const [id, conn] of [...conns])
			if (!conn.channel && !conn.channelOpen) endWith(id, 'failed', 'the channel did not arrive');
	};

	return {
		configure: (ice) => post({ kind: 'configure', ice }),
		create(initiator, events) {
			const id = nextId++;
			const conn: Proxied = {
				events,
				channel: undefined,
				channelOpen: false,
				fingerprints: undefined,
				route: undefined,
				early: [],
				sent: 0,
				flushed: 0,
			};
			conns.set(id, conn);
			post({ kind: 'create', id, initiator, transfer: transferable });
			return ok({
				signal: (description) => post({ kind: 'signal', id, description }),
				send(message) {
					if (conns.get(id) !== conn) return false;
					if (conn.channel) return conn.channel.send(message);
					if (!conn.channelOpen) return false;
					if (conn.sent - conn.flushed + message.length > connLimits.queueBytes) return false;
					conn.sent += message.length;
					post({ kind: 'send', id, message });
					return true;
				},
				get buffered() {
					return conn.channel?.buffered ?? conn.sent - conn.flushed;
				},
				get route() {
					return conn.route;
				},
				close: (reason) => endWith(id, 'closed', reason),
			});
		},
	};
}
