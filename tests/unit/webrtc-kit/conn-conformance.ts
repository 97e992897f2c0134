import { describe, expect, it } from 'vitest';
import { connScenarios, type ConformanceRig } from './conn-scenarios.ts';

/** Runs every scenario against one kind of connection. */
export function describePeerConn(name: string, setUp: () => ConformanceRig): void {
	describe(`a ${name} connection`, () => {
		it.each(Object.entries(connScenarios))('%s', async (_, run) => {
			await expect(run(setUp())).resolves.toBeUndefined();
		});
	});
}
