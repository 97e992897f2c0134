import type {
	RecordTables,
	RecordWrite,
	TableName,
	PersonaRecords,
	TabRecords,
} from '#lib/gossip/records.ts';

const keyOf: { readonly [K in TableName]: (value: RecordTables[K]) => string } = {
	jobs: (value) => value.msgId,
	receivedOffers: (value) => value.replyId,
	leads: (value) => value.msgId,
	sentOffers: (value) => value.replyId,
	chats: (value) => value.id,
	payments: (value) => value.hash,
	carriages: (value) => value.replyId,
	wallets: (value) => value.id,
	packs: (value) => value.hash,
	activity: (value) => value.id,
	ledger: (value) => `${value.self}/${value.peer}`,
	routes: (value) => `${value.self}/${value.msgId}`,
	works: (value) => `${value.self}/${value.workId}`,
};

/** A store in memory: what a node has committed is what it finds after a reload. */
export class Tables {
	readonly #rows = new Map<TableName, Map<string, unknown>>();

	commit(writes: readonly RecordWrite[]): void {
		for (const write of writes) {
			if (write.op === 'put') this.#table(write.table).set(key(write), structuredClone(write.value));
			else this.#table(write.table).delete(typeof write.key === 'string' ? write.key : write.key.join('/'));
		}
	}

	all<K extends TableName>(table: K): RecordTables[K][] {
		return [...this.#table(table).values()] as RecordTables[K][];
	}

	persona(): PersonaRecords {
		return {
			jobs: this.all('jobs'),
			receivedOffers: this.all('receivedOffers'),
			leads: this.all('leads'),
			sentOffers: this.all('sentOffers'),
			chats: this.all('chats'),
			activity: this.all('activity'),
			payments: this.all('payments'),
			carriages: this.all('carriages'),
			wallets: this.all('wallets'),
			packs: this.all('packs'),
		};
	}

	tab(): TabRecords {
		return { ledger: this.all('ledger'), routes: this.all('routes'), works: this.all('works') };
	}

	#table(name: TableName): Map<string, unknown> {
		const known = this.#rows.get(name);
		if (known) return known;
		const table = new Map<string, unknown>();
		this.#rows.set(name, table);
		return table;
	}
}

function key(write: Extract<RecordWrite, { op: 'put' }>): string {
	const of = keyOf[write.table] as (value: unknown) => string;
	return of(write.value);
}
