import type { ChannelTable, ChannelTables } from './channel-port.ts';

/** Tables of suggestion channels and their keys. */
export const channelKeyPaths: { readonly [K in ChannelTable]: string | readonly string[] } = {
	channels: ['role', 'id'],
	offers: ['role', 'id', 'round'],
	rounds: ['role', 'id', 'round'],
	states: ['role', 'id', 'round'],
	pictures: 'sha256',
	contents: 'sha256',
	watches: 'id',
	memes: 'name',
};

export const channelTables = Object.keys(channelKeyPaths) as ChannelTable[];

/** All but the bytes of pictures. */
export const rowTables = channelTables.filter((table) => table !== 'contents');

export type ChannelStores = {
	[K in ChannelTable]: { key: IDBValidKey; value: ChannelTables[K] };
};

/** The key a value stands under in its table. */
export function channelKeyOf(table: ChannelTable, value: object): readonly (string | number)[] {
	const path = channelKeyPaths[table];
	const names = typeof path === 'string' ? [path] : path;
	return names.map((name) => (value as Readonly<Record<string, string | number>>)[name] ?? '');
}
