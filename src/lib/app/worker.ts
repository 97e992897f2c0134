import { fromHex } from '#lib/core/bytes.ts';
import { publicKey, secretFrom, verify } from '#lib/core/crypto/schnorr.ts';
import { createBrowserPool } from '#lib/pow/worker/browser-pool.ts';
import { createIndexedStore } from '#lib/store/indexed.ts';
import type { WeblnCall } from '#lib/wallet/lightning/webln.ts';
import { createWorkerConns } from '#lib/webrtc/conn/worker-proxy.ts';
import { createNostrRendezvous } from '#lib/webrtc/rendezvous/nostr.ts';
import { platformSocket } from '#lib/webrtc/rendezvous/nostr/socket.ts';
import { createPageWallet } from './memes/page-wallet.ts';
import { startNode, type SweetNode } from './node.ts';
import { systemClock } from './platform/clock.ts';
import { systemRandom } from './platform/random.ts';
import { browserTabs } from './platform/tabs.ts';
import type { FromNode, ToNode } from './protocol.ts';
import { createQuestions } from './wallet/questions.ts';

/**
 * Entry of the node's dedicated Worker: protocol, crypto, storage and timers live here, so that a busy page cannot
 * stall the mesh and a flood cannot freeze the page.
 */
const scope = self as unknown as {
	postMessage(message: FromNode): void;
	onmessage: ((event: MessageEvent<ToNode>) => void) | null;
	onunhandledrejection: ((event: PromiseRejectionEvent) => void) | null;
};
const post = (message: FromNode): void => scope.postMessage(message);
const questions = createQuestions((id, call: WeblnCall) => post({ type: 'webln', id, call }));

const pageWallet = createPageWallet((id, request) => post({ type: 'wallet', id, request }));

async function start(message: Extract<ToNode, { type: 'start' }>): Promise<SweetNode | undefined> {
	const uniform = fromHex(message.peerSecret, 48);
	if (!uniform) throw new Error('the page passed no peer secret');
	const secret = secretFrom(uniform);
	const started = await startNode(
		{
			config: message.config,
			identity: { id: publicKey(secret), secret },
			origin: location.origin,
			clock: systemClock,
			random: systemRandom,
			store: createIndexedStore(),
			tabs: browserTabs(),
			webln: (call) => questions.ask(call),
			pool: createBrowserPool(systemClock),
			conns: createWorkerConns(message.rtc),
			directConns: createWorkerConns(message.calls, { transfer: false }),
			chain: {
				openChain: async (choice) => (await import('#lib/wallet/evm/reads.ts')).createChainReader(choice),
				wallet: (choice) => pageWallet.wallet(choice),
			},
			rendezvous: (relays, log) => [
				createNostrRendezvous({
					relays,
					network: message.config.network,
					openSocket: platformSocket,
					clock: systemClock,
					random: systemRandom,
					verify,
					log,
				}),
			],
		},
		{
			onslice: (name, value) => post({ type: 'slice', name, value }),
			onnotify: (activity) => post({ type: 'notify', activity }),
			onrestart: (why) => post({ type: 'restart', why }),
			onfatal: (error) => post({ type: 'fatal', error: { code: error.code, detail: error.detail } }),
		},
	);
	if (!started.ok) {
		post({ type: 'fatal', error: { code: started.error.code, detail: started.error.detail } });
		return undefined;
	}
	if (!message.visible) started.value.lifecycle('hidden');
	return started.value;
}

// A thrown error reaches the page by itself, a rejected promise does not: without this the page would wait for ever.
scope.onunhandledrejection = ({ reason }) =>
	post({ type: 'fatal', error: { code: 'crash', detail: String(reason) } });

let node: Promise<SweetNode | undefined> | undefined;

scope.onmessage = ({ data }) => {
	if (data.type === 'start') {
		node = start(data);
		return;
	}
	if (data.type === 'wallet-answer') {
		pageWallet.answer(data.id, data.answer);
		return;
	}
	void node?.then(async (running) => {
		if (data.type === 'lifecycle') running?.lifecycle(data.change);
		else if (data.type === 'power') running?.power(data.reading);
		else if (data.type === 'webln-answer') questions.answered(data.id, data.answer);
		else if (running) post(await running.command(data));
		else
			post({
				type: 'answer',
				id: data.id,
				ok: false,
				error: { type: 'command', code: 'storage', detail: 'the node could not start' },
			});
	});
};
