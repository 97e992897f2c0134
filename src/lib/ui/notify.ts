export interface NotificationText {
	readonly title: string;
	readonly body: string;
	/** One at a time of each: a second one takes the place of the first. */
	readonly tag: string;
	/** Opened when it is tapped. */
	readonly path: string;
}

/** Tells a person who looks elsewhere, through the service worker. */
export async function showNotification({ title, body, tag, path }: NotificationText): Promise<void> {
	if (document.visibilityState === 'visible') return;
	if (!('Notification' in globalThis) || Notification.permission !== 'granted') return;
	const registration = await navigator.serviceWorker.getRegistration();
	await registration?.showNotification(title, { body, tag, icon: '/icon-192.png', data: { path } });
}
