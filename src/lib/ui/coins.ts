/** Decimals of a chain's own coin. */
const decimals = 18;
const unit = 10n ** BigInt(decimals);

/** Digits shown behind the first one that is not zero: enough to compare, few enough to read. */
const shownDigits = 4;

/** Exact amount in coins, without trailing zeros. */
export function exactCoins(wei: bigint): string {
	const sign = wei < 0n ? '-' : '';
	const digits = (wei < 0n ? -wei : wei).toString().padStart(decimals + 1, '0');
	const fraction = digits.slice(-decimals).replace(/0+$/, '');
	return `${sign}${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Amount in coins, short; an amount that is cut is marked with `~`. */
export function coins(wei: bigint, symbol = 'ETH'): string {
	const exact = exactCoins(wei);
	const [whole = '0', fraction = ''] = exact.split('.');
	const zeros = whole.replace('-', '') === '0' ? fraction.length - fraction.replace(/^0+/, '').length : 0;
	const short = fraction.slice(0, zeros + shownDigits).replace(/0+$/, '');
	const cut = short.length < fraction.length && /[1-9]/.test(fraction.slice(zeros + shownDigits));
	return `${cut ? '~' : ''}${whole}${short === '' ? '' : `.${short}`} ${symbol}`;
}

/** Coins as typed, in wei; `undefined` for what is no amount or finer than the coin goes. */
export function coinsFromInput(text: string): bigint | undefined {
	const [, whole, fraction = ''] = /^(\d{1,12})(?:[.,](\d{1,18}))?$/.exec(text.trim()) ?? [];
	if (whole === undefined) return undefined;
	return BigInt(whole) * unit + BigInt(fraction.padEnd(decimals, '0'));
}
