// How far an import is: asks for the page again and takes over its progress, until the page is
// another one. Without script the page asks for itself.

const shown = document.querySelector("#progress");

const look = async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.ok) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const progress = answer.redirected ? null : fresh.querySelector("#progress");
    if (!progress) {
      location.reload();
      return;
    }
    shown.replaceChildren(...progress.childNodes);
  }
  // A server that can't answer just now is asked again.
  setTimeout(look, 1000);
};

setTimeout(look, 1000);
