/** Whether the browser promised to keep this origin's data, and how much there is. */
export class StorageState {
	state = $state<'kept' | 'best-effort' | 'unknown'>('unknown');
	usedBytes = $state<number>();

	async refresh(): Promise<void> {
		// `storage` is missing on plain http.
		if (!('storage' in navigator)) return;
		this.state = (await navigator.storage.persisted()) ? 'kept' : 'best-effort';
		this.usedBytes = (await navigator.storage.estimate()).usage;
	}

	/** Asks the browser; false when it did not agree. */
	async ask(): Promise<boolean> {
		const kept = await navigator.storage.persist();
		await this.refresh();
		return kept;
	}
}
