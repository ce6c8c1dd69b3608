import { html, nothing } from 'lit/html.js';
import { allowedUrl, ApiError, ask, secret } from './core/api.ts';
import { addTexts } from './text/texts.ts';
import { avatar, clock, picture, price, round, sound } from './view/bits.ts';
import { addIcons, icon } from './view/icons.ts';
import { action, thing } from './view/slot.ts';
import { say, talk } from './view/talk.ts';

/**
 * What the later parts of the player borrow from the first. They are handed it instead of importing it, so that the
 * first part stays one file: a shared third one would cost a request before the first picture, and compress worse.
 */
export interface Kit {
  html: typeof html;
  nothing: typeof nothing;
  allowedUrl: typeof allowedUrl;
  ApiError: typeof ApiError;
  ask: typeof ask;
  secret: typeof secret;
  addTexts: typeof addTexts;
  avatar: typeof avatar;
  clock: typeof clock;
  picture: typeof picture;
  price: typeof price;
  round: typeof round;
  sound: typeof sound;
  addIcons: typeof addIcons;
  icon: typeof icon;
  action: typeof action;
  thing: typeof thing;
  say: typeof say;
  talk: typeof talk;
}

export const kit: Kit = {
  html,
  nothing,
  allowedUrl,
  ApiError,
  ask,
  secret,
  addTexts,
  avatar,
  clock,
  picture,
  price,
  round,
  sound,
  addIcons,
  icon,
  action,
  thing,
  say,
  talk,
};
