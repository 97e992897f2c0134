import { execFileSync, spawn, type ChildProcess } from 'node:child_process';

/**
 * Two homes behind routers, and a server between them, as network namespaces of this machine:
 * `a` and `b` at home, `ra` and `rb` their routers, `srv` on the public net with STUN and TURN by coturn. Needs root.
 */
export type Router = 'port-preserving' | 'symmetric' | 'udp-blocked';

const server = '198.51.100.10';
export const stun = { urls: `stun:${server}:3478` };
export const turn = { urls: `turn:${server}:3478`, username: 'sweet', credential: 'gossip' };

export interface Lab {
	/** Runs a program in one of the two homes. */
	spawn(home: 'a' | 'b', command: string, args: readonly string[]): ChildProcess;
	close(): void;
}

const run = (command: string, ...args: string[]): void => {
	execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
};

export async function createLab(routers: { readonly a: Router; readonly b: Router }): Promise<Lab> {
	const prefix = `sg${process.pid}`;
	const names = ['net', 'ra', 'rb', 'a', 'b', 'srv'] as const;
	const space = (name: (typeof names)[number]) => `${prefix}-${name}`;
	const within = (name: (typeof names)[number], ...command: string[]) =>
		run('ip', 'netns', 'exec', space(name), ...command);
	let coturn: ChildProcess | undefined;

	function close(): void {
		coturn?.kill('SIGKILL');
		for (const name of names)
			try {
				run('ip', 'netns', 'del', space(name));
			} catch {
				// It was never made: setting up failed before it.
			}
	}

	/** A cable between two namespaces. */
	function cable(
		from: (typeof names)[number],
		fromName: string,
		to: (typeof names)[number],
		toName: string,
	): void {
		run(
			'ip',
			'link',
			'add',
			fromName,
			'netns',
			space(from),
			'type',
			'veth',
			'peer',
			toName,
			'netns',
			space(to),
		);
		within(from, 'ip', 'link', 'set', fromName, 'up');
		within(to, 'ip', 'link', 'set', toName, 'up');
	}

	function home(name: 'a' | 'b', net: number, router: Router): void {
		const at = `r${name}` as const;
		cable(name, 'eth', at, 'lan');
		cable(at, 'wan', 'net', `to-${name}`);
		within('net', 'ip', 'link', 'set', `to-${name}`, 'master', 'public');
		within(name, 'ip', 'addr', 'add', `10.${net}.0.2/24`, 'dev', 'eth');
		within(name, 'ip', 'route', 'add', 'default', 'via', `10.${net}.0.1`);
		within(at, 'ip', 'addr', 'add', `10.${net}.0.1/24`, 'dev', 'lan');
		within(at, 'ip', 'addr', 'add', `198.51.100.${net + 1}/24`, 'dev', 'wan');
		within(at, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
		const mapping = router === 'symmetric' ? 'masquerade fully-random' : 'masquerade';
		const block = router === 'udp-blocked' ? 'iifname "lan" meta l4proto udp drop;' : '';
		// A router that answers strangers' packets itself could not be punched through.
		within(
			at,
			'nft',
			`table ip home {
				chain out { type nat hook postrouting priority srcnat; oifname "wan" ${mapping}; }
				chain self { type filter hook input priority 0; iifname "wan" ct state new drop; }
				chain through { type filter hook forward priority 0; ${block} iifname "wan" ct state new drop; }
			}`,
		);
	}

	try {
		for (const name of names) {
			run('ip', 'netns', 'add', space(name));
			within(name, 'ip', 'link', 'set', 'lo', 'up');
		}
		within('net', 'ip', 'link', 'add', 'public', 'type', 'bridge');
		within('net', 'ip', 'link', 'set', 'public', 'up');
		cable('srv', 'eth', 'net', 'to-srv');
		within('net', 'ip', 'link', 'set', 'to-srv', 'master', 'public');
		within('srv', 'ip', 'addr', 'add', `${server}/24`, 'dev', 'eth');
		// A way to nowhere for private addresses: where there is none at all, coturn drops the allocation.
		within('net', 'ip', 'addr', 'add', '198.51.100.1/24', 'dev', 'public');
		within('srv', 'ip', 'route', 'add', 'default', 'via', '198.51.100.1');
		home('a', 1, routers.a);
		home('b', 2, routers.b);
		coturn = spawn(
			'ip',
			[
				...['netns', 'exec', space('srv'), 'turnserver', '-n', '--lt-cred-mech', '--fingerprint'],
				...['--user', `${turn.username}:${turn.credential}`, '--realm', 'sweet.test'],
				...['--listening-ip', server, '--relay-ip', server, '--no-cli', '--no-tls', '--no-dtls'],
				...['--min-port', '50000', '--max-port', '50063'],
				...['--log-file', '/dev/null', '--pidfile', `/tmp/${prefix}.turn.pid`],
			],
			{ stdio: 'ignore' },
		);
		await serving(coturn, () =>
			execFileSync('ip', ['netns', 'exec', space('srv'), 'ss', '-Hlun'], { encoding: 'utf8' }),
		);
	} catch (error) {
		close();
		throw error;
	}
	return {
		spawn: (name, command, args) =>
			spawn('ip', ['netns', 'exec', space(name), command, ...args], { stdio: ['pipe', 'pipe', 'inherit'] }),
		close,
	};
}

/** Resolves once the server listens; coturn does not say so in time when its output is a pipe. */
async function serving(coturn: ChildProcess, sockets: () => string): Promise<void> {
	let ended: string | undefined;
	coturn.once('error', (error) => (ended = error.message));
	coturn.once('exit', (code) => (ended = `code ${code}`));
	while (!sockets().includes(':3478')) {
		if (ended !== undefined) throw new Error(`turnserver ended: ${ended}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
