import { request } from 'node:http';
import { expect, test } from 'vitest';
import { noFaults } from '../../network/relay/faults.ts';
import { startRelay } from '../../network/relay/relay.ts';
import { runningRelay } from './relay-kit.ts';

const httpOf = (url: string) => url.replace('ws://', 'http://');

test('the knobs are turned over HTTP where that was allowed', async () => {
	const relay = await runningRelay({ control: true });
	const knobs = `${httpOf(relay.url)}/faults`;
	const put = await fetch(knobs, { method: 'PUT', body: JSON.stringify({ dropShare: 0.5, lie: 'sender' }) });
	expect(put.status).toBe(200);
	expect(await put.json()).toEqual({ ...noFaults, dropShare: 0.5, lie: 'sender' });
	expect(relay.faults.lie).toBe('sender');
	expect(await (await fetch(knobs)).json()).toEqual(relay.faults);
	await fetch(knobs, { method: 'DELETE' });
	expect(relay.faults).toEqual(noFaults);
	expect(await (await fetch(`${httpOf(relay.url)}/stats`)).json()).toEqual(relay.stats());
});

test.each([
	['not JSON', '{'],
	['a list', '[]'],
	['null', 'null'],
	['an unknown knob', '{"explode":true}'],
	['a knob of the prototype', '{"toString":true}'],
	['a share over one', '{"dropShare":2}'],
	['a delay in words', '{"delayMs":"1"}'],
	['an unknown lie', '{"lie":"white"}'],
	['a pair of one', `{"blockedPairs":[["${'a'.repeat(64)}"]]}`],
	['keys that are no keys', '{"blockedPairs":[["a","b"]]}'],
	['kinds in words', '{"rejectKinds":["1"]}'],
])('%s turns no knob', async (_, body) => {
	const relay = await runningRelay({ control: true });
	const answer = await fetch(`${httpOf(relay.url)}/faults`, { method: 'PUT', body });
	expect(answer.status).toBe(400);
	expect(relay.faults).toEqual(noFaults);
});

test('a body without end is not read to its end', async () => {
	const relay = await runningRelay({ control: true });
	const body = JSON.stringify({ reject: 'x'.repeat(100_000) });
	expect((await fetch(`${httpOf(relay.url)}/faults`, { method: 'PUT', body })).status).toBe(413);
});

test('without control there are no knobs, only who it is', async () => {
	const relay = await runningRelay();
	const base = httpOf(relay.url);
	for (const path of ['/faults', '/stats', '/other'])
		expect((await fetch(`${base}${path}`)).status).toBe(404);
	expect((await fetch(`${base}/faults`, { method: 'PUT', body: '{"stall":true}' })).status).toBe(404);
	expect(relay.faults.stall).toBe(false);
	const about = await fetch(`${base}/`);
	expect(await about.json()).toMatchObject({ supported_nips: [1, 11, 40] });
});

test('a page of another name cannot reach it through this machine', async () => {
	const relay = await runningRelay({ control: true });
	const { port } = new URL(relay.url);
	const status = await new Promise<number | undefined>((resolve, reject) => {
		request({ host: '127.0.0.1', port, path: '/faults', headers: { host: 'evil.test' } }, (response) => {
			response.resume();
			resolve(response.statusCode);
		})
			.on('error', reject)
			.end();
	});
	expect(status).toBe(421);
});

test('a taken port is a plain answer', async () => {
	const relay = await runningRelay();
	const port = Number(new URL(relay.url).port);
	expect(await startRelay({ port })).toEqual({
		ok: false,
		error: {
			type: 'listen',
			code: 'port-taken',
			detail: `Port ${port} is taken by another program.`,
		},
	});
});
