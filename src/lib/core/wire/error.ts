/** Why bytes from outside were refused. One class of error for every frame, event and stored record. */
export type WireErrorCode =
	| 'too-long'
	| 'truncated'
	| 'trailing-bytes'
	| 'unsupported-version'
	| 'unknown-type'
	| 'unknown-mandatory-field'
	| 'fields-out-of-order'
	| 'bad-value';

export interface WireError {
	readonly type: 'wire';
	readonly code: WireErrorCode;
	/** `Record.field`, the record, or `frame` for its header. */
	readonly where: string;
	readonly detail: string;
}

/** Carries a WireError out of nested readers; never leaves this folder. */
export class WireFault extends Error {
	readonly code: WireErrorCode;
	readonly detail: string;
	/** Record or `Record.field`, set by the record that was being read. */
	where = '';

	constructor(code: WireErrorCode, detail: string) {
		super(detail);
		this.code = code;
		this.detail = detail;
	}
}
