/** What a command gave; throws what it refused with, where a refusal is a mistake of whoever starts the peer. */
export async function must<T>(
	answer: Promise<{ ok: true; value: T } | { ok: false; error: { detail: string } }>,
): Promise<T> {
	const given = await answer;
	if (!given.ok) throw new Error(given.error.detail);
	return given.value;
}
