import { workMode, type Power, type WorkMode } from '#lib/pow/energy.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';

export interface EnergyEvents {
	/** What this device can do from now on. */
	ondevice(device: { readonly hashRate: number; readonly saving: boolean }): void;
	onchange(): void;
}

/** Keeps the solver as busy as battery, heat, page and person allow, and says what the device can do then. */
export class Energy {
	readonly #pool: Pick<PowPool, 'most' | 'employ' | 'calibrate'>;
	readonly #events: EnergyEvents;
	#power: Power;
	#mode: WorkMode | undefined;

	constructor(pool: Pick<PowPool, 'most' | 'employ' | 'calibrate'>, power: Power, events: EnergyEvents) {
		this.#pool = pool;
		this.#power = power;
		this.#events = events;
	}

	get mode(): WorkMode {
		return this.#mode ?? workMode(this.#power, this.#pool.most);
	}

	/** Takes news over; called once in the beginning too. */
	update(change: Partial<Power>): void {
		this.#power = { ...this.#power, ...change };
		const mode = workMode(this.#power, this.#pool.most);
		const known = this.#mode;
		if (known && JSON.stringify(known) === JSON.stringify(mode)) return;
		this.#mode = mode;
		this.#pool.employ(mode);
		this.#events.onchange();
		void this.#pool.calibrate().then((hashRate) => {
			// News that came meanwhile has its own measurement.
			if (this.#mode === mode) this.#events.ondevice({ hashRate, saving: mode.saving });
		});
	}
}
