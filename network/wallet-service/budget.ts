import type { Clock } from '#lib/core/clock.ts';

export type BudgetRenewal = 'daily' | 'weekly' | 'monthly' | 'yearly' | 'never';

export interface BudgetTerms {
	/** What may leave within one period, fees included, msat. */
	readonly totalMsat: number;
	readonly renewal: BudgetRenewal;
}

export interface BudgetState {
	readonly usedMsat: number;
	readonly totalMsat: number;
	readonly renewal: BudgetRenewal;
	/** Seconds since the Unix epoch; absent when it never renews. */
	readonly renewsAt?: number;
}

/** What one connection may spend. Money in flight counts as spent. */
export interface Budget {
	/** Sets an amount aside; `undefined` when the budget does not reach. */
	reserve(msat: number): Reservation | undefined;
	state(): BudgetState;
}

export interface Reservation {
	/** The payment left with this amount, msat: fees included. */
	spent(msat: number): void;
	/** Nothing left. */
	release(): void;
}

const dayMs = 86_400_000;
const periodMs: Readonly<Record<BudgetRenewal, number>> = {
	daily: dayMs,
	weekly: 7 * dayMs,
	monthly: 30 * dayMs,
	yearly: 365 * dayMs,
	never: Number.POSITIVE_INFINITY,
};

export function createBudget(terms: BudgetTerms, clock: Clock): Budget {
	let periodStart = clock.now();
	let used = 0;

	/** A period that has ended takes its spendings with it. */
	function renew(): void {
		const length = periodMs[terms.renewal];
		const elapsed = clock.now() - periodStart;
		if (elapsed < length) return;
		periodStart += Math.floor(elapsed / length) * length;
		used = 0;
	}

	return {
		reserve(msat) {
			renew();
			if (used + msat > terms.totalMsat) return undefined;
			used += msat;
			const within = periodStart;
			let open = true;
			const settle = (finalMsat: number) => {
				if (!open) return;
				open = false;
				renew();
				if (within === periodStart) used += finalMsat - msat;
			};
			return { spent: settle, release: () => settle(0) };
		},
		state() {
			renew();
			const length = periodMs[terms.renewal];
			return {
				usedMsat: used,
				totalMsat: terms.totalMsat,
				renewal: terms.renewal,
				...(Number.isFinite(length) ? { renewsAt: Math.floor((periodStart + length) / 1_000) } : {}),
			};
		},
	};
}
