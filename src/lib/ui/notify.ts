import type { ActivityView } from '#lib/gossip/view.ts';
import { t } from './i18n/t.ts';

/** Tells a person who looks elsewhere, through the service worker: it opens `path` when tapped. */
export async function showNotification(entry: ActivityView, path: string): Promise<void> {
	if (document.visibilityState === 'visible') return;
	if (!('Notification' in globalThis) || Notification.permission !== 'granted') return;
	const registration = await navigator.serviceWorker.getRegistration();
	await registration?.showNotification(t(`activity.${entry.kind}`), {
		body: entry.excerpt,
		tag: entry.id,
		icon: '/icon-192.png',
		data: { path },
	});
}
