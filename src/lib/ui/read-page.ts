import { mostPage, type ReadPage } from '#lib/wallet/lightning/address.ts';

/** How long a page may take, ms. */
const within = 10_000;

/** Reads a small text page of another host, without cookies and without saying where the person is. */
export const readPage: ReadPage = async (url) => {
	try {
		const response = await fetch(url, {
			credentials: 'omit',
			referrerPolicy: 'no-referrer',
			cache: 'no-store',
			signal: AbortSignal.timeout(within),
		});
		const reader = response.body?.getReader();
		if (!reader) return undefined;
		const decoder = new TextDecoder();
		let text = '';
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return text;
			text += decoder.decode(value, { stream: true });
			if (text.length <= mostPage) continue;
			await reader.cancel();
			return text;
		}
	} catch {
		// The host is away, refuses other origins or took too long: the caller says so.
		return undefined;
	}
};
