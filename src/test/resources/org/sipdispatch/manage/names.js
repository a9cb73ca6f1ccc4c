// What can be used and has no name, ids that stand twice, and labels that lead nowhere.
() => {
  const visible = (element) => element.checkVisibility({ visibilityProperty: true });
  const nameOf = (element) => element.getAttribute('aria-label')
    || (element.labels && [...element.labels].map((label) => label.textContent).join(' ').trim())
    || element.textContent.trim();
  const nameless = [...document.querySelectorAll('button, a[href], input, select, textarea, [role=region], [role=grid], dialog[open], progress, meter')]
    .filter(visible)
    .filter((element) => !nameOf(element) && !element.getAttribute('aria-labelledby'))
    .map((element) => `no name: ${element.outerHTML.slice(0, 100)}`);
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `twice: ${id}`);
  const dead = [...document.querySelectorAll('[aria-labelledby]')]
    .filter((element) => !document.getElementById(element.getAttribute('aria-labelledby')))
    .map((element) => `label of nothing: ${element.getAttribute('aria-labelledby')}`);
  const pictures = [...document.querySelectorAll('img:not([alt]), svg:not([aria-hidden]):not([role=img])')]
    .map((element) => `picture without words: ${element.outerHTML.slice(0, 80)}`);
  return [...nameless, ...twice, ...dead, ...pictures];
}
