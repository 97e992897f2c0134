declare const brand: unique symbol;

/** A primitive that was checked once, at the border, and carries that fact in its type. */
export type Brand<T, Name extends string> = T & { readonly [brand]: { readonly [K in Name]: true } };

export type Bytes = Uint8Array<ArrayBuffer>;

/** Lower-case hex of fixed length. Ids are hex strings inside (Map keys, records) and bytes on the wire. */
export type Hex = string;

/** x-only secp256k1 public key (32 bytes) of a tab: ephemeral, unlinked to wallet and persona. */
export type PeerId = Brand<Hex, 'PeerId'>;

/** x-only secp256k1 public key (32 bytes) made for one job or one offer. */
export type PublicKey = Brand<Hex, 'PublicKey'>;

/** tagged SHA-256 of a broadcast's core (32 bytes). */
export type MsgId = Brand<Hex, 'MsgId'>;

/** First 16 bytes of SHA-256 of the replier's ephemeral key. */
export type ReplyId = Brand<Hex, 'ReplyId'>;

/** Canonical topic path such as `/drive/australia/sydney`, made only by `gossip/topic.ts`. */
export type Topic = Brand<string, 'Topic'>;

/** Milliseconds since the Unix epoch. */
export type Millis = number;
