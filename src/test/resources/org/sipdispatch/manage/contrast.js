// Texts on the screen that stand out from their ground by less than WCAG 2.1 AA asks for, each kind of them once.
() => {
  const parsed = (color) => {
    const numbers = color.match(/[\d.]+/g).map(Number);
    return numbers.length === 3 ? [...numbers, 1] : numbers;
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const groundOf = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      layers.push(parsed(getComputedStyle(one).backgroundColor));
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((one) => one / 255)
      .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const pale = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const element = text.parentElement;
    const hidden = !element.checkVisibility({ visibilityProperty: true }) || element.closest('.unseen, .skip, noscript, option');
    if (text.data.trim() === '' || hidden || element.closest(':disabled')) {
      continue;
    }
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    const color = over(parsed(element.closest('svg') ? style.fill : style.color), ground);
    const [a, b] = [light(color), light(ground)].sort((one, other) => other - one);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) {
      pale.set(`${element.tagName}.${element.className}`, `${element.tagName} ${element.getAttribute('class')}: ${contrast.toFixed(2)} ${text.data.trim().slice(0, 20)}`);
    }
  }
  return [...pale.values()];
}
