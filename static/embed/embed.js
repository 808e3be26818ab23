// Tells the page around the frame how high its content is, at first and whenever that changes:
// { dateline: the address of this embed, height: in pixels }. The frame works without.
(() => {
  if (parent === window) return;
  let said = 0;
  const say = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height === said) return;
    said = height;
    // Whoever shows the frame may know its height; there is nothing else in the message.
    parent.postMessage({ dateline: location.href, height }, '*');
  };
  new ResizeObserver(say).observe(document.documentElement);
  say();
})();
