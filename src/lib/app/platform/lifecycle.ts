import type { ToNode } from '../protocol.ts';

type Change = Extract<ToNode, { type: 'lifecycle' }>['change'];

/** Tells the node what the browser does with the page. `pagehide` counts as freeze: the page may come back from the cache. */
export function watchLifecycle(report: (change: Change) => void): () => void {
	const stop = new AbortController();
	const on = (target: EventTarget, type: string, run: (event: Event) => void) =>
		target.addEventListener(type, run, { signal: stop.signal });
	on(document, 'visibilitychange', () =>
		report(document.visibilityState === 'visible' ? 'visible' : 'hidden'),
	);
	on(document, 'freeze', () => report('freeze'));
	on(document, 'resume', () => report('resume'));
	on(window, 'pagehide', () => report('freeze'));
	on(window, 'pageshow', (event) => {
		if ((event as PageTransitionEvent).persisted) report('resume');
	});
	on(window, 'online', () => report('online'));
	on(window, 'offline', () => report('offline'));
	return () => stop.abort();
}
