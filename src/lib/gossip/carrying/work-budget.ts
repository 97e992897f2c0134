import type { Context } from '../context.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';

/** Which part of the owner's gift a job may draw on: neighbours that never brought thanks share a part of it. */
export type Gift = 'none' | 'shared' | 'whole';

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

	/** Expected hashes that may be spent in all on having one job of my own carried. */
	get ownJobHashes(): number {
		const ms = this.#context.parameters.jobWorkMs / (this.#saving ? 2 : 1);
		return Math.floor((this.#rate * ms) / 1_000);
	}

	/** Takes `hashes` from the gift of this minute. */
	give(hashes: number, gift: Gift): boolean {
		if (this.#saving || gift === 'none') return false;
		const now = this.#context.now();
		const { charityMsPerMinute, strangersShare } = this.#context.parameters;
		const shared = charityMsPerMinute * strangersShare;
		this.#all ??= new TokenBucket(charityMsPerMinute / 60, charityMsPerMinute, now);
		this.#strangers ??= new TokenBucket(shared / 60, shared, now);
		const cost = (hashes / this.#rate) * 1_000;
		if (this.#all.available(now) < cost) return false;
		if (gift === 'shared' && !this.#strangers.take(now, cost)) return false;
		return this.#all.take(now, cost);
	}
}
