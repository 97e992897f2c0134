import type { ConnFactory, PeerConn } from '../ports.ts';
import type { ToPage, ToWorker } from './port-protocol.ts';
import type { PageHost } from './page-host.ts';

/** Serves the `createWorkerConns` at the other end of `port` with connections that only the page can use. */
export function createPumpedHost(port: MessagePort, conns: ConnFactory): PageHost {
	const hosted = new Map<number, { readonly conn: PeerConn; sent: number; routeTold: boolean }>();
	const post = (message: ToWorker, transfer: Transferable[] = []) => port.postMessage(message, transfer);

	function flushed(id: number): void {
		const entry = hosted.get(id);
		if (!entry) return;
		post({ kind: 'flushed', id, bytes: entry.sent - entry.conn.buffered });
		const { route } = entry.conn;
		if (!route || entry.routeTold) return;
		entry.routeTold = true;
		post({ kind: 'route', id, route });
	}

	function create({ id, initiator }: Extract<ToPage, { kind: 'create' }>): void {
		const made = conns.create(initiator, {
			onsignal: (description) => post({ kind: 'description', id, description }),
			onopen(fingerprints) {
				post({ kind: 'fingerprints', id, fingerprints });
				post({ kind: 'open', id });
			},
			onmessage: (message) => post({ kind: 'message', id, message }, [message.buffer]),
			ondrain: () => flushed(id),
			onclose(closed) {
				if (hosted.delete(id)) post({ kind: 'closed', id, closed });
			},
		});
		if (made.ok) {
			hosted.set(id, { conn: made.value, sent: 0, routeTold: false });
			return;
		}
		const { code, detail } = made.error;
		const reason = code === 'budget' ? 'budget' : 'cannot-construct';
		post({ kind: 'closed', id, closed: { type: 'conn-closed', code: reason, detail } });
	}

	function send({ id, message }: Extract<ToPage, { kind: 'send' }>): void {
		const entry = hosted.get(id);
		if (!entry) return;
		if (!entry.conn.send(message)) {
			entry.conn.close('the channel took no more');
			return;
		}
		entry.sent += message.length;
		flushed(id);
	}

	port.onmessage = ({ data }: MessageEvent<ToPage>) => {
		switch (data.kind) {
			case 'configure':
				conns.configure?.(data.ice);
				return;
			case 'create':
				create(data);
				return;
			case 'signal':
				hosted.get(data.id)?.conn.signal(data.description);
				return;
			case 'send':
				send(data);
				return;
			case 'lost':
				return;
			case 'close': {
				const entry = hosted.get(data.id);
				hosted.delete(data.id);
				entry?.conn.close('closed by its Worker');
			}
		}
	};

	return {
		closeAll(reason) {
			for (const { conn } of [...hosted.values()]) conn.close(reason);
		},
	};
}
