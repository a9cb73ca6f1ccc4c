// Elements are built from text and nodes only, never from markup: attrs and descriptions are untrusted.

/** Creates an element: h('button', { class: 'quiet', onclick: f }, 'Hold'). Props are attributes, on... are listeners. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Creates an SVG element. */
export function svg(tag, props = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(props)) {
    element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Writes only a changed text, so that the browser does not draw unchanged elements. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setClass(element, name) {
  if (element.getAttribute('class') !== name) {
    element.setAttribute('class', name);
  }
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, String(value));
  }
}

/** A list of names and values. */
export function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs
    .filter((pair) => pair)
    .map(([name, value, title]) => h('div', {}, h('dt', {}, name), h('dd', { title }, value))));
}

/** A storage that may refuse, as in private windows; values are then lost at the next load. */
function keptIn(storage) {
  return {
    get(key) {
      try {
        return storage().getItem(key);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        storage().setItem(key, value);
      } catch {
        // The page works without it.
      }
    },
  };
}

/** Kept in this browser: the theme and the user's name. */
export const kept = keptIn(() => localStorage);

/** Kept until the tab is closed: other input. */
export const forTab = keptIn(() => sessionStorage);
