import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { err, ok, type Result } from '#lib/core/result.ts';

export interface OptionError {
	readonly type: 'option';
	/** One line for a person. */
	readonly detail: string;
}

type Flags<Options extends ParseArgsOptionsConfig> = ReturnType<
	typeof parseArgs<{ options: Options }>
>['values'];

/** The flags of a command line; what is not among `options` is refused. */
export function readFlags<const Options extends ParseArgsOptionsConfig>(
	args: readonly string[],
	options: Options,
): Result<Flags<Options>, OptionError> {
	try {
		return ok(parseArgs({ args: [...args], options }).values);
	} catch (fault) {
		return err({ type: 'option', detail: fault instanceof Error ? fault.message : String(fault) });
	}
}
