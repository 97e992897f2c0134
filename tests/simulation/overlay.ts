import { parseArgs } from 'node:util';
import { numberOption } from './command-line.ts';
import { runOverlayScenario } from './overlay/scenario.ts';

/**
 * Runs the real overlay in a network of virtual peers on virtual time:
 * `npm run sim:overlay -- --nodes 1000 --kill 0.5 --seed 1 --json`. The last line is the result; the same options
 * give the same traceHash. What is modelled and what it costs: overlay/model.ts.
 */
const { values } = parseArgs({
	options: {
		nodes: { type: 'string', default: '1000' },
		seed: { type: 'string', default: '1' },
		kill: { type: 'string', default: '0' },
		unreachable: { type: 'string', default: '0.1' },
		/** Minutes. */
		churn: { type: 'boolean', default: false },
		islands: { type: 'boolean', default: false },
		json: { type: 'boolean', default: false },
	},
});

const number = (name: 'nodes' | 'seed' | 'kill' | 'unreachable', min: number, max: number) =>
	numberOption(name, values[name], [min, max]);

const options = {
	nodes: number('nodes', 2, 20_000),
	seed: number('seed', 0, 2 ** 31),
	kill: number('kill', 0, 0.95),
	model: { unreachable: number('unreachable', 0, 0.95) },
	islands: values.islands,
	...(values.churn ? { churnMinutes: 10 } : {}),
};
const started = process.hrtime.bigint();
const result = runOverlayScenario(options);
if (!values.json) {
	const seconds = Number(process.hrtime.bigint() - started) / 1e9;
	console.log(`${options.nodes} nodes, seed ${options.seed}: ${seconds.toFixed(1)} s of this machine`);
	console.log(
		`${result.components} component(s), ${result.minDegree} to ${result.maxDegree} links, ${result.meanPath} hops on average, ${result.diameter} at most`,
	);
	console.log(
		`first link after ${result.firstLinkP50Ms} ms (half of them), three after ${result.threeLinksP95Ms} ms (95 %), ${result.relayEventsPerJoin} relay events a join`,
	);
	if (options.kill > 0) console.log(`healed ${result.healMs} ms after the loss of ${options.kill * 100} %`);
}
console.log(JSON.stringify(result));
