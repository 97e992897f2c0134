import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { meshFrameTypes, refusals } from '#lib/gossip/wire/frames.ts';
import { protocolDoc, withTables } from '../wire-table.ts';

const doc = readFileSync(protocolDoc, 'utf8');

describe('docs/protocol.md', () => {
	it('has the wire table of the code; `node tests/wire-table.ts` brings it up to date', () => {
		expect(doc).toBe(withTables(doc));
	});

	it('shows a change of the code as a difference', () => {
		const field = /\| `favourNumber` \| 8 B \|/;
		expect(doc).toMatch(field);
		const stale = doc.replace(field, '| `favourNumber` | 16 B |');
		expect(withTables(stale)).toBe(doc);
	});

	it('explains every refusal by its number', () => {
		const rows = [...doc.matchAll(/^\| (\d+) \| `([a-z-]+)` \| .+ \|$/gm)].map(([, number, name]) => [
			name,
			Number(number),
		]);
		expect(rows).toEqual(Object.entries(refusals));
	});

	it('names every mesh frame in its text', () => {
		const text = doc.slice(0, doc.indexOf('## Limits'));
		for (const { name } of meshFrameTypes) expect(text).toContain(name);
	});
});
