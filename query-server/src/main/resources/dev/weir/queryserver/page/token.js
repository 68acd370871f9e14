import { byId } from './dom.js';

const KEY = 'weir.token';
const listeners = [];
let asking = null;

/** The bearer token that was given in this tab; it ends with the tab. */
export const token = () => sessionStorage.getItem(KEY) || '';

export function forgetToken() {
  sessionStorage.removeItem(KEY);
  listeners.forEach((listener) => listener());
}

export function onTokenChange(listener) {
  listeners.push(listener);
}

/**
 * Asks once, however many requests wait for it.
 *
 * @param reason what the server said
 * @param wasRefused whether a token was given that the server does not take
 */
export function askForToken(reason, wasRefused) {
  asking ??= new Promise((resolve) => {
    const dialog = byId('token-dialog');
    const input = byId('token-input');
    byId('token-reason').textContent = wasRefused
      ? 'The server refused that token: ' + (reason || 'it is unknown') + '.'
      : 'This server shows data only to holders of a token.';
    byId('token-reason').classList.toggle('error', wasRefused);
    input.value = '';
    const given = (event) => {
      event.preventDefault();
      const secret = input.value.trim();
      if (!secret) return;
      input.value = '';
      sessionStorage.setItem(KEY, secret);
      byId('token-form').removeEventListener('submit', given);
      dialog.removeEventListener('cancel', stay);
      dialog.close();
      asking = null;
      listeners.forEach((listener) => listener());
      resolve();
    };
    // Without a token there is nothing to go back to.
    const stay = (event) => event.preventDefault();
    byId('token-form').addEventListener('submit', given);
    dialog.addEventListener('cancel', stay);
    if (!dialog.open) dialog.showModal();
    input.focus();
  });
  return asking;
}
