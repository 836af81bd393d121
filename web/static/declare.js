// Shows who is competent as she types. Without this file, a button does the same.
(() => {
  "use strict";

  const form = document.getElementById("filing");
  const understood = document.getElementById("understood");
  const competence = document.getElementById("competence");
  const personal = document.getElementById("personal");
  const said = document.getElementById("said");
  if (!form || !understood || !competence) return;

  const TYPING = 450;
  const CHOOSING = 60;
  let timer = 0;
  let asked = null;
  let read = ""; // her words as they were when the panel in sight was made

  const typed = () => JSON.stringify(["subject", "body"].map((name) => form.elements.namedItem(name).value));

  const filled = (extra) => {
    const data = new FormData(form);
    data.delete("files");
    for (const [name, value] of Object.entries(extra)) data.set(name, value);
    return data;
  };

  // What her words or the calendar propose (who is touched, an exam): ticked until she says it herself.
  const propose = (field, read, value, words, line) => {
    const ticked = form.querySelector(`[name=${field}]:checked`);
    const hers = ticked !== null && ticked.value !== read.value;
    if (!hers) {
      if (ticked) ticked.checked = false;
      read.value = value;
      const choice = [...form.querySelectorAll(`[name=${field}]`)].find((each) => each.value === value);
      if (choice) choice.checked = true;
    }
    if (!line) return;
    const said = hers ? "" : words;
    if (line.textContent !== said) line.textContent = said;
    line.toggleAttribute("hidden", !said);
  };

  const suggest = ({ scope = "", scopeSaid = "", exam = "", examSaid = "" }) => {
    const field = (name) => form.elements.namedItem(name);
    propose("scope", field("scope_read"), scope, scopeSaid, document.getElementById("scope-said"));
    propose("urgency", field("exam_read"), exam, examSaid, document.getElementById("exam-said"));
  };

  const masking = (part) => part.querySelector("button[value=mask]");

  // What her words tell of people, under them; in short where she sends. Left alone while it says the same, but for
  // the words to put in the fields: these are always of the text that was just looked at.
  const warn = (told) => {
    if (personal.textContent !== told.textContent) personal.replaceChildren(...told.childNodes);
    else if (masking(personal)) Object.assign(masking(personal).dataset, masking(told).dataset);
    document.getElementById("personal-jump")?.toggleAttribute("hidden", !personal.firstElementChild);
  };

  const show = (page) => {
    const focused = document.activeElement;
    const kept = [understood, competence].some((part) => part.contains(focused)) && focused.id;
    warn(page.getElementById("personal"));
    const open = [...understood.querySelectorAll("details[open]")].map((each) => each.id);
    understood.replaceChildren(...page.getElementById("understood").childNodes);
    competence.replaceChildren(...page.getElementById("competence").childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (kept) document.getElementById(kept)?.focus({ preventScroll: true });
    const jump = document.getElementById("alert-jump");
    const alert = Boolean(competence.firstElementChild?.dataset.jump);
    if (jump) {
      jump.textContent = competence.firstElementChild?.dataset.jump || "";
      jump.toggleAttribute("hidden", !alert);
    }
    document.getElementById("alert-why")?.toggleAttribute("hidden", alert);
    const brief = document.getElementById("brief");
    if (brief) {
      brief.textContent = competence.firstElementChild?.dataset.brief || "";
      brief.toggleAttribute("hidden", alert || !brief.textContent);
    }
    suggest(competence.firstElementChild?.dataset || {});
    const words = competence.firstElementChild?.dataset.said || "";
    if (said.textContent !== words) said.textContent = words;
  };

  // What was typed is too long to be looked at: said where the answer would be, as it will be when sent.
  const refused = (words) => {
    const line = document.createElement("p");
    line.className = "field__error";
    line.textContent = words;
    competence.firstElementChild?.replaceChildren(line);
    said.textContent = words;
  };

  const look = async (extra = {}) => {
    asked?.abort();
    asked = new AbortController();
    const data = filled(extra);
    const words = typed();
    competence.firstElementChild?.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.panel, {
        method: "POST",
        body: data,
        headers: { "X-CSRFToken": data.get("csrf_token") },
        signal: asked.signal,
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok) {
        show(page);
        read = words;
      } else if (answer.status === 413) refused(page.querySelector(".lead")?.textContent || "");
      competence.firstElementChild?.removeAttribute("aria-busy");
      return answer.ok;
    } catch (error) {
      return error.name === "AbortError";
    }
  };

  const soon = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(look, delay);
  };

  form.addEventListener("input", (event) => {
    if (event.target.name === "scope") form.elements.namedItem("scope_read").value = "";
    if (event.target.name === "urgency") {
      form.elements.namedItem("exam_read").value = "";
      document.getElementById("exam-said")?.setAttribute("hidden", "");
    }
    if (event.target.type !== "file") soon(event.target.matches("[type=radio], select") ? CHOOSING : TYPING);
  });

  // Written as if she had typed it, so that Ctrl+Z gives her own words back; whole, whatever the browser makes of it.
  const rewrite = (name, words) => {
    const field = form.elements.namedItem(name);
    if (field.value === words) return;
    field.focus();
    field.select();
    document.execCommand("insertText", false, words);
    if (field.value !== words) field.value = words;
  };

  // Her words without what identifies somebody: put in the fields here, so that chosen files stay chosen. Never from
  // a panel older than her words: these are looked at again until it is not.
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[value=mask]");
    if (!button) return;
    event.preventDefault();
    while (read !== typed()) {
      clearTimeout(timer);
      if (!(await look())) return form.requestSubmit(masking(personal));
    }
    const { subject, body } = masking(personal)?.dataset || {};
    if (body !== undefined) {
      rewrite("subject", subject);
      rewrite("body", body);
    }
    form.elements.namedItem("body").focus();
    look();
  });

  // A fact read in her words, refused or read again: the panel comes back with it kept so.
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=refuse], button[name=take_back]");
    if (!button) return;
    event.preventDefault();
    clearTimeout(timer);
    if (!(await look({ [button.name]: button.value }))) return form.requestSubmit(button);
    const other = button.name === "refuse" ? "take-back-" : "refuse-";
    (document.getElementById(other + button.value) || document.getElementById("told-title"))?.focus();
  });

  // The two buttons that only look: the same, without leaving the page, so that chosen files stay chosen.
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[value=look], button[name=security]");
    if (!button) return;
    event.preventDefault();
    clearTimeout(timer);
    const done = await look(button.name === "security" ? { security: "1" } : {});
    if (done) competence.scrollIntoView({ block: "start", behavior: "smooth" });
    else form.requestSubmit(button);
  });
})();
