// Shows the answer as facts are chosen. Without this file, a button does the same.
(() => {
  "use strict";

  const form = document.getElementById("attempt");
  const answer = document.getElementById("answer");
  if (!form || !answer) return;

  let asked = null;

  form.addEventListener("change", async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    const chosen = [...new FormData(form)].filter(([, value]) => value);
    const address = `${form.action}?${new URLSearchParams(chosen)}`;
    try {
      const reply = await fetch(address, { signal: asked.signal, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const fresh = page.getElementById("answer");
      if (!reply.ok || !fresh) return form.requestSubmit();
      const open = document.getElementById("trace")?.open;
      answer.replaceChildren(...fresh.childNodes);
      if (open) document.getElementById("trace")?.setAttribute("open", "");
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") form.requestSubmit();
    }
  });
})();
