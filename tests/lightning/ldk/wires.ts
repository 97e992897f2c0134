import * as ldk from 'lightningdevkit';
import { must, unwrap } from './library.ts';
import type { LdkNode } from './node.ts';

/** In-process connections between nodes: what one end's noise transport writes, the other end reads later. */
export interface Wires {
	connect(a: LdkNode, b: LdkNode): void;
	/** Ends every connection of a node, as if its power went. */
	cut(node: LdkNode): void;
	/** Delivers what was written so far; false when there was nothing. */
	deliver(): boolean;
}

interface End {
	readonly node: LdkNode;
	readonly socket: ldk.SocketDescriptor;
	readonly peer: () => End;
}

export function createWires(): Wires {
	let nextId = 1n;
	let queue: { readonly to: End; readonly data: Uint8Array }[] = [];
	let ends: End[] = [];

	function end(node: LdkNode, peer: () => End): End {
		const id = nextId++;
		const socket: ldk.SocketDescriptor = ldk.SocketDescriptor.new_impl({
			send_data(data) {
				// Reading at once would enter the other node while this one is in the middle of something.
				if (data.length > 0) queue.push({ to: peer(), data: new Uint8Array(data) });
				return data.length;
			},
			disconnect_socket: () => hangUp(self),
			eq: (other) => other.hash() === id,
			hash: () => id,
		});
		const self: End = { node, socket, peer };
		return self;
	}

	const isOpen = (candidate: End) => ends.includes(candidate);

	function hangUp(gone: End): void {
		const other = gone.peer();
		ends = ends.filter((candidate) => candidate !== gone && candidate !== other);
		queue = queue.filter(({ to }) => to !== gone && to !== other);
		other.node.peers.socket_disconnected(other.socket);
	}

	return {
		connect(a, b) {
			const here: End = end(a, () => there);
			const there: End = end(b, () => here);
			ends.push(here, there);
			const none = () => ldk.Option_SocketAddressZ.constructor_none();
			must(b.peers.new_inbound_connection(there.socket, none()), `${b.name} accepts ${a.name}`);
			const first = unwrap(
				a.peers.new_outbound_connection(b.id, here.socket, none()),
				ldk.Result_CVec_u8ZPeerHandleErrorZ_OK,
				`${a.name} dials ${b.name}`,
			);
			queue.push({ to: there, data: first });
		},
		cut(node) {
			for (const gone of ends.filter((candidate) => candidate.node === node)) {
				if (!isOpen(gone)) continue;
				hangUp(gone);
				node.peers.socket_disconnected(gone.socket);
			}
		},
		deliver() {
			const now = queue;
			queue = [];
			for (const { to, data } of now)
				if (isOpen(to)) {
					const read = to.node.peers.read_event(to.socket, data);
					if (!read.is_ok()) hangUp(to);
				}
			return now.length > 0;
		},
	};
}
