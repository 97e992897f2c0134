import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { err, ok, type Result } from '#lib/core/result.ts';

export interface ListenError {
	readonly type: 'listen';
	readonly code: 'port-taken' | 'not-allowed' | 'failed';
	/** One line for a person. */
	readonly detail: string;
}

const loopback = '127.0.0.1';

/** Binds to this machine only; nobody else can reach what runs here. Port 0 takes any free one. Gives the port. */
export function listen(server: Server, port: number): Promise<Result<number, ListenError>> {
	return new Promise((resolve) => {
		const failed = (fault: NodeJS.ErrnoException) => {
			resolve(err({ type: 'listen', ...explain(fault, port) }));
		};
		server.once('error', failed);
		server.listen(port, loopback, () => {
			server.off('error', failed);
			resolve(ok((server.address() as AddressInfo).port));
		});
	});
}

function explain(fault: NodeJS.ErrnoException, port: number): Pick<ListenError, 'code' | 'detail'> {
	switch (fault.code) {
		case 'EADDRINUSE':
			return { code: 'port-taken', detail: `Port ${port} is taken by another program.` };
		case 'EACCES':
			return { code: 'not-allowed', detail: `This user may not listen on port ${port}.` };
		default:
			return { code: 'failed', detail: `Cannot listen on port ${port}: ${fault.message}` };
	}
}
