import { describe, expect, it, vi } from 'vitest';
import { runOverlayScenario } from '../../simulation/overlay/scenario.ts';

// Hundreds of real overlays in one process: seconds of computing. Nothing here measures real time.
vi.setConfig({ testTimeout: 120_000 });

const small = { nodes: 200, joinMs: 12_000 } as const;

describe('two hundred peers in the simulator', () => {
	it.each([11, 12, 13])(
		'make one mesh, keep their limits, and heal when half of them vanish (seed %i)',
		(seed) => {
			const result = runOverlayScenario({ ...small, seed, kill: 0.5 });
			expect(result.before).toMatchObject({ components: 1 });
			expect(result.before.minDegree).toBeGreaterThanOrEqual(3);
			expect(result.mostDegree).toBeLessThanOrEqual(8);
			expect(result.components).toBe(1);
			expect(result.minDegree).toBeGreaterThanOrEqual(3);
			expect(result.healMs).toBeGreaterThan(0);
			expect(result.firstLinkP50Ms).toBeLessThanOrEqual(800);
			expect(result.threeLinksP95Ms).toBeLessThanOrEqual(4_000);
			expect(result.relayEventsPerJoin).toBeLessThanOrEqual(10);
			// The busiest, a greeter, makes a few times as many connections as anybody, not as many as all together.
			expect(result.mostConnections).toBeLessThan(8 * result.connectionsPerNode);
		},
	);

	it('run the same way with the same seed, and another with another', () => {
		const run = (seed: number) => runOverlayScenario({ nodes: 60, joinMs: 5_000, seed, kill: 0.3 });
		expect(run(5)).toEqual(run(5));
		expect(run(6).traceHash).not.toBe(run(5).traceHash);
	});

	it('of whom one in ten is left when all others leave at once find each other again', () => {
		const result = runOverlayScenario({ ...small, nodes: 100, seed: 17, kill: 0.9, patienceMs: 90_000 });
		expect(result.nodes).toBeGreaterThan(4);
		expect(result.components).toBe(1);
	});

	it('make one mesh when a third of all pairs cannot connect', () => {
		const result = runOverlayScenario({ ...small, seed: 14, kill: 0, model: { unreachable: 0.35 } });
		expect(result.components).toBe(1);
		expect(result.mostDegree).toBeLessThanOrEqual(8);
	});

	it('that know only half of the relays each are two islands until one joiner knows both', () => {
		const result = runOverlayScenario({ ...small, nodes: 120, seed: 15, kill: 0, islands: true });
		expect(result.before.components).toBe(2);
		expect(result.components).toBe(1);
	});

	it('stay together while they come and go', () => {
		const result = runOverlayScenario({ ...small, nodes: 120, seed: 16, kill: 0, churnMinutes: 3 });
		expect(result.leastTogether).toBeGreaterThan(0.95);
		expect(result.components).toBe(1);
	});
});
