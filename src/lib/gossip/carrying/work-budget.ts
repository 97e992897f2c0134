import type { Context } from '../context.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';

/** What this device can do, and how much of it the owner gives away for others' jobs. */
export class WorkBudget {
	readonly #context: Context;
	#rate: number;
	#saving = false;
	/** In ms of this device's work. */
	#all: TokenBucket | undefined;
	#strangers: TokenBucket | undefined;

	constructor(context: Context) {
		this.#context = context;
		this.#rate = context.parameters.assumedHashRate;
	}

	get hashRate(): number {
		return this.#rate;
	}

	get saving(): boolean {
		return this.#saving;
	}

	update(hashRate: number, saving: boolean): void {
		if (hashRate > 0) this.#rate = hashRate;
		this.#saving = saving;
	}

	/** Takes `hashes` from the gift of this minute. Neighbours that never brought thanks share a part of it. */
	give(hashes: number, proven: boolean): boolean {
		if (this.#saving) return false;
		const now = this.#context.now();
		const { charityMsPerMinute: gift, strangersShare } = this.#context.parameters;
		this.#all ??= new TokenBucket(gift / 60, gift, now);
		this.#strangers ??= new TokenBucket((gift * strangersShare) / 60, gift * strangersShare, now);
		const cost = (hashes / this.#rate) * 1_000;
		if (this.#all.available(now) < cost) return false;
		if (!proven && !this.#strangers.take(now, cost)) return false;
		return this.#all.take(now, cost);
	}
}
