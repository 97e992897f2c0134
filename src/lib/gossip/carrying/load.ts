import type { Millis } from '#lib/core/brand.ts';
import { nextLoad } from '#lib/pow/difficulty.ts';

/** Length of one measurement, ms. */
const period = 2_000;

/** How busy this node is, as a factor on prices; it rises with the broadcasts it accepted. */
export class Load {
	readonly #capacity: number;
	#level = 1;
	#accepted = 0;
	#since: Millis | undefined;

	constructor(capacityPerSecond: number) {
		this.#capacity = (capacityPerSecond * period) / 1_000;
	}

	accepted(now: Millis): void {
		this.level(now);
		this.#accepted += 1;
	}

	level(now: Millis): number {
		this.#since ??= now;
		// A clock set back starts a new period.
		if (now < this.#since) this.#since = now;
		while (now - this.#since >= period) {
			this.#level = nextLoad(this.#level, this.#accepted / this.#capacity);
			this.#accepted = 0;
			// At rest, the idle periods change nothing and are passed over.
			this.#since += this.#level === 1 ? Math.floor((now - this.#since) / period) * period : period;
		}
		return this.#level;
	}
}
