import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import {
	createTestClient,
	http,
	publicActions,
	walletActions,
	type PublicActions,
	type TestClient,
	type Transport,
	type WalletActions,
} from 'viem';
import { foundry } from 'viem/chains';
import { err, ok, type Result } from '#lib/core/result.ts';

export interface AnvilOptions {
	/** 0 takes any free port. */
	readonly port: number;
	/** Seconds between blocks; 0 makes one for each transaction at once. */
	readonly blockTime: number;
	/** Unix seconds of the first block; now unless given. */
	readonly genesis?: number;
}

export interface AnvilError {
	readonly type: 'anvil';
	readonly code: 'missing' | 'ended';
	/** One line for a person. */
	readonly detail: string;
}

export type AnvilClient = TestClient<'anvil', Transport, typeof foundry> &
	PublicActions<Transport, typeof foundry> &
	WalletActions<typeof foundry>;

/** A real EVM chain on this machine. */
export interface Anvil {
	/** `http://127.0.0.1:<port>` */
	readonly url: string;
	readonly chainId: number;
	readonly client: AnvilClient;
	/** Ends exactly this process. */
	stop(): void;
}

/** Foundry's node: from npm where it has a build for this platform, else whatever `PATH` finds. */
function anvilPath(): string | undefined {
	const system = { darwin: 'darwin', linux: 'linux', win32: 'win32' }[process.platform as string];
	const machine = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
	const file = process.platform === 'win32' ? 'anvil.exe' : 'anvil';
	try {
		const manifest = createRequire(import.meta.url).resolve(
			`@foundry-rs/anvil-${system}-${machine}/package.json`,
		);
		return join(manifest, '../bin', file);
	} catch {
		const folders = (process.env['PATH'] ?? '').split(delimiter);
		return folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
	}
}

/** Starts a chain that listens on the loopback address only. */
export async function startAnvil(options: AnvilOptions): Promise<Result<Anvil, AnvilError>> {
	const binary = anvilPath();
	if (binary === undefined)
		return err({
			type: 'anvil',
			code: 'missing',
			detail: `npm has no anvil for ${process.platform} on ${process.arch}`,
		});
	const port = options.port === 0 ? await freePort() : options.port;
	const { blockTime, genesis } = options;
	const child = spawn(
		binary,
		[
			'--silent',
			...['--host', '127.0.0.1', '--port', String(port), '--hardfork', 'cancun'],
			...(blockTime > 0 ? ['--block-time', String(blockTime)] : []),
			...(genesis === undefined ? [] : ['--timestamp', String(genesis)]),
		],
		{ stdio: ['ignore', 'ignore', 'pipe'] },
	);
	const ended = endOf(child);
	const url = `http://127.0.0.1:${port}`;
	const client = createTestClient({
		mode: 'anvil',
		chain: foundry,
		transport: http(url, { retryCount: 0 }),
		pollingInterval: 50,
		cacheTime: 0,
	})
		.extend(publicActions)
		.extend(walletActions);
	const up = await Promise.race([ended.then((why) => why), answers(client, child)]);
	if (up !== undefined) return err({ type: 'anvil', code: 'ended', detail: `anvil ended early: ${up}` });
	return ok({ url, chainId: foundry.id, client, stop: () => child.kill() });
}

/** Resolves with what it said last when the process ends. */
function endOf(child: ChildProcess): Promise<string> {
	let words = '';
	child.stderr?.on('data', (part: Buffer) => (words = `${words}${part.toString('utf8')}`.slice(-500)));
	return new Promise((resolve) => {
		child.once('error', (fault) => resolve(fault.message));
		child.once('close', (code) => resolve(words.trim() || `exit code ${code ?? 'none'}`));
	});
}

/** Resolves once the chain answers; gives up where the process is gone. */
async function answers(client: AnvilClient, child: ChildProcess): Promise<undefined> {
	for (;;) {
		try {
			await client.getBlockNumber();
			return undefined;
		} catch {
			if (child.exitCode !== null) return undefined;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
}

const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
