/** Longest sealed answer opened, characters: far more than any wallet's list of methods. */
const longest = 65_536;

/** Code, not of NIP-47, of an answer that is none. */
export const noAnswer = 'MALFORMED';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const refusal = (code: string, message: string): string =>
	JSON.stringify({ result: null, error: { code, message: message.slice(0, 200) } });

/**
 * Opens a wallet's answer or notification and makes of it what the SDK can read without throwing: what cannot be
 * opened, is too long or is no object becomes a refusal. The SDK forgets `result_type`: it is handed on with what the
 * SDK keeps, within the result and before the code of an error.
 *
 * @param open decrypts; may throw. @returns JSON, always.
 */
export async function readAnswer(content: string, open: () => Promise<string>): Promise<string> {
	if (content.length > longest) return refusal(noAnswer, 'longer than any answer');
	let answer: unknown;
	try {
		answer = JSON.parse(await open());
	} catch {
		return refusal(noAnswer, 'not sealed to this app, or no JSON');
	}
	if (!isObject(answer)) return refusal(noAnswer, 'no object');
	if (answer['notification_type'] !== undefined) return JSON.stringify(answer);
	const { result_type: type, result, error } = answer;
	if (typeof type !== 'string') return refusal(noAnswer, 'does not say what it answers');
	if (isObject(error)) {
		const { code, message } = error;
		if (typeof code !== 'string') return refusal(noAnswer, 'an error without its code');
		return refusal(`${type}:${code}`, typeof message === 'string' ? message : '');
	}
	if (error !== null && error !== undefined) return refusal(noAnswer, 'an error that is none');
	return isObject(result)
		? JSON.stringify({ result: { ...result, result_type: type } })
		: refusal(noAnswer, 'neither result nor error');
}
