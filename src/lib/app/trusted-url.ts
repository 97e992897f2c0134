/** The part of the Trusted Types API used here; the DOM library does not know it yet. */
interface TrustedTypes {
	createPolicy(
		name: string,
		rules: { createScriptURL(url: string): string },
	): { createScriptURL(url: string): string };
}

/** The one policy of this program: it may start scripts of its own origin only. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
	'sweet-gossip-url',
	{
		createScriptURL(url) {
			const { origin } = new URL(url, location.href);
			if (origin !== location.origin) throw new Error(`a script from ${origin} was about to be started`);
			return url;
		},
	},
);

/**
 * Marks a URL of this origin as fit for `new Worker()` and `serviceWorker.register()`.
 * Where the browser has Trusted Types the answer is a TrustedScriptURL, which those two take as it is.
 */
export const trustedUrl = (url: string): string => policy?.createScriptURL(url) ?? url;
