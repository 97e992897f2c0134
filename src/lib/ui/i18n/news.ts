import { newsWords } from './en-news.ts';
import { createTranslate } from './translate.ts';

export const tNews = createTranslate('en', newsWords);
