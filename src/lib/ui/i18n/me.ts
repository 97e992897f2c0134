import { meWords } from './en-me.ts';
import { createTranslate } from './translate.ts';

export const tMe = createTranslate('en', meWords);
