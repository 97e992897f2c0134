/** Counts on the icon of the installed app what waits for the person; nothing where a system has no such count. */
export function setBadge(count: number): void {
	if (!('setAppBadge' in navigator)) return;
	// Refused where the app is not installed: the count stands in the app as well.
	void navigator.setAppBadge(count).catch(() => undefined);
}
