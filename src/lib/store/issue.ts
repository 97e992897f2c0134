/** Issues every write and waits until all are durable; one that cannot be stored aborts the whole transaction. */
export async function issueAll(
	tx: { readonly done: Promise<void>; abort(): void },
	issue: () => Iterable<Promise<unknown>>,
): Promise<void> {
	const pending: Promise<unknown>[] = [tx.done];
	try {
		for (const write of issue()) pending.push(write);
	} catch (error) {
		tx.abort();
		await Promise.allSettled(pending);
		throw error;
	}
	await Promise.all(pending);
}
