import { createWorkerConns } from '#lib/webrtc/conn/worker-proxy.ts';
import { connScenarios } from '../../unit/webrtc-kit/conn-scenarios.ts';

/** Runs connection scenarios inside a Worker, as the node does; the page owns the connections. */
export interface ScenarioRequest {
	readonly name: string;
	readonly port: MessagePort;
	readonly transfer: boolean;
}
export type ScenarioResult = { readonly ok: true } | { readonly ok: false; readonly detail: string };

const scope = self as unknown as {
	onmessage: ((event: MessageEvent<ScenarioRequest>) => void) | null;
	postMessage(result: ScenarioResult): void;
};

/** Generous: many tests share the machine, ms. */
const patience = 20_000;

async function until(check: () => boolean): Promise<void> {
	const end = performance.now() + patience;
	while (!check()) {
		if (performance.now() > end) throw new Error('waited in vain');
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

scope.onmessage = ({ data: { name, port, transfer } }) => {
	const conns = createWorkerConns(port, { transfer });
	const run = connScenarios[name];
	if (!run) throw new Error(`no scenario ${name}`);
	run({ caller: conns, callee: conns, until }).then(
		() => scope.postMessage({ ok: true }),
		(error: unknown) => scope.postMessage({ ok: false, detail: String(error) }),
	);
};
