/** A message, or its forms by grammatical number; `{name}` marks a place to fill. */
type Message = string | { readonly one: string; readonly other: string };
export type Dictionary = Readonly<Record<string, Message>>;

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type NamesOf<M> = M extends string ? Names<M> : M extends { other: infer O } ? Names<O> | 'count' : never;
type Values<Name extends string> = Readonly<Record<Name, string | number>>;

/** Arguments after the key: nothing for a message without places, else a value for each of them. */
type Arguments<M> = [NamesOf<M>] extends [never] ? [] : [values: Values<NamesOf<M> & string>];

export type Translate<D extends Dictionary> = <K extends keyof D>(
	key: K,
	...values: Arguments<D[K]>
) => string;

/**
 * Makes the lookup for one language. Numbers are written the language's way, and a message with
 * forms picks the one that Intl.PluralRules names for `count` (`other` where it has no own form).
 */
export function createTranslate<const D extends Dictionary>(locale: string, dictionary: D): Translate<D> {
	const plural = new Intl.PluralRules(locale);
	const number = new Intl.NumberFormat(locale);
	return (key, ...args) => {
		const values: Values<string> = args[0] ?? {};
		const message: Message = dictionary[key] ?? '';
		const text =
			typeof message === 'string' ? message : pick(message, plural.select(Number(values['count'])));
		return text.replace(/\{(\w+)\}/g, (_, name: string) => {
			const value = values[name] ?? '';
			return typeof value === 'number' ? number.format(value) : value;
		});
	};
}

const pick = (forms: Exclude<Message, string>, rule: Intl.LDMLPluralRule): string =>
	rule === 'one' ? forms.one : forms.other;
