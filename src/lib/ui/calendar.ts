import type { Millis } from '#lib/core/brand.ts';

const stamp = (at: Millis): string => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');

/** Text of a calendar value: commas, semicolons and backslashes are escaped (RFC 5545, 3.3.11). */
const text = (value: string): string => value.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n');

/** One event with an alarm, as a calendar takes it (RFC 5545). Lines are short enough to need no folding. */
export const calendarEvent = (event: {
	readonly uid: string;
	readonly at: Millis;
	readonly now: Millis;
	readonly title: string;
	readonly description: string;
}): string =>
	[
		'BEGIN:VCALENDAR',
		'VERSION:2.0',
		'PRODID:-//Sweet Gossip//EN',
		'BEGIN:VEVENT',
		`UID:${event.uid}`,
		`DTSTAMP:${stamp(event.now)}`,
		`DTSTART:${stamp(event.at)}`,
		`SUMMARY:${text(event.title)}`,
		`DESCRIPTION:${text(event.description)}`,
		'BEGIN:VALARM',
		'ACTION:DISPLAY',
		'TRIGGER:PT0S',
		`DESCRIPTION:${text(event.title)}`,
		'END:VALARM',
		'END:VEVENT',
		'END:VCALENDAR',
		'',
	].join('\r\n');

/** Has the browser save a text as a file. */
export function saveFile(name: string, type: string, content: string): void {
	const url = URL.createObjectURL(new Blob([content], { type }));
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	URL.revokeObjectURL(url);
}
