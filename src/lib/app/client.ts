import { toHex } from '#lib/core/bytes.ts';
import type { ActivityView } from '#lib/gossip/view.ts';
import { ConnBudget } from '#lib/webrtc/conn/budget.ts';
import { createPageHost } from '#lib/webrtc/conn/page-host.ts';
import { fetchConfig } from './fetch-config.ts';
import { systemClock } from './platform/clock.ts';
import { watchLifecycle } from './platform/lifecycle.ts';
import { claimPeerSecret } from './platform/peer-secret.ts';
import type { WalletAnswer, WalletRequest } from './memes/protocol.ts';
import { initialSlices } from './initial-slices.ts';
import type { CommandError, FatalError, FromNode, NodeClient, Slices, ToNode } from './protocol.ts';
import { trustedUrl } from './trusted-url.ts';
import workerUrl from './worker.ts?worker&url';

type Answer = Extract<FromNode, { type: 'answer' }>;

/** A node's Worker, as the page holds it. */
interface Running {
	post(message: ToNode): void;
	stop(): void;
}

/** Starts the node's Worker and gives the page its handle. Browser only. */
export function startClient(): NodeClient {
	const listeners = new Set<(name: keyof Slices) => void>();
	const notifications = new Set<(activity: ActivityView) => void>();
	const wallets: ((request: WalletRequest) => Promise<WalletAnswer>)[] = [];
	const failures = new Set<(error: FatalError) => void>();
	let slices: Slices = initialSlices;
	let nextId = 1;
	let pending = new Map<number, (answer: Answer) => void>();
	let running: Promise<Running> | undefined;
	/** Why the node cannot go on; nobody answers commands any more. */
	let fatal: FatalError | undefined;
	/** Claimed once a page: its lock is held until the page goes, and a restarted node is the same peer. */
	const peerSecret = claimPeerSecret();

	async function boot(): Promise<Running> {
		const [config, secret] = await Promise.all([fetchConfig(), peerSecret]);
		const worker = new Worker(trustedUrl(workerUrl), { type: 'module', name: 'sweet-gossip-node' });
		const [channel, calls] = [new MessageChannel(), new MessageChannel()];
		const own = {
			clock: systemClock,
			iceServers: config.iceServers,
			budget: new ConnBudget(systemClock),
		};
		const host = createPageHost(channel.port1, own);
		// What the node asks before the file is here waits in the port; without it the mesh's kind serves.
		const direct = import('#lib/webrtc/conn/direct-host.ts').then(
			({ createDirectHost }) => createDirectHost(calls.port1, own),
			() => createPageHost(calls.port1, own),
		);
		const closeAll = (reason: string) => {
			host.closeAll(reason);
			void direct.then((each) => each.closeAll(reason));
		};
		const post = (message: ToNode) => worker.postMessage(message);
		worker.onmessage = ({ data }: MessageEvent<FromNode>) => receive(data);
		worker.onerror = (event) => fail({ code: 'crash', detail: event.message || 'the node crashed' });
		worker.postMessage(
			{
				type: 'start',
				config,
				peerSecret: toHex(secret),
				rtc: channel.port2,
				calls: calls.port2,
				visible: document.visibilityState === 'visible',
			} satisfies ToNode,
			[channel.port2, calls.port2],
		);
		const unwatch = watchLifecycle((change) => {
			if (change === 'freeze') closeAll('sleep');
			post({ type: 'lifecycle', change });
		});
		let unwatchPower = () => {};
		let stopped = false;
		// Not among the first files: a page starts without knowing its battery.
		void import('./platform/power.ts').then(({ watchPower }) => {
			if (!stopped) unwatchPower = watchPower((reading) => post({ type: 'power', reading }));
		});
		return {
			post,
			stop() {
				stopped = true;
				unwatchPower();
				unwatch();
				closeAll('restart');
				worker.terminate();
			},
		};
	}

	/** The wallet's Worker cannot reach what an extension puts into the page. */
	async function askWebln(id: number, call: Extract<FromNode, { type: 'webln' }>['call']): Promise<void> {
		const { askProvider } = await import('./wallet/webln-page.ts');
		const answer = await askProvider((window as { webln?: object }).webln, call);
		(await running)?.post({ type: 'webln-answer', id, answer });
	}

	function receive(message: FromNode): void {
		switch (message.type) {
			case 'slice':
				slices = { ...slices, [message.name]: message.value };
				for (const listener of listeners) listener(message.name);
				return;
			case 'answer':
				pending.get(message.id)?.(message);
				pending.delete(message.id);
				return;
			case 'notify':
				for (const listener of notifications) listener(message.activity);
				return;
			case 'webln':
				void askWebln(message.id, message.call);
				return;
			case 'wallet':
				void askWallet(message.request).then((answer) =>
					running?.then((node) => node.post({ type: 'wallet-answer', id: message.id, answer })),
				);
				return;
			case 'restart':
				restart();
				return;
			case 'fatal':
				fail(message.error);
		}
	}

	/** A wallet that throws, or none, is an answer too: the node must not wait for ever. */
	async function askWallet(request: WalletRequest): Promise<WalletAnswer> {
		const handler = wallets.at(-1);
		if (!handler)
			return { ok: false, error: { type: 'chain', code: 'no-wallet', detail: 'this page serves no wallet' } };
		try {
			return await handler(request);
		} catch (error) {
			return { ok: false, error: { type: 'chain', code: 'failed', detail: String(error) } };
		}
	}

	function refuseAll(detail: string): void {
		const error: CommandError = { type: 'command', code: 'not-ready', detail };
		for (const [id, settle] of pending) settle({ type: 'answer', id, ok: false, error });
		pending = new Map();
	}

	function fail(error: FatalError): void {
		fatal = error;
		refuseAll(error.detail);
		running?.then(
			(node) => node.stop(),
			() => undefined,
		);
		for (const listener of failures) listener(error);
	}

	function start(): void {
		fatal = undefined;
		running = boot();
		running.catch((error: unknown) => fail({ code: 'config', detail: String(error) }));
	}

	function restart(): void {
		refuseAll('the node restarts');
		void running?.then((node) => node.stop()).then(start);
	}

	start();
	return {
		slices: {
			current: (name) => slices[name],
			subscribe(listener) {
				listeners.add(listener);
				return () => listeners.delete(listener);
			},
		},
		async command(name, args) {
			if (fatal) return { ok: false, error: { type: 'command', code: 'not-ready', detail: fatal.detail } };
			const id = nextId++;
			const answered = new Promise<Answer>((resolve) => pending.set(id, resolve));
			running?.then(
				(node) => node.post({ type: 'command', id, name, args } as ToNode),
				(error: unknown) => refuseAll(String(error)),
			);
			const answer = await answered;
			return answer.ok ? { ok: true, value: answer.value as never } : { ok: false, error: answer.error };
		},
		onnotify(listener) {
			notifications.add(listener);
			return () => notifications.delete(listener);
		},
		serveWallet(handler) {
			wallets.push(handler);
			return () => wallets.splice(wallets.indexOf(handler), 1);
		},
		onfatal(listener) {
			failures.add(listener);
			return () => failures.delete(listener);
		},
	};
}
