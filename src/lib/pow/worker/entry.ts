import scalarUrl from 'virtual:pow-kernel/scalar';
import simdUrl from 'virtual:pow-kernel/simd';
import { loadScan } from './load-scan.ts';
import type { Report, ToSolver } from './protocol.ts';
import { createSolver } from './solver.ts';
import { yieldThen } from './yield.ts';

/** Entry of a solver's Worker in a browser. */
const scope = self as unknown as {
	postMessage(report: Report): void;
	onmessage: (event: MessageEvent<ToSolver>) => void;
};

async function fetched(url: string): Promise<ArrayBuffer> {
	const response = await fetch(url);
	if (!response.ok) throw new Error(`${url}: ${response.status}`);
	return response.arrayBuffer();
}

const solver = loadScan({
	simd: () => fetched(simdUrl),
	scalar: () => fetched(scalarUrl),
	javascript: async () => (await import('virtual:pow-kernel/javascript')).createSearch(),
}).then(({ scan }) =>
	createSolver({
		scan,
		now: () => performance.now(),
		yieldThen,
		report: (report) => scope.postMessage(report),
	}),
);
// Set at once, not when the kernel is there: a message that nobody listens for is lost.
scope.onmessage = ({ data }) => void solver.then((receive) => receive(data));
