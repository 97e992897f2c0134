import { isIceServer, maxIceServers } from '#lib/app/config.ts';
import type { IceServer } from '#lib/webrtc/ports.ts';

/** STUN and TURN servers as typed, one a line: an address, then for TURN a user name and a password. */
export function iceServersFromInput(
	text: string,
): { readonly servers: readonly IceServer[] } | { readonly bad: string } | { readonly tooMany: true } {
	const lines = text
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);
	const servers: IceServer[] = [];
	for (const line of lines) {
		const [urls = '', username, credential, ...rest] = line.split(/\s+/);
		const server = {
			urls,
			...(username !== undefined && { username }),
			...(credential !== undefined && { credential }),
		};
		const complete = urls.startsWith('stun:') ? username === undefined : credential !== undefined;
		if (!isIceServer(server) || !complete || rest.length > 0) return { bad: urls };
		servers.push(server);
	}
	return servers.length > maxIceServers ? { tooMany: true } : { servers };
}

export const iceServersAsInput = (servers: readonly IceServer[]): string =>
	servers
		.map(({ urls, username, credential }) => [urls, username, credential].filter(Boolean).join(' '))
		.join('\n');
