import { utf8 } from '#lib/core/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { EngineCommandError } from '../command.ts';
import { wireLimits } from '../limits.ts';
import type { Money } from '../view.ts';

/** Shortest time a job may live, ms: less is over before an answer can come. */
const shortestLife = 10_000;

type Checked<T> = Result<T, EngineCommandError>;

export const refuseCommand = (code: EngineCommandError['code'], detail: string) =>
	err({ type: 'command', code, detail } as const);

/** What a person typed, as it may travel: NFC, without control characters, not empty, at most `max` bytes. */
export function textFromInput(input: string, max: number): Checked<string> {
	const text = cleaned(input);
	if (text === '') return refuseCommand('empty', 'nothing is written');
	const { length } = utf8(text);
	return length > max ? refuseCommand('too-long', `${length} bytes, at most ${max}`) : ok(text);
}

/** The same for words that may be left out; what is too long is cut. */
export function reasonFromInput(input: string): string {
	let reason = cleaned(input);
	while (utf8(reason).length > wireLimits.reasonBytes) reason = Array.from(reason).slice(0, -1).join('');
	return reason;
}

export function expiryFromInput(expiresInMs: number): Checked<number> {
	if (
		!Number.isSafeInteger(expiresInMs) ||
		expiresInMs < shortestLife ||
		expiresInMs > wireLimits.expiryAhead
	)
		return refuseCommand(
			'bad-expiry',
			`${expiresInMs} ms is outside ${shortestLife}..${wireLimits.expiryAhead}`,
		);
	return ok(expiresInMs);
}

export function moneyFromInput(money: Money | undefined): Checked<Money | undefined> {
	if (money === undefined) return ok(undefined);
	if (!Number.isSafeInteger(money.amount) || money.amount < 0 || !/^[A-Za-z]{1,8}$/.test(money.unit))
		return refuseCommand('bad-money', `${money.amount} ${money.unit}`);
	return ok(money);
}

function cleaned(input: string): string {
	const lines = input.toWellFormed().replace(/\r\n?/g, '\n');
	// NFC last: a letter and its accent may have had a control character between them.
	return lines
		.replace(/[^\P{Cc}\t\n]/gu, '')
		.normalize('NFC')
		.trim();
}
