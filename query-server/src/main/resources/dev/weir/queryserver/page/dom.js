/** Makes an element; attributes named on... are listeners, null and false ones are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** A custom property of the page's style, which follows the colour scheme. */
export const styleValue = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Sets a select's options and keeps the choice; a choice that is not offered any more stays, so that it can be seen and undone. */
export function setOptions(select, options, chosen) {
  const all = options.some((option) => option.value === chosen) ? options : [...options, { value: chosen, label: chosen }];
  const key = JSON.stringify(all);
  if (select.dataset.options !== key) {
    select.dataset.options = key;
    select.replaceChildren(...all.map((option) => h('option', { value: option.value }, option.label)));
  }
  select.value = chosen;
}
