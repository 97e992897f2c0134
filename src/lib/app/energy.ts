import { workMode, type Power, type WorkMode } from '#lib/pow/energy.ts';
import type { GraphicsState } from '#lib/pow/worker/crew.ts';
import type { PowEvents, PowJob, PowPool } from '#lib/pow/worker/pool.ts';

export interface EnergyEvents {
	/** What this device can do from now on. */
	ondevice(device: { readonly hashRate: number; readonly saving: boolean }): void;
	onchange(): void;
}

type EnergyPool = Pick<PowPool, 'most' | 'employ' | 'calibrate' | 'rate' | 'graphics' | 'solve' | 'cancel'>;

/** A measure that differs by less changes nobody's mind. */
const tolerance = 0.1;

/** Keeps the solver as busy as battery, heat, page and person allow, and says what the device can do then. */
export class Energy {
	readonly #pool: EnergyPool;
	readonly #events: EnergyEvents;
	#power: Power;
	#mode: WorkMode | undefined;
	/** Hashes a second, as last told. */
	#told = 0;

	constructor(pool: EnergyPool, power: Power, events: EnergyEvents) {
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
			if (this.#mode === mode) this.#tell(hashRate, mode);
		});
	}

	/** What the device can do, as the engine knows it, hashes a second; 0 before anything was measured. */
	get hashRate(): number {
		return this.#told;
	}

	get graphics(): GraphicsState {
		return this.#pool.graphics();
	}

	/** Queues a job; the work itself is the better measure than the one at a busy start. */
	solve(job: PowJob, events: PowEvents): void {
		this.#pool.solve(job, {
			...events,
			progress: (state) => {
				this.#measure();
				events.progress(state);
			},
		});
	}

	cancel(id: string): void {
		this.#pool.cancel(id);
	}

	#measure(): void {
		const rate = this.#pool.rate();
		const known = this.#mode !== undefined && this.#told > 0;
		if (known && Math.abs(rate - this.#told) > tolerance * this.#told) this.#tell(rate, this.mode);
	}

	#tell(hashRate: number, { saving }: WorkMode): void {
		this.#told = hashRate;
		this.#events.ondevice({ hashRate, saving });
		this.#events.onchange();
	}
}
