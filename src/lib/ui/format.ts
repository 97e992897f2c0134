import type { Millis } from '#lib/core/brand.ts';
import type { Money } from '#lib/gossip/view.ts';

/** English as this device's owner writes it (en-AU, en-GB), so that dates look familiar. */
const locale =
	(typeof navigator === 'undefined' ? [] : navigator.languages).find((tag) => tag.startsWith('en')) ?? 'en';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Unit to speak in, and from which span on, ms. */
const relativeUnits: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
	['day', day, 36 * hour],
	['hour', hour, 90 * minute],
	['minute', minute, 90 * second],
	['second', second, 0],
];
const relativeFormat = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

/** "in 5 minutes", "2 days ago", "now". */
export function relative(at: Millis, now: Millis): string {
	const span = at - now;
	const [unit, size] = relativeUnits.find(([, , from]) => Math.abs(span) >= from) ?? ['second', second];
	return relativeFormat.format(Math.round(span / size), unit);
}

const clockTime = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat(locale, {
	weekday: 'short',
	day: 'numeric',
	month: 'short',
	hour: 'numeric',
	minute: '2-digit',
});
const fullTime = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' });

/** Time of day for today, with the day for any other. */
export const absolute = (at: Millis, now: Millis): string =>
	(new Date(at).toDateString() === new Date(now).toDateString() ? clockTime : dayAndTime).format(at);

export const full = (at: Millis): string => fullTime.format(at);

/** A span of work or waiting: "0.4 seconds", "2 seconds", "3 minutes". */
export function duration(ms: number): string {
	const [value, unit] =
		ms >= hour ? [ms / hour, 'hour'] : ms >= minute ? [ms / minute, 'minute'] : [ms / second, 'second'];
	return new Intl.NumberFormat(locale, {
		style: 'unit',
		unit,
		unitDisplay: 'long',
		maximumFractionDigits: value < 2 ? 1 : 0,
	}).format(Math.max(value, 0.1));
}

const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const compactNumber = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });

export const count = (value: number): string => integer.format(value);
export const oneDecimal = (value: number): string => decimal.format(value);
export const compact = (value: number): string => compactNumber.format(value);
export const money = ({ amount, unit }: Money): string => `${integer.format(amount)} ${unit}`;

export function bytes(value: number): string {
	const [size, unit] =
		value >= 1e6 ? [value / 1e6, 'megabyte'] : value >= 1e3 ? [value / 1e3, 'kilobyte'] : [value, 'byte'];
	return new Intl.NumberFormat(locale, {
		style: 'unit',
		unit,
		unitDisplay: 'short',
		maximumFractionDigits: size < 10 ? 1 : 0,
	}).format(size);
}

/** First letters of a key or id: enough to tell neighbours apart on a screen. */
export const shortId = (id: string): string => id.slice(0, 8);
