import type { Report, SolverPort, SpawnSolver } from './protocol.ts';

/** Weight of the newest measurement in a solver's rate. */
const rateWeight = 0.3;

/** One solver at work, and on what. */
export interface Member<Task> {
	readonly kind: 'processor' | 'graphics';
	readonly port: SolverPort;
	now: Task | undefined;
	/** What it did before: its last report may still be on its way. */
	before: Task | undefined;
	/** Hashes a second; 0 before it was measured. */
	rate: number;
}

/** Who is to work. */
export interface Staff {
	/** Solvers on processors. */
	readonly solvers: number;
	/** Whether the graphics card is one more. */
	readonly graphics: boolean;
}

/** How it stands with the graphics card. */
export type GraphicsState =
	| { readonly state: 'off' | 'starting' }
	| { readonly state: 'working'; /** Hashes a second. */ readonly rate: number }
	| { readonly state: 'failed'; readonly detail: string };

export interface CrewDeps {
	readonly spawn: SpawnSolver;
	/** Absent where there are no graphics. */
	readonly spawnGraphics?: SpawnSolver;
}

export interface CrewEvents<Task> {
	onreport(member: Member<Task>, report: Report): void;
	onlost(detail: string): void;
}

/** The solvers of a pool: starts those that are wanted, measures them, and remembers their rates when they end. */
export class Crew<Task> {
	readonly #deps: CrewDeps;
	readonly #events: CrewEvents<Task>;
	#members: Member<Task>[] = [];
	#staff: Staff;
	/** Solvers on processors that failed and are not tried again while others run. */
	#lost = 0;
	#graphicsLost: string | undefined;
	/** Of those that ended: hashes a second of one on a processor, and of the graphics card. */
	#remembered = { processor: 0, graphics: 0 };

	constructor(deps: CrewDeps, staff: Staff, events: CrewEvents<Task>) {
		this.#deps = deps;
		this.#staff = staff;
		this.#events = events;
	}

	get members(): readonly Member<Task>[] {
		return this.#members;
	}

	employ(staff: Staff): void {
		// Wished for anew, it is tried anew.
		if (staff.graphics && !this.#staff.graphics) this.#graphicsLost = undefined;
		this.#staff = staff;
	}

	/** Those that are to work, of those that run. */
	employed(): readonly Member<Task>[] {
		return [
			...this.#of('processor').slice(0, this.#staff.solvers),
			...(this.#staff.graphics ? this.#of('graphics') : []),
		];
	}

	/** Starts whoever is wanted and missing. */
	complete(): void {
		const { spawn, spawnGraphics } = this.#deps;
		while (this.#of('processor').length + this.#lost < this.#staff.solvers) this.#start('processor', spawn);
		if (spawnGraphics && this.#wantsGraphics() && this.#of('graphics').length === 0)
			this.#start('graphics', spawnGraphics);
	}

	/** Takes a measurement over. */
	measure(member: Member<Task>, { hashes, ms }: Report): void {
		if (ms <= 0) return;
		const measured = (hashes / ms) * 1_000;
		member.rate = member.rate === 0 ? measured : member.rate + rateWeight * (measured - member.rate);
	}

	/** Measured hashes a second of all that are to work; one not measured yet is taken for as fast as its like. */
	rate(): number {
		const processors = this.#rateOfOne() * this.#processors();
		return processors + (this.#wantsGraphics() ? this.#graphicsRate() : 0);
	}

	/** Whether that says something about each kind that is to work. */
	isKnown(): boolean {
		return this.#rateOfOne() > 0 && (!this.#wantsGraphics() || this.#graphicsRate() > 0);
	}

	graphics(): GraphicsState {
		if (this.#graphicsLost !== undefined) return { state: 'failed', detail: this.#graphicsLost };
		if (!this.#wantsGraphics()) return { state: 'off' };
		const rate = this.#graphicsRate();
		return rate > 0 ? { state: 'working', rate } : { state: 'starting' };
	}

	/** Ends all; their rates are remembered. */
	end(): void {
		this.#remembered = { processor: this.#rateOfOne(), graphics: this.#graphicsRate() };
		this.#lost = 0;
		for (const { port } of this.#members.splice(0)) port.terminate();
	}

	#of(kind: Member<Task>['kind']): Member<Task>[] {
		return this.#members.filter((member) => member.kind === kind);
	}

	#wantsGraphics(): boolean {
		return this.#staff.graphics && this.#deps.spawnGraphics !== undefined && this.#graphicsLost === undefined;
	}

	#processors(): number {
		const running = this.#of('processor').length;
		return running === 0 ? this.#staff.solvers : Math.min(running, this.#staff.solvers);
	}

	#rateOfOne(): number {
		const measured = this.#of('processor')
			.slice(0, this.#staff.solvers)
			.filter(({ rate }) => rate > 0);
		if (measured.length === 0) return this.#remembered.processor;
		return measured.reduce((sum, { rate }) => sum + rate, 0) / measured.length;
	}

	#graphicsRate(): number {
		return this.#of('graphics')[0]?.rate || this.#remembered.graphics;
	}

	#start(kind: Member<Task>['kind'], spawn: SpawnSolver): void {
		const member: Member<Task> = {
			kind,
			now: undefined,
			before: undefined,
			rate: 0,
			port: spawn({
				onreport: (report) => this.#events.onreport(member, report),
				onfailure: (detail) => this.#drop(member, detail),
			}),
		};
		this.#members.push(member);
	}

	#drop(member: Member<Task>, detail: string): void {
		if (!this.#members.includes(member)) return;
		this.#members = this.#members.filter((other) => other !== member);
		member.port.terminate();
		if (member.kind === 'graphics') this.#graphicsLost = detail;
		else this.#lost += 1;
		// With nobody left, the next job starts from the beginning.
		if (this.#members.length === 0) this.#lost = 0;
		this.#events.onlost(detail);
	}
}
