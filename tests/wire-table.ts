import { readFileSync, writeFileSync } from 'node:fs';
import { channelFrameTypes } from '#lib/channel/wire/frames.ts';
import type { Field } from '#lib/core/wire/field.ts';
import type { OptionalField } from '#lib/core/wire/record.ts';
import {
	directFrameTypes,
	inetAddr,
	jobCore,
	meshFrameTypes,
	offerTerms,
	sealedReply,
} from '#lib/gossip/wire/frames.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { circuitFrameTypes } from '#lib/webrtc/circuit/frames.ts';
import { linkFrameTypes } from '#lib/webrtc/frames.ts';
import { rendezvousFrameTypes } from '#lib/webrtc/rendezvous/records.ts';
import { signalTypes } from '#lib/webrtc/signals.ts';

/**
 * Prints the wire table of docs/protocol.md from the field tables in the code.
 * `node tests/wire-table.ts` writes it; tests/unit/protocol-doc.test.ts compares.
 */
export const protocolDoc = new URL('../docs/protocol.md', import.meta.url);

interface RecordDoc {
	readonly name: string;
	readonly doc: string;
	readonly mandatory: unknown;
	readonly optional: unknown;
}
interface FrameDoc {
	readonly type: number;
	readonly record: RecordDoc;
}

const hexByte = (value: number) => `0x${value.toString(16).padStart(2, '0')}`;
const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function recordTable(title: string, { doc, mandatory, optional }: RecordDoc): string {
	const fields = Object.entries(mandatory as Record<string, Field<unknown>>);
	const extras = Object.entries(optional as Record<string, OptionalField<unknown>>).sort(
		([, a], [, b]) => a.tag - b.tag,
	);
	return [
		`**${title}** ${doc}`,
		'',
		row('tag', 'field', 'on the wire'),
		row('---', '---', '---'),
		...fields.map(([name, field]) => row('', `\`${name}\``, field.doc)),
		...extras.map(([name, { tag, field }]) => row(String(tag), `\`${name}\`?`, field.doc)),
	].join('\n');
}

const frames = (types: readonly FrameDoc[]) =>
	types.map(({ type, record }) => recordTable(`${hexByte(type)} ${record.name}`, record));
const records = (types: readonly RecordDoc[]) => types.map((type) => recordTable(type.name, type));

const sections: readonly (readonly [title: string, tables: readonly string[]])[] = [
	['Mesh frames', frames(meshFrameTypes)],
	['Frames of a direct link', frames(directFrameTypes)],
	['Frames of a suggestion channel', frames(channelFrameTypes)],
	['Records inside those frames', records([jobCore, sealedReply, offerTerms, inetAddr])],
	['Link frames', frames(linkFrameTypes)],
	['Circuit frames', frames(circuitFrameTypes)],
	['Rendezvous messages', frames(rendezvousFrameTypes)],
	['Signals inside an Envelope', frames(signalTypes)],
];

const wireTable = () =>
	sections.map(([title, tables]) => [`### ${title}`, ...tables].join('\n\n')).join('\n\n');

const limitsTable = () =>
	[
		row('limit', 'value'),
		row('---', '---'),
		...Object.entries(wireLimits).map(([name, value]) =>
			row(
				`\`${name}\``,
				(typeof value === 'number' ? [value] : value).map((each) => each.toLocaleString('en')).join(', '),
			),
		),
	].join('\n');

/** The document with its generated parts brought up to date. */
export function withTables(markdown: string): string {
	const fill = (text: string, name: string, content: string) => {
		const between = new RegExp(`(<!-- ${name}:begin .*-->\n)[^]*?(<!-- ${name}:end -->)`);
		if (!between.test(text)) throw new Error(`docs/protocol.md has no ${name} markers`);
		return text.replace(between, (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
	};
	return fill(fill(markdown, 'limits', limitsTable()), 'wire', wireTable());
}

if (import.meta.main) writeFileSync(protocolDoc, withTables(readFileSync(protocolDoc, 'utf8')));
