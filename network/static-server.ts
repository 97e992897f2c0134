import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ok, type Result } from '#lib/core/result.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import { indexFiles, type ServedFile } from './file-index.ts';
import { listen, type ListenError } from './listen.ts';

export interface StaticServerOptions {
	/** Folder of the built app. */
	readonly root: string;
	/** 0 takes any free port. */
	readonly port: number;
	/** Served as /config.json. */
	readonly config: NodeConfig & {
		/** A path below `post` where a page gets a wallet with play money. */
		readonly demoWallet?: string;
	};
	/** Paths that answer a POST of the app's own pages with what the function gives, as JSON. */
	readonly post?: Readonly<Record<string, () => unknown>>;
}

export interface StaticServer {
	/** `http://127.0.0.1:<port>` */
	readonly url: string;
	close(): Promise<void>;
}

/** What a page's own <meta> policy cannot say, and what every answer should say. */
const securityHeaders = {
	'content-security-policy': "frame-ancestors 'none'",
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
	'referrer-policy': 'no-referrer',
	'x-content-type-options': 'nosniff',
};

/** Serves the built app to this machine: known files, the app's shell for every other route, its configuration. */
export async function startStaticServer(
	options: StaticServerOptions,
): Promise<Result<StaticServer, ListenError>> {
	const files = indexFiles(options.root);
	const config = `${JSON.stringify(options.config)}\n`;

	const server = createServer((request, response) => {
		for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
		const path = pathOf(request);
		const act = request.method === 'POST' && path !== undefined ? options.post?.[path] : undefined;
		if (act) {
			if (isOwnPage(request)) sendJson(response, 200, act());
			else sendJson(response, 403, { error: 'for the pages of this server only' });
			return;
		}
		if (request.method !== 'GET' && request.method !== 'HEAD') {
			response.writeHead(405, { allow: 'GET, HEAD' }).end();
			return;
		}
		if (path === '/config.json') {
			response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
			response.end(request.method === 'HEAD' ? undefined : config);
			return;
		}
		const file = path === undefined ? undefined : files.find(path);
		if (file) sendFile(request, response, file);
		else
			response.writeHead(path === undefined ? 400 : 404, { 'content-type': 'text/plain' }).end('Not found\n');
	});

	const port = await listen(server, options.port);
	if (!port.ok) return port;
	return ok({
		url: `http://127.0.0.1:${port.value}`,
		close: () =>
			new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	});
}

/** The decoded path without its query; undefined when it is malformed. */
function pathOf(request: IncomingMessage): string | undefined {
	try {
		return decodeURIComponent((request.url ?? '/').replace(/[?#].*$/s, ''));
	} catch {
		return undefined;
	}
}

/**
 * Asked by a page of this very server: a foreign page names another origin, and one whose name was made to resolve
 * to this machine (DNS rebinding) another host.
 */
function isOwnPage({ headers: { host = '', origin } }: IncomingMessage): boolean {
	return (
		/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) && (origin === undefined || origin === `http://${host}`)
	);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
	response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
	response.end(`${JSON.stringify(value)}\n`);
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: ServedFile): void {
	const headers = {
		'content-type': file.type,
		'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
		etag: file.etag,
	};
	if (request.headers['if-none-match'] === file.etag) {
		response.writeHead(304, headers).end();
		return;
	}
	response.writeHead(200, { ...headers, 'content-length': file.size });
	if (request.method === 'HEAD') {
		response.end();
		return;
	}
	const content = createReadStream(file.path);
	// A file that vanished after the start: the answer has begun, so all that is left is to break it off.
	content.on('error', () => response.destroy());
	content.pipe(response);
}
