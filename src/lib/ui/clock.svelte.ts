import { createSubscriber } from 'svelte/reactivity';
import type { Millis } from '#lib/core/brand.ts';

/** Shown times are at most this old, ms. */
const tickMs = 1000;

/** One ticking clock for every shown time: runs while something shows a time and the page is visible. */
export class UiClock {
	#now: Millis = Date.now();
	readonly #subscribe = createSubscriber((update) => {
		const tick = () => {
			this.#now = Date.now();
			update();
		};
		const timer = setInterval(() => {
			if (document.visibilityState === 'visible') tick();
		}, tickMs);
		document.addEventListener('visibilitychange', tick);
		this.#now = Date.now();
		return () => {
			clearInterval(timer);
			document.removeEventListener('visibilitychange', tick);
		};
	});

	get now(): Millis {
		this.#subscribe();
		return this.#now;
	}
}
