import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#lib/core/result.ts';

export interface Ports {
	/** The page. */
	readonly web: number;
	readonly relay: number;
}

export interface PortError {
	readonly type: 'port';
	readonly detail: string;
}

export const defaultPorts: Ports = { web: 4180, relay: 4181 };

/** Reads `--port` and `--relay-port`, or `PORT` and `RELAY_PORT`; 0 takes any free port. */
export function parsePorts(
	args: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): Result<Ports, PortError> {
	let flags: { port?: string; 'relay-port'?: string };
	try {
		flags = parseArgs({
			args: [...args],
			options: { port: { type: 'string' }, 'relay-port': { type: 'string' } },
		}).values;
	} catch (fault) {
		return err({ type: 'port', detail: fault instanceof Error ? fault.message : String(fault) });
	}
	const web = port('port', flags.port ?? env['PORT'], defaultPorts.web);
	const relay = port('relay-port', flags['relay-port'] ?? env['RELAY_PORT'], defaultPorts.relay);
	if (!web.ok) return web;
	if (!relay.ok) return relay;
	if (web.value === relay.value && web.value !== 0)
		return err({ type: 'port', detail: 'The page and the relay need two different ports.' });
	return ok({ web: web.value, relay: relay.value });
}

function port(name: string, text: string | undefined, otherwise: number): Result<number, PortError> {
	if (text === undefined || text === '') return ok(otherwise);
	return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
		? ok(Number(text))
		: err({ type: 'port', detail: `--${name}: "${text}" is not a port (0 to 65535).` });
}
