/** Chromium's event; not in the DOM library because no other engine has it. */
interface InstallPromptEvent extends Event {
	prompt(): Promise<unknown>;
}

const dismissedKey = 'install-dismissed';

/** Whether and how this browser can put the app on the device. */
export class InstallOffer {
	#event = $state.raw<InstallPromptEvent>();
	#ios = $state(false);
	#dismissed = $state(true);

	/** Listens from now on; the returned function stops. */
	start(): () => void {
		this.#dismissed = localStorage.getItem(dismissedKey) !== null;
		this.#ios = /iPhone|iPad/.test(navigator.userAgent) && !matchMedia('(display-mode: standalone)').matches;
		const keep = (event: Event) => {
			event.preventDefault();
			this.#event = event as InstallPromptEvent;
		};
		const done = () => this.dismiss();
		addEventListener('beforeinstallprompt', keep);
		addEventListener('appinstalled', done);
		return () => {
			removeEventListener('beforeinstallprompt', keep);
			removeEventListener('appinstalled', done);
		};
	}

	get way(): 'prompt' | 'ios' | undefined {
		if (this.#dismissed) return undefined;
		if (this.#event) return 'prompt';
		return this.#ios ? 'ios' : undefined;
	}

	async accept(): Promise<void> {
		await this.#event?.prompt();
		this.dismiss();
	}

	dismiss(): void {
		localStorage.setItem(dismissedKey, 'yes');
		this.#dismissed = true;
	}
}
