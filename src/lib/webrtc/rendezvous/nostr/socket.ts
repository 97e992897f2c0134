/** A WebSocket as a port: the platform's own (tab, Worker, Node 24) or a test's. */
export interface Socket {
	send(text: string): void;
	/** After this no event follows. */
	close(): void;
}

export interface SocketEvents {
	onopen(): void;
	onmessage(text: string): void;
	/** Once, also when it never opened. */
	onclose(reason: string): void;
}

/** Never throws; a refused address is reported by `onclose`, later. */
export type OpenSocket = (url: string, events: SocketEvents) => Socket;

export const platformSocket: OpenSocket = (url, events) => {
	let done = false;
	const finish = (reason: string) => {
		if (done) return;
		done = true;
		events.onclose(reason);
	};
	let socket: WebSocket;
	try {
		socket = new WebSocket(url);
	} catch (fault) {
		// A malformed address, or one that the page's content security policy refuses.
		queueMicrotask(() => finish(fault instanceof Error ? fault.message : 'refused'));
		return { send: () => undefined, close: () => (done = true) };
	}
	socket.onopen = () => {
		if (!done) events.onopen();
	};
	socket.onmessage = ({ data }) => {
		if (done) return;
		if (typeof data === 'string') events.onmessage(data);
		else {
			socket.close();
			finish('sent something other than text');
		}
	};
	socket.onclose = ({ code, reason }) => finish(reason === '' ? `closed (${code})` : `closed: ${reason}`);
	return {
		send(text) {
			if (socket.readyState === WebSocket.OPEN) socket.send(text);
		},
		close() {
			done = true;
			socket.close();
		},
	};
};
