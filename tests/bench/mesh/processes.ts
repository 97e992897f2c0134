import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of /proc/<pid>/stat a second, on Linux. */
const ticksPerSecond = 100;

/** What all processes under one have used so far. Linux only. */
export interface Usage {
	readonly cpuSeconds: number;
	/** Proportional set size: shared pages count once in all. */
	readonly memoryMb: number;
}

export function usageOf(root: number): Usage {
	const children = new Map<number, number[]>();
	const ticks = new Map<number, number>();
	for (const entry of readdirSync('/proc')) {
		const pid = Number(entry);
		if (!Number.isInteger(pid)) continue;
		try {
			const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
			const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			const parent = Number(fields[1]);
			children.set(parent, [...(children.get(parent) ?? []), pid]);
			// User and system time, its own and of children that ended.
			ticks.set(
				pid,
				[11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0),
			);
		} catch {
			// It ended between being listed and being read.
		}
	}
	let cpuSeconds = 0;
	let memoryMb = 0;
	const queue = [root];
	for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
		queue.push(...(children.get(pid) ?? []));
		cpuSeconds += (ticks.get(pid) ?? 0) / ticksPerSecond;
		memoryMb += memoryOf(pid);
	}
	return { cpuSeconds, memoryMb };
}

function memoryOf(pid: number): number {
	try {
		const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
		return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1_024;
	} catch {
		return 0;
	}
}
