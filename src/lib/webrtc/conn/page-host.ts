import type { Bytes } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { ConnClosed, IceSettings } from '../ports.ts';
import type { ConnBudget } from './budget.ts';
import { openChannel, type Channel } from './channel.ts';
import { negotiate, type Negotiation } from './negotiation.ts';
import type { ToPage, ToWorker } from './port-protocol.ts';

/** The page's end: owns the connections that the node in its Worker asks for. */
export interface PageHost {
	/** Closes every connection at once, so that peers notice in milliseconds when the page goes away. */
	closeAll(reason: string): void;
}

interface Hosted {
	readonly negotiation: Negotiation;
	/** Undefined once the channel lives in the Worker. */
	channel: Channel | undefined;
	/** Bytes taken for a pumped channel so far. */
	pumped: number;
}

/** Serves the `createWorkerConns` at the other end of `port`. */
export function createPageHost(
	port: MessagePort,
	{ clock, budget, ...given }: { readonly clock: Clock; readonly budget: ConnBudget } & IceSettings,
): PageHost {
	let ice: IceSettings = given;
	const hosted = new Map<number, Hosted>();
	const post = (message: ToWorker, transfer: Transferable[] = []) => port.postMessage(message, transfer);

	function closed(id: number, code: ConnClosed['code'], detail: string): void {
		hosted.get(id)?.channel?.close();
		hosted.get(id)?.negotiation.close();
		hosted.delete(id);
		post({ kind: 'closed', id, closed: { type: 'conn-closed', code, detail } });
	}

	function create({ id, initiator, transfer }: Extract<ToPage, { kind: 'create' }>): void {
		const negotiated = negotiate(
			initiator,
			{ clock, ice, budget },
			{
				ondescription: (description) => post({ kind: 'description', id, description }),
				onfingerprints: (fingerprints) => post({ kind: 'fingerprints', id, fingerprints }),
				onroute: (route) => post({ kind: 'route', id, route }),
				onfailed: ({ code, detail }) => closed(id, code, detail),
			},
		);
		if (!negotiated.ok) {
			const { code, detail } = negotiated.error;
			closed(id, code === 'budget' ? 'budget' : 'cannot-construct', detail);
			return;
		}
		const entry: Hosted = { negotiation: negotiated.value, channel: undefined, pumped: 0 };
		hosted.set(id, entry);
		if (!transfer || !transferred(id, entry.negotiation.channel)) pump(id, entry);
	}

	/** Gives the channel away, which a browser allows only in the task that created it; false where it cannot. */
	function transferred(id: number, channel: RTCDataChannel): boolean {
		try {
			post({ kind: 'channel', id, channel }, [channel]);
			return true;
		} catch {
			return false;
		}
	}

	function pump(id: number, entry: Hosted): void {
		entry.channel = openChannel(entry.negotiation.channel, {
			onopen: () => post({ kind: 'open', id }),
			onmessage: (message) => post({ kind: 'message', id, message }, [message.buffer]),
			ondrain: () => flushed(id, entry),
			onbadmessage: () => closed(id, 'bad-message', 'not binary'),
			onclose: () => lost(id),
		});
	}

	function send(id: number, message: Bytes): void {
		const entry = hosted.get(id);
		if (!entry?.channel) return;
		if (!entry.channel.send(message)) {
			closed(id, 'failed', 'the channel took no more');
			return;
		}
		entry.pumped += message.length;
		flushed(id, entry);
	}

	function flushed(id: number, { channel, pumped }: Hosted): void {
		post({ kind: 'flushed', id, bytes: pumped - (channel?.buffered ?? 0) });
	}

	/** The channel closed without our doing; if the page did it, the Worker was told the cause already. */
	function lost(id: number): void {
		if (hosted.has(id)) closed(id, 'closed-by-peer', '');
	}

	function close(id: number): void {
		const entry = hosted.get(id);
		hosted.delete(id);
		entry?.channel?.close();
		entry?.negotiation.close();
	}

	port.onmessage = ({ data }: MessageEvent<ToPage>) => {
		switch (data.kind) {
			case 'configure':
				ice = data.ice;
				return;
			case 'create':
				create(data);
				return;
			case 'signal':
				hosted.get(data.id)?.negotiation.signal(data.description);
				return;
			case 'send':
				send(data.id, data.message);
				return;
			case 'lost':
				lost(data.id);
				return;
			case 'close':
				close(data.id);
		}
	};

	return {
		closeAll(reason) {
			for (const [id, { negotiation }] of [...hosted]) {
				negotiation.abort();
				closed(id, 'closed', reason);
			}
		},
	};
}
