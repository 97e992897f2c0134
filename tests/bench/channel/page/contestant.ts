import type { Bytes } from '#lib/core/brand.ts';
import type { Disk } from './disk.ts';
import type { Heat, Role } from './protocol.ts';

/** What a contestant gets. */
export interface Course {
	readonly role: Role;
	readonly heat: Heat;
	readonly disk: Disk;
	send(bytes: Bytes): void;
	/** All rounds are on this side's disk. */
	done(): void;
}

/** One side of one heat. */
export interface Runner {
	/** The user starts. */
	go(): void;
	take(bytes: Bytes): void;
}
