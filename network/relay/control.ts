import type { IncomingMessage, ServerResponse } from 'node:http';
import { noFaults, parseFaults, type Faults } from './faults.ts';

export interface Controlled {
	faults(): Faults;
	setFaults(change: Partial<Faults>): void;
	stats(): unknown;
}

interface Answer {
	readonly status: number;
	readonly body: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

const maxBody = 65_536;

/** NIP-11. */
const about = {
	name: 'Sweet Gossip local relay',
	description: 'In-memory relay of a local network. Nothing here outlives the process.',
	supported_nips: [1, 11, 40],
};

/**
 * Plain HTTP on the relay's port: NIP-11 at `/`; with `control`, `GET|PUT|DELETE /faults` and `GET /stats`.
 * These have no CORS headers, and what changes something is no simple method: a web page cannot turn the knobs.
 */
export async function answerControl(
	request: IncomingMessage,
	response: ServerResponse,
	control: Controlled | undefined,
): Promise<void> {
	const { status, body, headers } = await decide(request, control);
	response.writeHead(status, {
		'content-type': 'application/json',
		'x-content-type-options': 'nosniff',
		...headers,
	});
	response.end(`${JSON.stringify(body)}\n`);
}

async function decide(request: IncomingMessage, control: Controlled | undefined): Promise<Answer> {
	// A foreign name that resolves to this machine is a page trying to get in (DNS rebinding).
	if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? ''))
		return { status: 421, body: { error: 'this relay serves 127.0.0.1 only' } };
	if (request.url === '/')
		return { status: 200, body: about, headers: { 'access-control-allow-origin': '*' } };
	if (control) {
		switch (`${request.method ?? ''} ${request.url ?? ''}`) {
			case 'GET /stats':
				return { status: 200, body: control.stats() };
			case 'GET /faults':
				return { status: 200, body: control.faults() };
			case 'DELETE /faults':
				control.setFaults(noFaults);
				return { status: 200, body: control.faults() };
			case 'PUT /faults':
				return putFaults(await read(request), control);
		}
	}
	return { status: 404, body: { error: 'not found' } };
}

function putFaults(body: string | undefined, control: Controlled): Answer {
	if (body === undefined) return { status: 413, body: { error: `over ${maxBody} bytes` } };
	const change = parseFaults(body);
	if (!change.ok) return { status: 400, body: { error: change.error.detail } };
	control.setFaults(change.value);
	return { status: 200, body: control.faults() };
}

/** The body as text; undefined when it is too long. */
async function read(request: IncomingMessage): Promise<string | undefined> {
	const parts: Buffer[] = [];
	let length = 0;
	for await (const part of request as AsyncIterable<Buffer>) {
		length += part.length;
		if (length > maxBody) return undefined;
		parts.push(part);
	}
	return Buffer.concat(parts).toString('utf8');
}
