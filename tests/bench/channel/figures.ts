import { percentile } from '../../simulation/overlay/measure.ts';
import type { Contestant } from './page/protocol.ts';
import type { HeatResult } from './race.ts';

const rounded = (value: number): number => Number(value.toPrecision(4));

/** The middle of what the heats of one contestant show. */
function middleOf(results: readonly HeatResult[], contestant: Contestant) {
	const own = results.filter((each) => each.contestant === contestant);
	const middle = (figure: (of: HeatResult) => number) => percentile(own.map(figure), 0.5);
	return {
		perSecond: middle(({ rounds, ms }) => (1_000 * rounds) / ms),
		busyMs: middle(({ rounds, busyMs }) => busyMs / rounds),
		browserMs: middle(({ rounds, browserCpuMs }) => (browserCpuMs ?? NaN) / rounds),
		bytes: middle(({ rounds, bytes }) => bytes / rounds),
	};
}

/**
 * Medians over the heats. `cpuMs...`: what the main threads of both tabs work for one round; `browserCpuMs...`: what
 * all of the browser does, disk and network included. `ratio...`: rounds a second of this over those of the other.
 */
export function figuresOf(
	results: readonly HeatResult[],
	slow: (HeatResult & { readonly slotSeconds: number }) | undefined,
) {
	const sweet = middleOf(results, 'sweet');
	const nitro = middleOf(results, 'nitro');
	const turns = middleOf(results, 'nitroTurns');
	const onChain = middleOf(results, 'onChain');
	const [first] = results;
	const slowPerSecond = slow && (1_000 * slow.rounds) / slow.ms;
	const figures = {
		rounds: first?.rounds ?? 0,
		heats: results.length / 4,
		roundsPerSecond: sweet.perSecond,
		nitroRoundsPerSecond: nitro.perSecond,
		nitroTurnsRoundsPerSecond: turns.perSecond,
		onChainRoundsPerSecond: onChain.perSecond,
		ratioNitro: sweet.perSecond / nitro.perSecond,
		ratioNitroTurns: sweet.perSecond / turns.perSecond,
		ratioOnChain: sweet.perSecond / onChain.perSecond,
		cpuMsPerRound: sweet.busyMs,
		nitroCpuMsPerRound: nitro.busyMs,
		nitroTurnsCpuMsPerRound: turns.busyMs,
		onChainCpuMsPerRound: onChain.busyMs,
		ratioNitroCpu: nitro.busyMs / sweet.busyMs,
		browserCpuMsPerRound: sweet.browserMs,
		nitroBrowserCpuMsPerRound: nitro.browserMs,
		bytesPerRound: sweet.bytes,
		nitroBytesPerRound: nitro.bytes,
		ratioNitroBytes: nitro.bytes / sweet.bytes,
		...(slow && slowPerSecond !== undefined
			? {
					slotSeconds: slow.slotSeconds,
					slotRoundsPerSecond: slowPerSecond,
					ratioSlot: sweet.perSecond / slowPerSecond,
				}
			: {}),
	};
	return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)]));
}
