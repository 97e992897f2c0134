import { en } from './en.ts';
import { createTranslate } from './translate.ts';

export const t = createTranslate('en', en);
