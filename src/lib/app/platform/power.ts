import type { Power } from '#lib/pow/energy.ts';

/** What a page can read of the device's power. */
export type PowerReading = Pick<Power, 'mobile' | 'hot'> & { readonly battery: Power['battery'] | undefined };

/** Battery Status API: in Chromium only. */
interface Battery extends EventTarget {
	readonly charging: boolean;
	readonly level: number;
}

/** Compute Pressure API: in Chromium only. */
interface PressureRecord {
	readonly state: string;
}
interface Pressure {
	observe(source: 'cpu', options: { sampleInterval: number }): Promise<void>;
	disconnect(): void;
}
type PressureConstructor = new (report: (records: readonly PressureRecord[]) => void) => Pressure;

/** Time between two looks at the processor, ms: heat does not come and go faster. */
const sampleInterval = 5_000;

/** Tells what the browser knows of battery and heat, now and whenever it changes, until the returned function is called. */
export function watchPower(report: (reading: PowerReading) => void): () => void {
	const platform = navigator as Navigator & {
		getBattery?: () => Promise<Battery>;
		userAgentData?: { mobile: boolean };
	};
	const stop = new AbortController();
	// Without user agent data, a finger as the only pointer.
	const mobile = platform.userAgentData?.mobile ?? matchMedia('(pointer: coarse) and (hover: none)').matches;
	let reading: PowerReading = { battery: undefined, mobile, hot: false };
	const tell = (change: Partial<PowerReading>) => {
		if (stop.signal.aborted) return;
		reading = { ...reading, ...change };
		report(reading);
	};
	tell({});

	// Where it exists a policy may still forbid it: then nothing is known, as where it is missing.
	void platform.getBattery?.().then(
		(battery) => {
			const look = () => tell({ battery: { charging: battery.charging, level: battery.level } });
			for (const type of ['chargingchange', 'levelchange'])
				battery.addEventListener(type, look, { signal: stop.signal });
			look();
		},
		() => undefined,
	);
	const { PressureObserver } = globalThis as { PressureObserver?: PressureConstructor };
	if (PressureObserver) {
		const observer = new PressureObserver((records) => tell({ hot: records.at(-1)?.state === 'critical' }));
		observer.observe('cpu', { sampleInterval }).catch(() => undefined);
		stop.signal.addEventListener('abort', () => observer.disconnect());
	}
	return () => stop.abort();
}
