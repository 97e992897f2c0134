import { parseArgs } from 'node:util';
import { numberOption } from './command-line.ts';
import { runScenario } from './scenario.ts';

/**
 * Runs the real engine in a network of virtual nodes on virtual time:
 * `npm run sim -- --nodes 1000 --seed 1 --json`. The last line is the result; the same seed gives the same traceHash.
 */
const { values } = parseArgs({
	options: {
		nodes: { type: 'string', default: '1000' },
		seed: { type: 'string', default: '1' },
		jobs: { type: 'string', default: '5' },
		mute: { type: 'string', default: '0' },
		stall: { type: 'string', default: '0' },
		gone: { type: 'string', default: '0' },
		json: { type: 'boolean', default: false },
	},
});

const number = (name: 'nodes' | 'seed' | 'jobs' | 'mute' | 'stall' | 'gone', min: number, max: number) =>
	numberOption(name, values[name], [min, max]);

const options = {
	nodes: number('nodes', 16, 20_000),
	seed: number('seed', 0, 2 ** 31),
	jobs: number('jobs', 1, 100),
	mute: number('mute', 0, 0.9),
	stall: number('stall', 0, 0.9),
	gone: number('gone', 0, 0.9),
};
const started = process.hrtime.bigint();
const result = runScenario(options);
if (!values.json) {
	const seconds = Number(process.hrtime.bigint() - started) / 1e9;
	console.log(
		`${options.jobs} jobs among ${result.nodes} nodes, seed ${options.seed}: ${seconds.toFixed(1)} s of this machine`,
	);
	console.log(
		`heard by ${(result.delivery * 100).toFixed(2)} % of those who follow the topic, half of them within ${result.p50Ms} ms, 99 % within ${result.p99Ms} ms`,
	);
	console.log(
		`${result.copies} copies a node, ${result.framesPerNode} frames a node and job, ${(result.thanked * 100).toFixed(0)} % of the offers thanked`,
	);
}
console.log(JSON.stringify(result));
