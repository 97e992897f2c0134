/** The one Trusted Types policy of this program: the page may start scripts of its own origin only. */
const policy = globalThis.trustedTypes?.createPolicy('sweet-gossip-url', {
	createScriptURL(url) {
		const { origin } = new URL(url, location.href);
		if (origin !== location.origin) throw new Error(`a script from ${origin} was about to be started`);
		return url;
	},
});

/**
 * Marks a URL of this origin as fit for `new Worker()` and `serviceWorker.register()`.
 * The DOM library types those parameters as strings, hence the type of the answer.
 */
export function trustedUrl(url: string): string {
	return (policy?.createScriptURL(url) ?? url) as string;
}
