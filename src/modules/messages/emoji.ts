import { z } from 'zod';

const MAXIMUM_CHARACTERS = 64;
/** A name that clients draw as they like, such as `thumbsup` or `+1`. */
const NAME = /^[\w+-]+$/;
/** What makes a character an emoji: a picture, a flag, or a key. */
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The name of an emoji, or one emoji as it is drawn, however many code points that takes. */
export const emoji = z
  .string()
  .min(1)
  .max(MAXIMUM_CHARACTERS)
  .refine((value) => NAME.test(value) || isOnePicture(value), 'must be the name of an emoji, or one emoji');

function isOnePicture(value: string): boolean {
  return PICTURE.test(value) && [...graphemes.segment(value)].length === 1;
}
