import { trustedUrl } from '#lib/app/trusted-url.ts';

/** Keeps the installed version current: a new one waits until the person agrees. */
export class AppUpdate {
	/**
	 * `waiting`: a new version is downloaded and ready. `elsewhere`: another tab already switched to it.
	 * `unavailable`: this browser keeps no service worker, so the app needs the network to open.
	 */
	state = $state<'current' | 'waiting' | 'elsewhere' | 'unavailable'>('current');
	#waiting: ServiceWorker | undefined;
	#asked = false;

	/** Registers the service worker at `url`. */
	async start(url: string, reload: () => void): Promise<void> {
		if (!('serviceWorker' in navigator)) {
			this.state = 'unavailable';
			return;
		}
		const container = navigator.serviceWorker;
		const updating = container.controller !== null;
		const registration = await container
			.register(trustedUrl(url), { updateViaCache: 'none' })
			.catch(() => undefined);
		if (!registration) {
			this.state = 'unavailable';
			return;
		}
		container.addEventListener('controllerchange', () => {
			if (this.#asked) reload();
			else if (updating) this.state = 'elsewhere';
		});
		const offer = (worker: ServiceWorker | null) => {
			if (!worker || !container.controller) return;
			this.#waiting = worker;
			this.state = 'waiting';
		};
		offer(registration.waiting);
		registration.addEventListener('updatefound', () => {
			const { installing } = registration;
			installing?.addEventListener('statechange', () => {
				if (installing.state === 'installed') offer(installing);
			});
		});
	}

	/** The person agreed: the waiting version takes over and the page reloads. */
	accept(): void {
		this.#asked = true;
		this.#waiting?.postMessage('use-now');
	}
}
